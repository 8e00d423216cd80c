#include "report/figures.hpp"

#include <algorithm>

#include "model/calendar.hpp"

namespace ruaudit::report {
namespace {

using model::AlignedResult;
using model::AuthOutcome;
using model::day_text;
using model::Disposition;
using model::seconds_per_day;

std::int64_t& disposition_of(Figures& figures, Disposition disposition) {
  switch (disposition) {
    case Disposition::none:
      return figures.none;
    case Disposition::quarantine:
      return figures.quarantined;
    case Disposition::reject:
      return figures.rejected;
    case Disposition::pass:
      return figures.disposition_pass;
    case Disposition::unknown:
      break;
  }
  return figures.disposition_unknown;
}

std::int64_t& part_of(FailureSplit& split, AuthOutcome outcome) {
  if (outcome == AuthOutcome::passed) return split.not_aligned;
  if (outcome == AuthOutcome::not_verified) return split.not_verified;
  return outcome == AuthOutcome::failed ? split.failed : split.absent;
}

void add_failure(Figures& figures, const model::ClassTotal& total) {
  const auto& of = total.of;
  part_of(figures.failing_dkim, of.dkim_auth) += total.messages;
  part_of(figures.failing_spf, of.spf_auth) += total.messages;
  const bool authenticated = of.dkim_auth == AuthOutcome::passed || of.spf_auth == AuthOutcome::passed;
  (authenticated ? figures.failing_authenticated : figures.failing_unauthenticated) += total.messages;
  if (of.overridden) figures.failing_overridden += total.messages;
}

}  // namespace

void add(Figures& figures, const model::ClassTotal& total) {
  const auto& of = total.of;
  const bool dkim = of.dkim == AlignedResult::pass;
  const bool spf = of.spf == AlignedResult::pass;
  figures.records += total.records;
  figures.messages += total.messages;
  if (dkim) figures.dkim_aligned += total.messages;
  if (spf) figures.spf_aligned += total.messages;
  if (dkim || spf) figures.passed += total.messages;
  disposition_of(figures, of.disposition) += total.messages;
  if (of.overridden) figures.overridden += total.messages;
  if (of.contradiction != 0) {
    figures.contradicting_records += total.records;
    figures.contradicting_messages += total.messages;
  }
  if (!dkim && !spf) add_failure(figures, total);
}

Figures figures_of(const model::DomainFacts& domain) {
  Figures figures;
  for (const auto& total : domain.totals) add(figures, total);
  return figures;
}

Figures figures_of(const model::SummaryFacts& facts) {
  Figures figures;
  for (const auto& domain : facts.domains)
    for (const auto& total : domain.totals) add(figures, total);
  return figures;
}

std::vector<std::string> days_without_reports(const model::DomainFacts& domain, const model::SummaryFacts& facts,
                                              const SummaryContext& context) {
  const auto number = [](const std::string& day) -> std::optional<std::int64_t> {
    const auto start = model::parse_day(day);
    return start ? std::optional(*start / seconds_per_day) : std::nullopt;
  };
  const auto first = number(context.period.first_day.empty() ? facts.first_day : context.period.first_day);
  auto last = number(context.period.last_day.empty() ? facts.last_day : context.period.last_day);
  std::vector<std::string> missing;
  if (!first || !last) return missing;
  last = std::min(*last, model::day_number(context.now) - 1);  // today's reports come tomorrow
  constexpr std::int64_t longest = 36'600;                     // a wild date must not make a list of centuries
  if (*last - *first > longest) return missing;
  for (auto day = *first; day <= *last; ++day) {
    auto text = day_text(day * seconds_per_day);
    if (!std::binary_search(domain.report_days.begin(), domain.report_days.end(), text))
      missing.push_back(std::move(text));
  }
  return missing;
}

std::vector<model::PolicyFacts> policy_changes(const std::vector<model::PolicyFacts>& seen) {
  std::vector<model::PolicyFacts> changes;
  for (const auto& policy : seen) {
    const auto known = std::find_if(changes.begin(), changes.end(), [&policy](const model::PolicyFacts& other) {
      // Absent sp means p, absent pct 100: reporters differ in writing the defaults out.
      return other.p == policy.p && (other.sp ? other.sp : other.p) == (policy.sp ? policy.sp : policy.p) &&
             other.pct.value_or(100) == policy.pct.value_or(100);
    });
    if (known == changes.end()) {
      changes.push_back(policy);
      continue;
    }
    if (policy.reports > known->reports) {  // the writing of the most reports stands for all
      const auto reports = known->reports;
      const auto first = known->first_day, last = known->last_day;
      *known = policy;
      known->reports += reports;
      known->first_day = std::min(first, policy.first_day);
      known->last_day = std::max(last, policy.last_day);
      continue;
    }
    known->reports += policy.reports;
    known->first_day = std::min(known->first_day, policy.first_day);
    known->last_day = std::max(known->last_day, policy.last_day);
  }
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
    return a.last_day != b.last_day ? a.last_day < b.last_day : a.reports < b.reports;
  });
  return changes;
}

}  // namespace ruaudit::report
