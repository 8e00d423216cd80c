// The acknowledging half of MailboxSync: what is done with mails whose data is on the disk.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include "jobs/mailbox/reused_ids.hpp"
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
      if (actions_until_close_.contains(message.ledger_key) || unproven_.contains(message.uid)) continue;
      const auto action = decide(message.outcome, rules_);
      (message.outcome == store::Outcome::rejected ? failed : done)[action.disposal].push_back(message);
    }
    for (const auto& [disposal, messages] : done)
      TRY_VOID(acknowledge_with_care(
          source, disposal == config::Disposal::nothing ? config::Disposition{} : rules_.done, messages));
    for (const auto& [disposal, messages] : failed)
      TRY_VOID(acknowledge_with_care(
          source, disposal == config::Disposal::nothing ? config::Disposition{} : rules_.failed, messages));
    if (is_to_be_closed(source)) {
      has_more_ = true;
      break;
    }
  }
  return {};
}

// One message may end the connection whenever it is named. Those that failed more than once are named one by one, so
// that it alone is counted.
model::Result<void> MailboxSync::acknowledge_with_care(MailSource& source, const config::Disposition& action,
                                                       std::span<const store::PendingMessage> messages) {
  constexpr std::int64_t attempts_before_isolation = 2;
  std::vector<store::PendingMessage> together, alone;
  for (const store::PendingMessage& message : messages)
    (message.attempts < attempts_before_isolation ? together : alone).push_back(message);
  if (!together.empty()) TRY_VOID(acknowledge(source, action, together));
  return alone.empty() ? model::Result<void>() : acknowledge_one_by_one(source, action, alone);
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

// What a long backlog has marked must not be lost at the end of the visit's time: the connection is ended before, and
// another one continues.
bool MailboxSync::is_to_be_closed(const MailSource& source) const {
  constexpr std::size_t most_actions = 2000;
  constexpr int parts_of_the_time = 4;
  if (source.actions_count() != ActionsCount::at_close || actions_until_close_.empty()) return false;
  const auto time = std::chrono::seconds(plan_.mailbox.visit_limit_seconds) / parts_of_the_time;
  return actions_until_close_.size() >= most_actions || std::chrono::steady_clock::now() - began_ >= time;
}

model::Result<void> MailboxSync::close(MailSource& source) {
  TRY_VOID(source.close());
  RUAUDIT_FAIL_POINT("mailbox.closed");
  if (actions_until_close_.empty()) return {};
  const std::vector<std::int64_t> done(actions_until_close_.begin(), actions_until_close_.end());
  TRY_VOID(in_turn([&] { return state_.set_acknowledgement(done, store::Acknowledgement::done); }));
  actions_until_close_.clear();
  return {};
}

// A connection that ended without an answer may have deleted: then its ids may be other mails' by now.
model::Result<bool> MailboxSync::has_lost_pending(std::span<const ListedMail> listed) {
  constexpr std::int64_t no_failed = std::numeric_limits<std::int64_t>::min();
  std::unordered_set<std::string_view> uids;
  for (const ListedMail& mail : listed) uids.insert(mail.uid);
  for (std::int64_t after = 0;;) {
    TRY(const auto page, state_.pending(folder_, after, no_failed, actions_per_command));
    if (page.empty()) return false;
    after = page.back().ledger_key;
    if (std::any_of(page.begin(), page.end(), [&](const auto& message) { return !uids.contains(message.uid); }))
      return true;
  }
}

// Messages that are known by their names, but may be other ones.
model::Result<std::vector<ListedMail>> MailboxSync::find_suspects(std::span<const ListedMail> listed) {
  std::vector<ListedAgain> known;
  for (const ListedMail& mail : listed) {
    TRY(const auto row, state_.find(folder_, mail.uid));
    if (row) known.push_back({mail, *row});
  }
  ListedAgainFacts facts{.has_estimated_sizes = has_estimated_sizes(plan_.mailbox),
                         .failed_before = plan_.reading.now - failed_action_rest_seconds};
  TRY(facts.has_lost_pending, has_lost_pending(listed));
  const auto suspects = to_fetch_again(known, facts);
  const auto deleted = std::count_if(known.begin(), known.end(), [](const ListedAgain& one) {
    return one.row.acknowledgement == store::Acknowledgement::done;
  });
  if (deleted > 0)
    note(NoteLevel::warning,
         fmt::format("{} listed again, of which the server had confirmed the deletion (a server may give one unique id "
                     "to two mails, or delete nothing: use IMAP or another server)",
                     model::counted(static_cast<std::size_t>(deleted), "message")));
  std::vector<ListedMail> mails;
  std::vector<std::int64_t> keys;
  for (const ListedAgain& one : suspects) {
    mails.push_back(one.mail);
    keys.push_back(one.row.ledger_key);
    unproven_.insert(one.mail.uid);
  }
  if (!mails.empty())
    note(NoteLevel::info, fmt::format("{} fetched again, in case the server gave their ids to other mails",
                                      model::counted(mails.size(), "message")));
  if (plan_.mode == VisitMode::take_in && !keys.empty()) TRY_VOID(in_turn([&] { return state_.begin_check(keys); }));
  return mails;
}

void MailboxSync::note_checked(const RoundResult& result) {
  const std::unordered_set<std::string_view> postponed(result.postponed.begin(), result.postponed.end());
  for (const std::string& uid : result.arrived)
    if (!postponed.contains(uid) && unproven_.erase(uid) > 0) ++counts_.checked;
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
