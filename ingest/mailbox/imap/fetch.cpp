// The reading half of ImapSession: which mails there are, and the mails.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>

#include "ingest/mailbox/imap/session_detail.hpp"
#include "ingest/mailbox/imap/uid_set.hpp"
#include "ingest/mailbox/server_text.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

using model::failure;
using model::Result;

constexpr std::uint32_t search_window = 5000;  // UIDs of one SEARCH answer: at most 55 KB
constexpr std::size_t facts_window = 500;

// The day of the time and one to spare, because servers compare local dates. // RFC 3501 section 6.4.4 "SINCE"
std::string since_text(std::int64_t since) {
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t day = 86'400;
  constexpr std::int64_t last = 253'402'300'799;  // 9999-12-31
  const auto number = std::clamp<std::int64_t>(since, day, last) / day - 1;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days(number)}};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%u-%s-%04d", static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
  return text.data();
}

std::string search_criteria(std::optional<std::int64_t> since, UidRange range) {
  std::string criteria;
  if (range.first > 1 || range.last != 0xffffffff)
    criteria += " UID " + std::to_string(range.first) + ":" +
                (range.last == 0xffffffff ? std::string("*") : std::to_string(range.last));
  if (since) criteria += " SINCE " + since_text(*since);
  return criteria;
}

void keep_once(std::vector<Uid>& uids) {
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
}

model::Error too_many_found(std::size_t number) {
  return {"mailbox-answer-malformed",
          "the server finds " + std::to_string(number) + " mails among " + std::to_string(search_window),
          "the server violates the protocol, or is not an IMAP server"};
}

// Collects the answers to pipelined fetches and tells the receiver which mail is whose.
class Collector {
 public:
  Collector(const std::vector<WantedMail>& asked, MailReceiver& receiver, ImapChannel& channel)
      : is_received_(asked.size(), false), receiver_(receiver), channel_(channel) {
    for (const auto& mail : asked) asked_.push_back(mail.number);
  }

  AnswerHandler handler() {
    return {.untagged = [this](const ImapResponse& response) { return take(response); },
            .body_begin = [this](std::uint64_t octets) { return begin(octets); },
            .body_chunk = [this](std::string_view octets) { return go_on(receiver_.chunk(octets)); }};
  }

  void abandon() {
    if (is_open_) receiver_.discard();
    is_open_ = false;
  }

  Result<void> discard_unasked() {
    abandon();
    return channel_.count_unasked(std::max<std::uint64_t>(open_octets_, 1024));
  }

  void list_outcome(FetchOutcome& outcome) const {
    for (std::size_t i = 0; i < asked_.size(); ++i)
      (is_received_[i] ? outcome.received : outcome.missing).push_back(asked_[i]);
  }

 private:
  static Result<void> go_on(Reception reception) {
    if (reception == Reception::go_on) return {};
    return failure("mailbox-stopped", "the receiver of the mails wants no more");
  }

  Result<void> begin(std::uint64_t octets) {
    if (is_open_) TRY_VOID(discard_unasked());
    is_open_ = true;
    open_octets_ = octets;
    return go_on(receiver_.begin(octets));
  }

  Result<void> take(const ImapResponse& response) {
    const auto* fetch = std::get_if<ImapFetch>(&response);
    if (fetch == nullptr) return {};
    if (fetch->body) {  // a quoted string instead of a literal
      TRY_VOID(begin(fetch->body->size()));
      TRY_VOID(go_on(receiver_.chunk(*fetch->body)));
    }
    if (!is_open_) return {};  // flags of some mail, unsolicited
    const auto place = place_of(fetch->uid);
    if (place == asked_.size() || is_received_[place]) return discard_unasked();
    is_open_ = false;
    is_received_[place] = true;
    return go_on(receiver_.end(asked_[place]));
  }

  [[nodiscard]] std::size_t place_of(std::optional<Uid> uid) const {
    const auto found = uid ? std::lower_bound(asked_.begin(), asked_.end(), *uid) : asked_.end();
    if (found == asked_.end() || *found != *uid) return asked_.size();
    return static_cast<std::size_t>(found - asked_.begin());
  }

  std::vector<Uid> asked_;
  std::vector<bool> is_received_;
  MailReceiver& receiver_;
  ImapChannel& channel_;
  std::uint64_t open_octets_ = 0;
  bool is_open_ = false;
};

struct Plan {
  std::vector<std::vector<Uid>> batches;
  std::vector<WantedMail> asked;
  std::vector<Uid> too_large;
};

Plan plan_batches(std::span<const WantedMail> wanted, const Endpoint& endpoint) {
  std::vector<WantedMail> sorted(wanted.begin(), wanted.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  Plan plan;
  std::uint64_t octets = 0;
  for (const auto& mail : sorted) {
    if (!plan.asked.empty() && plan.asked.back().number == mail.number) continue;
    if (mail.octets > endpoint.limits.mail_octets) {
      plan.too_large.push_back(mail.number);
      continue;
    }
    const bool is_full = !plan.batches.empty() && (plan.batches.back().size() >= endpoint.batch.mails ||
                                                   octets + mail.octets > endpoint.batch.octets);
    if (plan.batches.empty() || is_full) {
      plan.batches.emplace_back();
      octets = 0;
    }
    octets += mail.octets;
    plan.batches.back().push_back(mail.number);
    plan.asked.push_back(mail);
  }
  return plan;
}

struct Refusal {
  std::string words;
  bool is_temporary = false;
};

// Sends batches ahead of their answers; the first refusal.
Result<Refusal> run_batches(ImapChannel& channel, const Plan& plan, std::uint32_t in_flight,
                            const AnswerHandler& handler) {
  std::deque<std::string> tags;
  Refusal refusal;
  std::size_t next = 0;
  while (next < plan.batches.size() || !tags.empty()) {
    if (next < plan.batches.size() && tags.size() < std::max<std::uint32_t>(in_flight, 1)) {
      // PEEK: \Seen stays as it is. // RFC 3501 section 6.4.5
      TRY(auto tag, channel.send("UID FETCH " + uid_set_text(plan.batches[next++]) + " (UID BODY.PEEK[])"));
      tags.push_back(std::move(tag));
      continue;
    }
    TRY(const auto status, channel.finish(tags.front(), handler));
    tags.pop_front();
    if (status.condition != Condition::ok && refusal.words.empty())
      refusal = {refused("FETCH", status).message, is_temporary(status)};
  }
  return refusal;
}

}  // namespace

Result<std::vector<Uid>> ImapSession::search_uids(std::optional<std::int64_t> since, UidRange range) {
  std::vector<Uid> uids, found;
  const auto take = [&](const ImapResponse& response) -> Result<void> {
    const auto* search = std::get_if<ImapSearch>(&response);
    if (search == nullptr) return {};
    // "n:*" always names the last mail, even one below n.
    std::copy_if(search->numbers.begin(), search->numbers.end(), std::back_inserter(found),
                 [&](Uid uid) { return uid >= range.first && uid <= range.last && uid != 0; });
    if (found.size() > search_window) keep_once(found);
    if (found.size() > search_window) return failure(too_many_found(found.size()));
    return {};
  };
  if (const auto exists = state_->channel.exists(); exists > state_->channel.limits().mails)
    return failure("mailbox-too-many-mails",
                   "the server says that the folder holds " + std::to_string(exists) +
                       " mails, more than the limit of " + std::to_string(state_->channel.limits().mails),
                   "move old mails to another folder");
  const auto criteria = search_criteria(since, range);
  const AnswerHandler handler{.untagged = take, .body_begin = {}, .body_chunk = {}};
  for (auto last = state_->channel.exists(); last > 0;) {
    const auto first = last > search_window ? last - search_window + 1 : 1;
    TRY_VOID(
        state_->channel.run_ok("UID SEARCH " + std::to_string(first) + ":" + std::to_string(last) + criteria, handler));
    keep_once(found);
    uids.insert(uids.end(), found.begin(), found.end());
    found.clear();
    last = std::min(first - 1, state_->channel.exists());
  }
  keep_once(uids);
  if (const auto exists = state_->channel.exists(); uids.empty() && exists > 0 && criteria.empty())
    return failure("mailbox-folder-unclear",
                   "the server says that the folder holds " + std::to_string(exists) + " mails, but names none of them",
                   "the server breaks the protocol, or is no IMAP server");
  return uids;
}

namespace {

// What single answers say of a mail, put together: a server may send unsolicited flags between the facts.
void take_facts(const ImapFetch& fetch, std::map<Uid, MailFacts>& facts) {
  MailFacts& mail = facts[*fetch.uid];
  mail.uid = *fetch.uid;
  if (fetch.octets) mail.octets = *fetch.octets;
  if (!fetch.flags.empty()) mail.flags = fetch.flags;
  if (fetch.internal_date) mail.internal_date = fetch.internal_date;
}

}  // namespace

// NO after some of them: those that came count, the rest is the caller's to ask for one by one. RFC 2180 section 4.1.2
Result<FactsOutcome> ImapSession::fetch_facts(std::span<const Uid> uids) {
  std::vector<Uid> sorted(uids.begin(), uids.end());
  std::sort(sorted.begin(), sorted.end());
  std::map<Uid, MailFacts> facts;
  const auto take = [&](const ImapResponse& response) -> Result<void> {
    const auto* fetch = std::get_if<ImapFetch>(&response);
    if (fetch != nullptr && fetch->uid && std::binary_search(sorted.begin(), sorted.end(), *fetch->uid))
      take_facts(*fetch, facts);
    return {};
  };
  const AnswerHandler handler{.untagged = take, .body_begin = {}, .body_chunk = {}};
  FactsOutcome outcome;
  for (std::span<const Uid> rest(sorted); !rest.empty(); rest = rest.subspan(std::min(facts_window, rest.size()))) {
    const auto window = rest.first(std::min(facts_window, rest.size()));
    TRY(const auto status,
        state_->channel.run("UID FETCH " + uid_set_text(window) + " (UID RFC822.SIZE FLAGS INTERNALDATE)", handler));
    if (status.condition == Condition::ok) continue;
    outcome.refusal = refused("FETCH", status).message;
    outcome.is_refusal_temporary = is_temporary(status);
    for (const Uid uid : window)
      if (!facts.contains(uid)) outcome.refused.push_back(uid);
  }
  for (auto& [uid, mail] : facts) outcome.facts.push_back(std::move(mail));
  return outcome;
}

Result<FetchOutcome> ImapSession::fetch(std::span<const WantedMail> wanted, MailReceiver& receiver) {
  const auto plan = plan_batches(wanted, state_->endpoint);
  FetchOutcome outcome;
  outcome.too_large = plan.too_large;
  Collector collector(plan.asked, receiver, state_->channel);
  const auto refusal = run_batches(state_->channel, plan, state_->endpoint.batch.in_flight, collector.handler());
  collector.abandon();
  if (!refusal) return failure(refusal.error());
  outcome.refusal = refusal->words;
  collector.list_outcome(outcome);
  if (refusal->is_temporary) outcome.temporary = outcome.missing;
  return outcome;
}

}  // namespace ruaudit::ingest::mailbox
