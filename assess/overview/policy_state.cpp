#include "assess/overview/policy_state.hpp"

#include <algorithm>

#include "assess/findings/inherited_policy.hpp"
#include "assess/findings/situation.hpp"
#include "assess/overview/policy_record.hpp"
#include "model/calendar.hpp"
#include "verify/dmarc/intent.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::assess {
namespace {

using model::DnsRecordState;
using model::DnsRecordStatus;
using model::PolicyFacts;
using model::PolicyState;

std::optional<model::Policy> policy_of(const DnsRecordState& state) {
  if (state.status != DnsRecordStatus::ok) return std::nullopt;
  const auto record = verify::dmarc::parse_record(state.text, verify::dmarc::Rules::rfc9989);
  // RFC 9989 section 4.10.1: without a valid p the record counts as p=none where someone listens.
  return record.p ? record.p : record.is_usable() ? std::optional(model::Policy::none) : std::nullopt;
}

// t=y, or pct=0, which asks the same of receivers that know RFC 7489 only.
bool is_tested(const std::string& record) {
  return verify::dmarc::parse_record(record, verify::dmarc::Rules::rfc9989).is_testing ||
         tag_value(record, "pct") == "0";
}

void describe(PolicyState& policy, const DnsRecordState& state) {
  policy.record = state.text;
  policy.is_missing = state.status == DnsRecordStatus::none ||
                      (state.status == DnsRecordStatus::broken && !verify::dmarc::is_meant_as_record(state.text));
  const auto record = verify::dmarc::parse_record(state.text, verify::dmarc::Rules::rfc9989);
  policy.is_usable = state.status == DnsRecordStatus::ok && record.is_usable();
  policy.p = policy_of(state);
  if (!policy.is_usable) return;
  policy.sp = record.sp;
  policy.np = record.np;
  policy.adkim = record.adkim;
  policy.aspf = record.aspf;
  policy.is_testing = is_tested(state.text);
}

// Without a record of its own a name has that of another, sp before p, as a name that exists (np is not looked at). A
// name of the walk for which DNS never answered has no state: then it is not known which record applies.
void inherit(PolicyState& policy, const std::string& domain, const std::vector<DnsRecordState>& records) {
  const auto [is_known, found] = inherited_policy(domain, records);
  if (!is_known) policy = {.name = policy.name};
  if (found == nullptr) return;
  const auto record = verify::dmarc::parse_record(found->text, verify::dmarc::Rules::rfc9989);
  policy = {.name = policy.name, .inherited_from = found->name, .p = record.sp ? record.sp : policy_of(*found)};
  policy.adkim = record.adkim;
  policy.aspf = record.aspf;
  policy.is_testing = is_tested(found->text);
}

// p, and whether it is only tested: weeks of t=y are none in which it stood.
std::pair<std::optional<model::Policy>, bool> standing_of(const DnsRecordState& state) {
  const auto p = policy_of(state);
  return {p, p && is_tested(state.text)};
}

// The day that the newest run of states with this standing began; nothing where it is as old as the first look at DNS.
std::optional<std::int32_t> began_in_dns(const std::vector<const DnsRecordState*>& states) {
  auto first = states.size() - 1;
  const auto now = standing_of(*states.back());
  while (first > 0 && standing_of(*states[first - 1]) == now) --first;
  return first == 0 ? std::nullopt : std::optional(day_seen_at(states[first]->first_seen));
}

std::int32_t day_number_of(const std::string& day) {
  return static_cast<std::int32_t>(model::day_number(model::parse_day(day).value_or(0)));
}

// Reports of before RFC 9990 do not tell t, but pct.
std::optional<bool> is_tested(const PolicyFacts& seen) {
  if (seen.pct == 0) return true;
  return seen.testing;
}

// The day after the last on which more than a stray report saw another p, or this one with another t.
std::optional<std::int32_t> began_in_reports(const std::vector<PolicyFacts>& seen, model::Policy p, bool is_testing) {
  std::optional<std::int32_t> first;
  std::int32_t last_other = 0;
  for (const auto& policy : seen) {
    if (policy.p == p && is_tested(policy).value_or(is_testing) == is_testing)
      first = std::min(first.value_or(day_number_of(policy.first_day)), day_number_of(policy.first_day));
    else if (policy.reports > 1)
      last_other = std::max(last_other, day_number_of(policy.last_day) + 1);
  }
  return first            ? std::optional(std::max(*first, last_other))
         : last_other > 0 ? std::optional(last_other)
                          : std::nullopt;
}

// What the latest reports saw.
void describe(PolicyState& policy, const std::vector<PolicyFacts>& seen) {
  const auto latest = std::max_element(seen.begin(), seen.end(), [](const auto& a, const auto& b) {
    return a.last_day != b.last_day ? a.last_day < b.last_day : a.reports < b.reports;
  });
  if (latest == seen.end()) return;
  policy.p = latest->p;
  policy.sp = latest->sp;
  policy.np = latest->np;
  policy.adkim = latest->adkim;
  policy.aspf = latest->aspf;
  policy.is_testing = is_tested(*latest).value_or(false);
}

}  // namespace

PolicyState policy_state(const std::string& domain, const std::vector<DnsRecordState>& records,
                         const std::vector<PolicyFacts>& seen) {
  PolicyState policy{.name = "_dmarc." + domain};
  const auto states = dmarc_states(policy.name, records, false);
  if (states.empty())
    describe(policy, seen);
  else
    describe(policy, *states.back());
  if (policy.is_missing) inherit(policy, domain, records);
  if (!policy.inherited_from.empty() || (!policy.p && policy.is_usable)) return policy;
  if (!states.empty()) policy.since = began_in_dns(states);
  if (!policy.since && policy.p) policy.since = began_in_reports(seen, *policy.p, policy.is_testing);
  return policy;
}

}  // namespace ruaudit::assess
