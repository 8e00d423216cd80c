// The acknowledging half of MailboxSync: what is done with mails whose data is on the disk.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "jobs/mailbox/sync.hpp"
#include "model/counted.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t actions_per_command = 200;
// An action that was given up is tried again after a day: somebody may have fixed the cause.
constexpr std::int64_t failed_action_rest_seconds = 86'400;

}  // namespace

model::Result<void> MailboxSync::acknowledge_pending(MailSource& source) {
  const std::int64_t failed_before = plan_.reading.now - failed_action_rest_seconds;
  std::int64_t after = 0;
  while (!should_stop()) {
    TRY(const auto page, state_.pending(folder_, after, failed_before, actions_per_command));
    if (page.empty()) break;
    after = page.back().ledger_key;
    std::map<config::Disposal, std::vector<store::PendingMessage>> done, failed;
    for (const store::PendingMessage& message : page) {
      if (actions_until_close_.contains(message.ledger_key)) continue;
      const auto action = decide(message.outcome, rules_);
      (message.outcome == store::Outcome::rejected ? failed : done)[action.disposal].push_back(message);
    }
    for (const auto& [disposal, messages] : done)
      TRY_VOID(
          acknowledge(source, disposal == config::Disposal::nothing ? config::Disposition{} : rules_.done, messages));
    for (const auto& [disposal, messages] : failed)
      TRY_VOID(
          acknowledge(source, disposal == config::Disposal::nothing ? config::Disposition{} : rules_.failed, messages));
  }
  return {};
}

model::Result<void> MailboxSync::acknowledge(MailSource& source, const config::Disposition& action,
                                             std::span<const store::PendingMessage> messages) {
  std::vector<std::int64_t> keys;
  std::vector<std::string> uids;
  for (const store::PendingMessage& message : messages) {
    keys.push_back(message.ledger_key);
    uids.push_back(message.uid);
  }
  if (action.disposal == config::Disposal::nothing)
    return in_turn([&] { return state_.set_acknowledgement(keys, store::Acknowledgement::none); });
  RUAUDIT_FAIL_POINT("mailbox.acknowledge");
  const auto end = source.acknowledge(action, uids);
  RUAUDIT_FAIL_POINT("mailbox.acknowledged");
  if (!end) {
    if (is_connection_end(end.error())) return acknowledging_ended(keys, end.error());
    if (messages.size() > 1 && end.error().code == "mailbox-command-refused")
      return acknowledge_one_by_one(source, action, messages);
    counts_.unacknowledged += static_cast<std::int64_t>(keys.size());
    note(NoteLevel::warning, fmt::format("cannot {} {}: {}; it is tried again", model::to_text(action.disposal),
                                         model::counted(keys.size(), "message"), with_hint(end.error())));
    return in_turn(
        [&] { return state_.count_failed_acknowledgement(keys, plan_.mailbox.max_attempts, plan_.reading.now); });
  }
  note_what_is_left(*end, keys.size());
  counts_.acknowledged += static_cast<std::int64_t>(keys.size());
  if (source.actions_count() == ActionsCount::at_once)
    return in_turn([&] { return state_.set_acknowledgement(keys, store::Acknowledgement::done); });
  actions_until_close_.insert(keys.begin(), keys.end());
  return {};
}

// A connection that ends whenever these are to be acknowledged must not keep new mail from coming in: it counts as a
// refusal, unless it was us who ended it.
model::Result<void> MailboxSync::acknowledging_ended(std::span<const std::int64_t> keys, const model::Error& end) {
  if (end.code != "mailbox-stopped" && end.code != "mailbox-visit-limit")
    TRY_VOID(in_turn(
        [&] { return state_.count_failed_acknowledgement(keys, plan_.mailbox.max_attempts, plan_.reading.now); }));
  return model::failure(end);
}

// A server refuses many for the sake of one. Where it refuses one after the other, the rest waits as well; the next
// visit begins behind those that were refused at this one.
model::Result<void> MailboxSync::acknowledge_one_by_one(MailSource& source, const config::Disposition& action,
                                                        std::span<const store::PendingMessage> pending) {
  constexpr std::int64_t most_refused = 3;
  std::vector<store::PendingMessage> in_turns(pending.begin(), pending.end());
  const auto begin = in_turns.front().attempts * most_refused % static_cast<std::int64_t>(in_turns.size());
  std::rotate(in_turns.begin(), in_turns.begin() + begin, in_turns.end());
  std::span<const store::PendingMessage> messages(in_turns);
  const std::int64_t before = counts_.unacknowledged;
  for (; !messages.empty() && counts_.unacknowledged - before < most_refused; messages = messages.subspan(1))
    TRY_VOID(acknowledge(source, action, messages.first(1)));
  if (messages.empty()) return {};
  std::vector<std::int64_t> keys;
  for (const store::PendingMessage& message : messages) keys.push_back(message.ledger_key);
  counts_.unacknowledged += static_cast<std::int64_t>(keys.size());
  note(NoteLevel::warning, fmt::format("cannot {} {} more; it is tried again", model::to_text(action.disposal),
                                       model::counted(keys.size(), "message")));
  return in_turn(
      [&] { return state_.count_failed_acknowledgement(keys, plan_.mailbox.max_attempts, plan_.reading.now); });
}

void MailboxSync::note_what_is_left(ActionEnd end, std::size_t number) const {
  if (end == ActionEnd::left_marked)
    note(NoteLevel::warning, model::counted(number, "message") +
                                 " marked as deleted: this server lets nobody expunge single messages, so that is left "
                                 "to the owner of the folder");
  if (end == ActionEnd::left_copied)
    note(NoteLevel::warning, model::counted(number, "message") +
                                 " copied: this server lets nobody mark them as deleted, so that is left to the owner "
                                 "of the folder");
}

}  // namespace ruaudit::jobs
