#include "jobs/mailbox/imap_source.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "jobs/mailbox/acknowledgement.hpp"
#include "jobs/mailbox/mail_spool.hpp"

namespace ruaudit::jobs {
namespace {

using ingest::mailbox::Access;
using ingest::mailbox::MailFacts;
using ingest::mailbox::MoveMethod;
using ingest::mailbox::Uid;
using ingest::mailbox::WantedMail;

Uid number_of(std::string_view text) {
  Uid number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

template <class Texts>
std::vector<Uid> numbers_of(const Texts& texts, const auto& text_of) {
  std::vector<Uid> numbers;
  numbers.reserve(texts.size());
  for (const auto& one : texts) numbers.push_back(number_of(text_of(one)));
  return numbers;
}

const MailFacts* facts_of(const std::vector<MailFacts>& facts, Uid uid) {
  const auto found = std::lower_bound(facts.begin(), facts.end(), uid,
                                      [](const MailFacts& one, Uid wanted) { return one.uid < wanted; });
  return found != facts.end() && found->uid == uid ? &*found : nullptr;
}

bool is_pattern(std::string_view name) { return name.find_first_of("*%") != std::string_view::npos; }

ActionEnd end_of(MoveMethod method) {
  if (method == MoveMethod::delete_left) return ActionEnd::left_copied;
  return method == MoveMethod::expunge_left ? ActionEnd::left_marked : ActionEnd::complete;
}

// Adds mails that are asked for one by one and refused. A server that puts off one after the other by its own word (so
// many octets a day, say) is not asked for the rest.
class Refusals {
 public:
  explicit Refusals(NotArrived& rest) : rest_(rest) {}
  // Whether this one is not asked for any more.
  bool puts_off(Uid uid) {
    if (put_off_ < most_put_off) return false;
    rest_.put_off.push_back(std::to_string(uid));
    return true;
  }
  void came() { put_off_ = 0; }
  void add(Uid uid, bool is_temporary) {
    put_off_ = is_temporary ? put_off_ + 1 : 0;
    rest_.refused.push_back(std::to_string(uid));
    if (is_temporary) rest_.temporary.push_back(rest_.refused.back());
  }

 private:
  static constexpr int most_put_off = 10;
  NotArrived& rest_;
  int put_off_ = 0;  // one after the other
};

}  // namespace

// One position to go back to is enough for '*'; '%' never reaches beyond a separator, so it needs its own.
bool matches_folder_pattern(std::string_view name, std::string_view pattern, char separator) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t at = 0, in = 0;
  struct {
    std::size_t pattern = std::string_view::npos, name = 0;
  } star, level;
  while (at < name.size()) {
    if (in < pattern.size() && (pattern[in] == '*' || pattern[in] == '%')) {
      auto& mark = pattern[in] == '*' ? star : level;
      if (pattern[in] == '*') level.pattern = none;
      mark.pattern = ++in;
      mark.name = at;
    } else if (in < pattern.size() && pattern[in] == name[at]) {
      ++in, ++at;
    } else if (level.pattern != none && name[level.name] != separator) {
      at = ++level.name;
      in = level.pattern;
    } else if (star.pattern != none) {
      level.pattern = none;
      at = ++star.name;
      in = star.pattern;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && (pattern[in] == '*' || pattern[in] == '%')) ++in;
  return in == pattern.size();
}

// Where mails are moved to is not read: what was moved there would come in again under a new name. A pattern that the
// server refuses to look up keeps no other name from being read.
model::Result<std::vector<std::string>> ImapSource::folders() {
  std::vector<std::string> found;
  folders_error_.reset();
  for (const std::string& wanted : mailbox_.folders) {
    if (!is_pattern(wanted)) {
      found.push_back(wanted);
      continue;
    }
    const auto entries = session_.list(wanted);
    if (!entries) {
      if (is_connection_end(entries.error())) return model::failure(entries.error());
      if (!folders_error_) folders_error_ = entries.error().in(wanted);
      continue;
    }
    for (const auto& entry : *entries)
      if (entry.selectable()) found.push_back(entry.name);
  }
  std::erase_if(found, [&](const std::string& name) { return is_excluded(session_.server_name(name)); });
  std::vector<std::string> once, names;
  for (std::string& name : found) {
    std::string full = session_.server_name(name);
    if (std::find(names.begin(), names.end(), full) != names.end()) continue;
    names.push_back(std::move(full));
    once.push_back(std::move(name));
  }
  return once;
}

bool ImapSource::is_excluded(const std::string& name) const {
  for (const auto* action : {&mailbox_.done, &mailbox_.failed})
    if (action->disposal == config::Disposal::move && name == session_.server_name(action->target)) return true;
  const auto& patterns = mailbox_.folders_except;
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return matches_folder_pattern(name, session_.server_name(pattern), session_.separator());
  });
}

model::Result<store::MailboxFolder> ImapSource::open(const std::string& folder) {
  const AcknowledgementRules rules{.done = mailbox_.done, .failed = mailbox_.failed};
  TRY(const auto state, session_.select(folder, rules.are_active() ? Access::read_write : Access::read_only));
  is_read_only_ = state.read_only;
  return store::MailboxFolder{.mailbox = {}, .folder = folder, .uidvalidity = state.uid_validity};
}

model::Result<std::vector<ListedMail>> ImapSource::list(std::optional<std::int64_t> since) {
  TRY(const auto uids, session_.search_uids(since));
  std::vector<ListedMail> listed;
  listed.reserve(uids.size());
  for (const Uid uid : uids) listed.push_back({.uid = std::to_string(uid), .octets = 0});
  return listed;
}

// Where the server breaks off in the middle of its description, mails are asked for one by one.
model::Result<std::vector<MailFacts>> ImapSource::describe(std::span<const ListedMail> mails, NotArrived& rest) {
  const auto uids = numbers_of(mails, [](const ListedMail& m) { return std::string_view(m.uid); });
  TRY(auto all, session_.fetch_facts(uids));
  Refusals refusals(rest);
  for (const Uid uid : all.refused) {
    if (refusals.puts_off(uid)) continue;
    TRY(auto one, session_.fetch_facts(std::span(&uid, 1)));
    all.facts.insert(all.facts.end(), one.facts.begin(), one.facts.end());
    if (one.refused.empty()) {
      refusals.came();
      continue;
    }
    refusals.add(uid, one.is_refusal_temporary);
    rest.refusal = one.refusal;
  }
  std::sort(all.facts.begin(), all.facts.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
  return std::move(all.facts);
}

model::Result<NotArrived> ImapSource::fetch(std::span<const ListedMail> mails, const MailSink& sink) {
  NotArrived rest;
  TRY(const auto facts, describe(mails, rest));
  std::vector<WantedMail> wanted;
  std::unordered_set<Uid> taken_short;
  std::unordered_set<std::string> refused(rest.refused.begin(), rest.refused.end());
  refused.insert(rest.put_off.begin(), rest.put_off.end());
  for (const ListedMail& mail : mails) {
    const MailFacts* known = facts_of(facts, number_of(mail.uid));
    if (mail.is_taken_short) taken_short.insert(number_of(mail.uid));
    // One that the server says nothing of is asked for all the same: it may be there.
    if (!refused.contains(mail.uid))
      wanted.push_back({.number = number_of(mail.uid), .octets = known == nullptr ? 0 : known->octets});
  }
  MailSpool spool(sink, [&](Uid uid) {
    const MailFacts* known = facts_of(facts, uid);
    MailName name{.uid = std::to_string(uid),
                  .is_estimate = has_estimated_sizes(mailbox_),
                  .is_last_attempt = taken_short.contains(uid)};
    if (known == nullptr) return name;
    name.received = known->internal_date.value_or(0);
    name.octets = known->octets;
    return name;
  });
  auto outcome = session_.fetch(wanted, spool);
  if (spool.stopped()) return model::failure(*spool.stopped());
  if (!outcome) return model::failure(std::move(outcome).error());
  if (rest.refusal.empty()) rest.refusal = outcome->refusal;
  for (const Uid uid : outcome->too_large)
    if (!sink({.uid = std::to_string(uid), .received = 0, .octets = model::failure(too_large_error())})) return rest;
  TRY_VOID(ask_one_by_one(outcome->missing, spool, rest));
  spool.list_unusable(rest);
  return rest;
}

model::Result<void> ImapSource::ask_one_by_one(std::span<const std::uint32_t> missing, MailSpool& spool,
                                               NotArrived& rest) {
  std::vector<Uid> silent;
  Refusals refusals(rest);
  for (const Uid uid : missing) {
    if (refusals.puts_off(uid)) continue;
    TRY(const auto described, session_.fetch_facts(std::span(&uid, 1)));
    if (described.facts.empty()) {
      if (described.refused.empty())
        silent.push_back(uid);
      else
        refusals.add(uid, described.is_refusal_temporary);
      continue;
    }
    const WantedMail again{.number = uid, .octets = described.facts.front().octets};
    auto outcome = session_.fetch(std::span(&again, 1), spool);
    if (spool.stopped()) return model::failure(*spool.stopped());
    if (!outcome) return model::failure(std::move(outcome).error());
    if (!outcome->received.empty()) {
      refusals.came();
      continue;
    }
    refusals.add(uid, !outcome->temporary.empty());
    rest.refusal = outcome->refusal;
  }
  return part_silent(silent, rest);
}

// Gone is what the server does not list any more. What it lists without giving it must not be lost without a word.
model::Result<void> ImapSource::part_silent(std::span<const Uid> silent, NotArrived& rest) {
  if (silent.empty()) return {};
  TRY(const auto listed, session_.search_uids({}, {.first = silent.front(), .last = silent.back()}));
  for (const Uid uid : silent) {
    const bool is_listed = std::binary_search(listed.begin(), listed.end(), uid);
    (is_listed ? rest.refused : rest.gone).push_back(std::to_string(uid));
  }
  return {};
}

model::Result<ActionEnd> ImapSource::acknowledge(const config::Disposition& action, std::span<const std::string> uids) {
  if (is_read_only_)
    return model::failure("mailbox-read-only", "the server opened the folder read-only",
                          "give this user the right to change the folder, or set done and failed to nothing");
  const auto numbers = numbers_of(uids, [](const std::string& text) { return std::string_view(text); });
  switch (action.disposal) {
    case config::Disposal::move:
      return move(numbers, action.target);
    case config::Disposal::remove: {
      TRY(const auto outcome, session_.remove(numbers));
      return end_of(outcome.method);
    }
    case config::Disposal::flag: {
      TRY_VOID(session_.store_flags(numbers, ingest::mailbox::FlagChange::add, action.target));
      return ActionEnd::complete;
    }
    case config::Disposal::nothing:
      break;
  }
  return ActionEnd::complete;
}

model::Result<ActionEnd> ImapSource::move(std::span<const Uid> uids, const std::string& target) {
  auto outcome = session_.move(uids, target);
  if (!outcome && outcome.error().code == "mailbox-folder-missing") {
    TRY_VOID(session_.create(target));
    outcome = session_.move(uids, target);
  }
  if (!outcome) return model::failure(std::move(outcome).error());
  return end_of(outcome->method);
}

// Everything has been said and done: how the server answers the log-out changes nothing, and many just hang up.
model::Result<void> ImapSource::close() {
  static_cast<void>(session_.logout().has_value());
  return {};
}

// RFC 2177: a server may log an idle client off after 30 minutes; 28 leave room for a slow line.
model::Result<WaitEnd> ImapSource::wait(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds longest = std::chrono::minutes(28);
  if (!mailbox_.idle) return model::failure("mailbox-no-idle", "IDLE is switched off for this mailbox");
  TRY(const auto end, session_.idle(std::min(patience, longest), stop_.descriptor));
  switch (end) {
    case ingest::mailbox::IdleEnd::changed:
      return WaitEnd::changed;
    case ingest::mailbox::IdleEnd::woken:
      return WaitEnd::stopped;
    case ingest::mailbox::IdleEnd::deadline:
      break;
  }
  return WaitEnd::deadline;
}

}  // namespace ruaudit::jobs
