#include "jobs/mailbox/pop3_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/mailbox/mail_spool.hpp"

namespace ruaudit::jobs {

using ingest::mailbox::WantedMail;

// What is pending from before is acknowledged before anything is listed: numbers are needed for that, too.
model::Result<void> Pop3Source::know_numbers() {
  if (is_listed_) return {};
  TRY(auto listed, session_.list());
  nameless_ = std::move(listed.nameless);
  std::unordered_map<std::string, int> seen;
  for (auto& mail : listed.mails) {
    // Mails alike may share one unique id (RFC 1939 section 7). No unique id holds a blank.
    const int copy = ++seen[mail.unique_id];
    if (copy > 1) mail.unique_id += " " + std::to_string(copy);
    std::string name = mail.unique_id;
    mails_.emplace(std::move(name), std::move(mail));
  }
  is_listed_ = true;
  return {};
}

model::Result<store::MailboxFolder> Pop3Source::open(const std::string& folder) {
  TRY_VOID(know_numbers());
  return store::MailboxFolder{.mailbox = {}, .folder = folder, .uidvalidity = 0};
}

model::Result<std::vector<ListedMail>> Pop3Source::list(std::optional<std::int64_t> /*since*/) {
  std::vector<const ingest::mailbox::Pop3Mail*> in_order;
  for (const auto& [name, mail] : mails_) in_order.push_back(&mail);
  std::sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) { return a->number < b->number; });
  std::vector<ListedMail> listed;
  listed.reserve(in_order.size());
  for (const auto* mail : in_order)
    listed.push_back({.uid = mail->unique_id,
                      .octets = mail->octets,
                      .is_named_by_number = mail->unique_id == std::to_string(mail->number)});
  return listed;
}

model::Result<NotArrived> Pop3Source::fetch(std::span<const ListedMail> mails, const MailSink& sink) {
  std::map<std::uint32_t, MailName> names;
  std::vector<WantedMail> wanted;
  NotArrived rest;
  for (const ListedMail& mail : mails) {
    const auto known = mails_.find(mail.uid);
    if (known == mails_.end()) {
      rest.gone.push_back(mail.uid);
      continue;
    }
    names.emplace(known->second.number, MailName{.uid = mail.uid,
                                                 .octets = known->second.octets,
                                                 .is_estimate = has_estimated_sizes_,
                                                 .is_last_attempt = mail.is_taken_short});
    wanted.push_back({.number = known->second.number, .octets = known->second.octets});
  }
  MailSpool spool(sink, [&names](std::uint32_t number) {
    const auto found = names.find(number);
    return found == names.end() ? MailName{} : found->second;
  });
  auto outcome = session_.fetch(wanted, spool);
  if (spool.stopped()) return model::failure(*spool.stopped());
  if (!outcome) return model::failure(std::move(outcome).error());
  rest.refusal = outcome->refusal;
  for (const std::uint32_t number : outcome->missing) rest.refused.push_back(names[number].uid);
  for (const std::uint32_t number : outcome->temporary) rest.temporary.push_back(names[number].uid);
  for (const std::uint32_t number : outcome->too_large)
    if (!sink({.uid = names[number].uid, .received = 0, .octets = model::failure(too_large_error())})) break;
  spool.list_unusable(rest);
  return rest;
}

std::string Pop3Source::list_remark() const {
  if (nameless_.empty()) return {};
  return fmt::format("{} message{} without a unique id cannot be taken in; the first is number {}", nameless_.size(),
                     nameless_.size() == 1 ? "" : "s", nameless_.front());
}

model::Result<ActionEnd> Pop3Source::acknowledge(const config::Disposition& action, std::span<const std::string> uids) {
  if (action.disposal != config::Disposal::remove)
    return model::failure("mailbox-action", "POP3 can delete a mail but neither move nor flag it",
                          "set done to nothing or delete for this mailbox");
  for (const std::string& uid : uids) {
    const auto known = mails_.find(uid);
    if (known == mails_.end() || marked_.contains(known->second.number)) continue;
    TRY_VOID(session_.mark_deleted(known->second.number));
    marked_.insert(known->second.number);
  }
  return ActionEnd::complete;
}

model::Result<void> Pop3Source::close() {
  auto done = session_.quit();
  return marked_.empty() ? model::Result<void>() : done;
}

model::Result<WaitEnd> Pop3Source::wait(std::chrono::milliseconds /*patience*/) {
  return model::failure("mailbox-no-idle", "POP3 has no notifications");
}

}  // namespace ruaudit::jobs
