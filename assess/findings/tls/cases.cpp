// Gathers failures into cases: which stretch of days is not over, who has it and who has not.
#include "assess/findings/tls/cases.hpp"

#include <algorithm>
#include <optional>

#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess::tls {
namespace {

constexpr int longest_pause = 3;  // days without failure inside a stretch
constexpr int still_open = 7;     // days after the last failure, where nobody has said that it is over
constexpr int history = 60;
constexpr std::size_t most_words = 1000;

bool is_about_sts(const std::string& type) { return type.starts_with("sts-"); }

// Would a session under this kind of policy have failed too? Without a policy nobody looks at the certificate
// (RFC 7435: opportunistic); STARTTLS is missed by all.
bool is_comparable(const std::string& result, model::TlsPolicyType policy) {
  using enum model::TlsPolicyType;
  if (result == "starttls-not-supported") return true;
  if (is_about_sts(result)) return policy == sts;
  if (is_about_dane(result)) return policy == tlsa;
  return policy != no_policy_found;
}

// Sums of what strangers claim stay numbers.
void add(std::int64_t& sum, std::int64_t more) {
  constexpr std::int64_t most = 9'000'000'000'000'000;
  sum = std::min(most, sum + std::clamp<std::int64_t>(more, 0, most));
}

// A success that is less sure than the failure does not end it.
int rank_of(model::ReportTrust trust) {
  if (trust == model::ReportTrust::authenticated) return 2;
  return trust == model::ReportTrust::unauthenticated ? 0 : 1;
}

std::string known_type(const std::string& type) {
  return model::parse_enum<model::TlsResultType>(type) ? type : std::string(unknown_type);
}

class Gatherer {
 public:
  Gatherer(const Situation& situation, const Belief& belief)
      : facts_(*situation.tls), belief_(belief), today_(judged_day(situation)) {}

  std::vector<Case> cases() {
    std::map<std::pair<std::uint32_t, std::string>, Failures> groups;
    for (const auto& failure : facts_.failures) {
      if (!is_judged(failure) || failure.sessions <= 0) continue;
      groups[{failure.domain, known_type(failure.result_type)}].push_back(&failure);
      note_failure(failure.domain, failure.reporter, failure.day);
    }
    for (const auto& day : facts_.days) {
      if (!is_judged(day)) continue;
      days_[day.domain].push_back(&day);
      if (day.failed > 0) note_failure(day.domain, day.reporter, day.day);
    }
    std::vector<Case> cases;
    for (const auto& [key, failures] : groups)
      if (auto found = gather(key.first, key.second, failures)) cases.push_back(std::move(*found));
    return cases;
  }

 private:
  using Failures = std::vector<const model::TlsFailureDay*>;
  using ByDay = std::map<std::pair<std::uint32_t, Day>, std::int64_t>;  // sessions by reporter and day
  // What a reporter tells of one day: failed sessions under policies that the failure can come from, with and without
  // the number of successes, and without it under other policies.
  struct FailedOfDay {
    std::int64_t told = 0, untold = 0, untold_elsewhere = 0;
  };
  // The last failure of a reporter that has not been followed by a success yet.
  struct Open {
    Day last = 0;
    int rank = 0;
  };
  using OpenOf = std::map<std::uint32_t, Open>;

  template <class OfDay>
  [[nodiscard]] bool is_judged(const OfDay& of) const {
    return belief_.takes(of.trust) && of.day <= today_ && of.day > today_ - history;
  }

  void note_failure(std::uint32_t domain, std::uint32_t reporter, Day day) {
    failing_days_[{domain, reporter}].insert(day);
  }

  [[nodiscard]] bool has_failed(std::uint32_t domain, std::uint32_t reporter, Day first, Day last) const {
    const auto at = failing_days_.find({domain, reporter});
    if (at == failing_days_.end()) return false;
    const auto day = at->second.lower_bound(first);
    return day != at->second.end() && *day <= last;
  }

  [[nodiscard]] std::optional<Case> gather(std::uint32_t domain, const std::string& type,
                                           const Failures& failures) const {
    std::set<Day> days;
    for (const auto* failure : failures) days.insert(failure->day);
    Case found;
    found.domain = domain;
    found.result_type = type;
    found.last = *days.rbegin();
    found.first = found.last;
    for (auto day = days.rbegin(); day != days.rend() && found.first - *day <= longest_pause + 1; ++day)
      found.first = *day;
    OpenOf open;
    ByDay own;
    for (const auto* failure : failures) {
      if (failure->day < found.first) continue;
      Open& one = open[failure->reporter];
      one.last = std::max(one.last, failure->day);
      one.rank = std::max(one.rank, rank_of(failure->trust));
      add_failure(found, *failure);
      add(own[{failure->reporter, failure->day}], failure->sessions);
    }
    int rank = 0;
    for (const auto& [reporter, one] : open) rank = std::max(rank, one.rank);
    ByDay sure;
    for (const auto* failure : failures)
      if (failure->day >= found.first && rank_of(failure->trust) >= rank)
        add(sure[{failure->reporter, failure->day}], failure->sessions);
    if (today_ - found.last > still_open || is_over(domain, type, std::move(open))) return std::nullopt;
    found.days = static_cast<int>(std::distance(days.lower_bound(found.first), days.end()));
    add_alone(found, own, sure);
    add_totals(found, days, rank);
    add_otherwise(found);
    return found;
  }

  static void add_failure(Case& found, const model::TlsFailureDay& failure) {
    add(found.failed, failure.sessions);
    add(found.reporters[failure.reporter], failure.sessions);
    add(found.hosts[failure.mx_host], failure.sessions);
    if (failure.trust != model::ReportTrust::authenticated) add(found.unproven, failure.sessions);
    if (found.result_type == unknown_type && !failure.result_type.empty() && found.words.size() < most_words)
      found.words.insert(failure.result_type);
  }

  // Everybody who had it has had a later day without it.
  [[nodiscard]] bool is_over(std::uint32_t domain, const std::string& type, OpenOf open) const {
    const auto at = days_.find(domain);
    if (at == days_.end()) return false;
    for (const auto* day : at->second) {
      const auto one = open.find(day->reporter);
      if (one == open.end() || day->day <= one->second.last || day->successful <= 0) continue;
      if (rank_of(day->trust) >= one->second.rank && is_comparable(type, day->type)) open.erase(one);
    }
    return open.empty();
  }

  // Failures do not say under which policy of their day they are. Those of other types count for nothing here. `sure`:
  // those of the surest reports.
  void add_alone(Case& found, const ByDay& own, const ByDay& sure) const {
    const auto at = days_.find(found.domain);
    if (at == days_.end()) return;
    ByDay told = sure;  // with the number of successes
    std::map<ByDay::key_type, FailedOfDay> days;
    for (const auto* day : at->second) {
      const ByDay::key_type key(day->reporter, day->day);
      if (!own.contains(key)) continue;
      const bool fits = is_comparable(found.result_type, day->type);
      if (!day->tells_successes)
        add(fits ? days[key].untold : days[key].untold_elsewhere, day->failed);
      else if (fits)
        add(days[key].told, day->failed);
    }
    for (const auto& [key, of_day] : days) {
      const auto failed = own.at(key);
      const auto untold = std::min(failed, of_day.untold);
      const auto rest = std::max<std::int64_t>(0, failed - untold - of_day.told);
      const auto alone = untold + std::min(rest, of_day.untold_elsewhere);
      add(found.alone, alone);
      if (const auto one = told.find(key); one != told.end())
        one->second = std::max<std::int64_t>(0, one->second - alone);
      if (alone > 0) found.alone_days.insert(key.second);
    }
    found.alone = std::min(found.alone, found.failed);
    for (const auto& [key, sessions] : told) add(found.sure_failed, sessions);
  }

  void add_otherwise(Case& found) const {
    for (auto at = failing_days_.lower_bound({found.domain, 0});
         at != failing_days_.end() && at->first.first == found.domain; ++at) {
      const auto reporter = at->first.second;
      if (!found.reporters.contains(reporter) && has_failed(found.domain, reporter, found.first, found.last))
        found.otherwise.insert(reporter);
    }
  }

  // `rank`: of the surest report of a failure.
  void add_totals(Case& found, const std::set<Day>& days, int rank) const {
    const auto at = days_.find(found.domain);
    if (at == days_.end()) return;
    std::int64_t of_those = 0;  // sessions of those who had it, under any policy
    for (const auto* day : at->second) {
      if (day->day < found.first || day->day > found.last) continue;
      const bool has_it = found.reporters.contains(day->reporter), is_its_day = days.contains(day->day);
      if (is_its_day && !day->tells_successes) continue;
      if (has_it && is_its_day) add_sessions(of_those, *day);
      if (!is_comparable(found.result_type, day->type)) continue;
      if (is_its_day) add_sessions(found.total, *day);
      if (is_its_day && rank_of(day->trust) >= rank) add_sessions(found.sure_total, *day);
      if (day->successful > 0 && !has_failed(found.domain, day->reporter, found.first, found.last))
        add_other(found, *day);
    }
    const auto told = found.failed - found.alone;
    if (found.total < told) found.total = std::max(told, of_those);
    found.sure_total = std::max(found.sure_total, found.sure_failed);
  }

  static void add_sessions(std::int64_t& sum, const model::TlsDay& day) {
    add(sum, day.successful);
    add(sum, day.failed);
  }

  static void add_other(Case& found, const model::TlsDay& day) {
    add(found.others[day.reporter], day.successful);
    if (day.trust == model::ReportTrust::authenticated) add(found.proven_others[day.reporter], day.successful);
  }

  const model::TlsFacts& facts_;
  const Belief& belief_;
  Day today_;
  std::map<std::uint32_t, std::vector<const model::TlsDay*>> days_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<Day>> failing_days_;  // by domain and reporter
};

}  // namespace

bool is_about_dane(const std::string& result_type) {
  return result_type == "tlsa-invalid" || result_type == "dnssec-invalid" || result_type == "dane-required";
}

std::vector<Case> open_cases(const Situation& situation, const Belief& belief) {
  return Gatherer(situation, belief).cases();
}

}  // namespace ruaudit::assess::tls
