// Gathers failures into cases: which stretch of days is not over, who has it and who has not.
#include "assess/findings/tls/cases.hpp"

#include <algorithm>

#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess::tls {
namespace {

constexpr int longest_pause = 3;  // days without failure inside a stretch
constexpr int still_open = 7;     // days after the last failure, where nobody has said that it is over
constexpr int history = 60;

bool is_about_sts(const std::string& type) { return type.starts_with("sts-"); }
bool is_about_dane(const std::string& type) {
  return type == "tlsa-invalid" || type == "dnssec-invalid" || type == "dane-required";
}

// Would a session under this kind of policy have failed too? Without a policy nobody looks at the certificate
// (RFC 7435: opportunistic); STARTTLS is missed by all.
bool is_comparable(const std::string& result, model::TlsPolicyType policy) {
  using enum model::TlsPolicyType;
  if (result == "starttls-not-supported") return true;
  if (is_about_sts(result)) return policy == sts;
  if (is_about_dane(result)) return policy == tlsa;
  return policy != no_policy_found;
}

struct Sessions {
  std::int64_t successful = 0, failed = 0;
};
using ByDay = std::map<Day, std::int64_t>;

class Gatherer {
 public:
  Gatherer(const Situation& situation, const Belief& belief)
      : facts_(*situation.tls), belief_(belief), today_(judged_day(situation)) {}

  std::vector<Case> cases() {
    std::map<std::pair<std::uint32_t, std::string>, std::vector<const model::TlsFailureDay*>> groups;
    for (const auto& failure : facts_.failures)
      if (belief_.takes(failure.trust) && failure.day <= today_ && failure.day > today_ - history &&
          failure.sessions > 0)
        groups[{failure.domain, failure.result_type}].push_back(&failure);
    for (const auto& day : facts_.days)
      if (belief_.takes(day.trust) && day.day <= today_ && day.day > today_ - history)
        days_[day.domain].push_back(&day);
    std::vector<Case> cases;
    for (const auto& [key, failures] : groups)
      if (auto found = gather(key.first, key.second, failures)) cases.push_back(std::move(*found));
    return cases;
  }

 private:
  using Failures = std::vector<const model::TlsFailureDay*>;

  [[nodiscard]] std::optional<Case> gather(std::uint32_t domain, const std::string& type,
                                           const Failures& failures) const {
    std::map<std::uint32_t, Day> last_of;
    std::set<Day> days;
    for (const auto* failure : failures) {
      days.insert(failure->day);
      last_of[failure->reporter] = std::max(last_of[failure->reporter], failure->day);
    }
    Case found;
    found.domain = domain;
    found.result_type = type;
    found.last = *days.rbegin();
    found.first = found.last;
    for (auto day = days.rbegin(); day != days.rend() && found.first - *day <= longest_pause + 1; ++day)
      found.first = *day;
    if (today_ - found.last > still_open || is_over(domain, type, last_of, found.first)) return std::nullopt;
    found.days = static_cast<int>(std::distance(days.lower_bound(found.first), days.end()));
    for (const auto* failure : failures) {
      if (failure->day < found.first) continue;
      found.failed += failure->sessions;
      found.reporters[failure->reporter] += failure->sessions;
      found.hosts[failure->mx_host] += failure->sessions;
    }
    add_totals(found, days);
    return found;
  }

  // Everybody who had it has had a later day without it.
  [[nodiscard]] bool is_over(std::uint32_t domain, const std::string& type, const std::map<std::uint32_t, Day>& last_of,
                             Day first) const {
    return std::all_of(last_of.begin(), last_of.end(), [&](const auto& one) {
      const auto [reporter, last] = one;
      if (last < first) return true;
      const auto at = days_.find(domain);
      return at != days_.end() && std::any_of(at->second.begin(), at->second.end(), [&](const model::TlsDay* day) {
               return day->reporter == reporter && day->day > last && day->successful > 0 &&
                      is_comparable(type, day->type);
             });
    });
  }

  void add_totals(Case& found, const std::set<Day>& days) const {
    const auto at = days_.find(found.domain);
    if (at == days_.end()) return;
    std::int64_t of_those = 0;  // sessions of those who had it, under any policy
    for (const auto* day : at->second) {
      if (day->day < found.first || day->day > found.last) continue;
      const bool has_it = found.reporters.contains(day->reporter);
      if (has_it && days.contains(day->day)) of_those += day->successful + day->failed;
      if (!is_comparable(found.result_type, day->type)) continue;
      if (days.contains(day->day)) found.total += day->successful + day->failed;
      if (!has_it && day->successful > 0) found.others[day->reporter] += day->successful;
    }
    if (found.total < found.failed) found.total = std::max(found.failed, of_those);
  }

  const model::TlsFacts& facts_;
  const Belief& belief_;
  Day today_;
  std::map<std::uint32_t, std::vector<const model::TlsDay*>> days_;
};

}  // namespace

std::vector<Case> open_cases(const Situation& situation, const Belief& belief) {
  return Gatherer(situation, belief).cases();
}

}  // namespace ruaudit::assess::tls
