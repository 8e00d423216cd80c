#include "assess/overview/overview.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "assess/domain_text.hpp"
#include "assess/findings/coverage.hpp"
#include "assess/findings/intake.hpp"
#include "assess/overview/mail_sums.hpp"
#include "assess/overview/policy_gate.hpp"
#include "assess/overview/policy_state.hpp"
#include "assess/overview/receivers.hpp"
#include "assess/overview/trust.hpp"
#include "model/ascii.hpp"
#include "model/unicode_domain.hpp"

namespace ruaudit::assess {
namespace {

using model::DomainOverview;

struct ReportSums {  // of one policy domain
  std::int64_t in_period = 0, conflicts = 0;
  std::set<std::uint32_t> reporters, basis_reporters;
  std::optional<Day> first, last, last_closed;
  std::int64_t basis_reports = 0, basis_disbelieved = 0;
};

std::map<std::string, ReportSums> sum_reports(const Situation& situation, const OverviewRequest& request, Day first,
                                              Day last) {
  const Day judged = judged_day(situation);
  const ReportBelief belief(situation, request.only_authenticated);
  std::map<std::string, ReportSums> sums;
  for (const auto& report : situation.intake->reports) {
    auto& sum = sums[situation.intake->domains[report.domain]];
    const bool is_in = report.day >= first && report.day <= last &&
                       report.taken_in >= request.received_since.value_or(report.taken_in);
    if (!report.is_counted) {
      sum.conflicts += is_in && report.is_conflicting ? 1 : 0;
      continue;
    }
    const bool is_basis = report.day > judged - basis_days && report.day <= judged;
    if (!belief.in(report.trust)) {
      sum.basis_disbelieved += is_basis ? 1 : 0;
      continue;
    }
    sum.first = std::min(sum.first.value_or(report.day), report.day);
    sum.last = std::max(sum.last.value_or(report.day), report.day);
    if (report.day <= judged) sum.last_closed = std::max(sum.last_closed.value_or(report.day), report.day);
    if (is_in) {
      ++sum.in_period;
      sum.reporters.insert(report.reporter);
    }
    if (!is_basis) continue;
    ++sum.basis_reports;
    sum.basis_reporters.insert(report.reporter);
  }
  return sums;
}

// From the end of a day.
std::int64_t hours_after(Day day, std::int64_t time) { return (time - (std::int64_t{day} + 1) * 86'400) / 3600; }

std::pair<Day, Day> days_of(const OverviewFacts& facts, const OverviewRequest& request) {
  const Day judged = judged_day(*facts.situation);
  Day first = judged, last = judged - 36'600;
  for (const auto& report : facts.situation->intake->reports) {
    if (!report.is_counted || report.day > judged) continue;
    first = std::min(first, report.day);
    last = std::max(last, report.day);
  }
  last = std::max(last, first);
  // Days that are open are those of the reports, but none before the first or after the last that was asked for.
  if (request.first) return {*request.first, std::max(*request.first, request.last.value_or(judged))};
  if (request.last) return {std::min(first, *request.last), *request.last};
  return {request.is_all ? first : std::max(first, last - basis_days + 1), last};
}

// Of a day long past nothing is to come any more: twice what is usual, a weekend at least.
bool may_come(const Situation& situation, Day day, std::int64_t usual_hours) {
  constexpr std::int64_t weekend_hours = 72;
  return hours_after(day, situation.now) <= std::max(weekend_hours, std::min(2 * usual_hours, 2 * weekend_hours));
}

// Reporters of most days who have not told the last day yet.
std::optional<model::ReportsToCome> reports_to_come(const Situation& situation, const std::vector<std::string>& domains,
                                                    Day last) {
  constexpr Day looked_at = 14;
  constexpr std::size_t most_days = 8;
  std::map<std::uint32_t, std::set<Day>> days;
  std::vector<std::int64_t> delays;
  for (const auto& report : situation.intake->reports) {
    const auto& domain = situation.intake->domains[report.domain];
    if (!report.is_counted || report.day > last || report.day <= last - looked_at) continue;
    if (!domains.empty() && std::find(domains.begin(), domains.end(), domain) == domains.end()) continue;
    days[report.reporter].insert(report.day);
    delays.push_back(hours_after(report.day, report.taken_in));
  }
  model::ReportsToCome to_come{.day = last};
  for (const auto& [reporter, seen] : days)
    if (!seen.contains(last) && seen.size() >= most_days && *seen.rbegin() >= last - 3)
      to_come.reporters.push_back(situation.intake->reporters[reporter]);
  if (to_come.reporters.empty()) return std::nullopt;
  std::sort(to_come.reporters.begin(), to_come.reporters.end());
  const auto ninth = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() * 9 / 10);
  std::nth_element(delays.begin(), ninth, delays.end());
  to_come.usual_hours = std::max<std::int64_t>(1, *ninth);
  return may_come(situation, last, to_come.usual_hours) ? std::optional(to_come) : std::nullopt;
}

bool is_wanted(const OverviewRequest& request, const std::string& domain) {
  return request.domains.empty() ||
         std::find(request.domains.begin(), request.domains.end(), domain) != request.domains.end();
}

class Maker {
 public:
  Maker(const OverviewFacts& facts, const OverviewRequest& request)
      : facts_(facts), request_(request), situation_(*facts.situation), days_(days_of(facts, request)) {
    overview_.made_at = situation_.now;
    overview_.label = request.label;
    overview_.first_day = days_.first;
    overview_.last_day = days_.second;
    number_findings();
    for (const auto& row : facts.contradictions)
      if (row.day >= days_.first && row.day <= days_.second) contradicting_[row.domain] += row.messages;
    for (const auto& row : facts.unaddressed)
      if (row.day >= days_.first && row.day <= days_.second) unaddressed_[row.domain] += row.messages;
    for (std::uint32_t i = 0; i < situation_.facts->domains.size(); ++i)
      domain_places_[situation_.facts->domains[i]] = i;
    if (!facts.receiver_rows.empty())
      for (std::uint32_t i = 0; i < situation_.facts->sources.size(); ++i)
        source_places_[situation_.facts->sources[i].address] = i;
    for (const auto& row : facts.receiver_rows)
      if (is_own(row)) receiver_rows_[row.domain].push_back(&row);
  }

  model::Overview make() {
    auto reports = sum_reports(situation_, request_, days_.first, days_.second);
    std::set<std::uint32_t> reporters;
    for (auto& sums : all_domains()) {
      if (!is_wanted(request_, sums.view.domain)) continue;
      const auto& of = reports[sums.view.domain];
      reporters.insert(of.reporters.begin(), of.reporters.end());
      overview_.reports += of.in_period;
      add_domain(sums, of);
    }
    overview_.reporters = static_cast<std::int64_t>(reporters.size());
    overview_.to_come = reports_to_come(situation_, request_.domains, days_.second);
    for (const auto& visits : situation_.intake->mailboxes)
      overview_.mailboxes.push_back({.name = visits.name,
                                     .last_attempt = visits.last_attempt,
                                     .last_success = visits.last_success,
                                     .failures = visits.failures,
                                     .error = visits.error});
    sort_domains();
    return std::move(overview_);
  }

 private:
  void number_findings() {
    for (std::size_t i = 0; i < facts_.findings.size(); ++i)
      if (is_wanted(request_, facts_.findings[i].domain)) overview_.findings.push_back(numbered(i));
  }

  [[nodiscard]] model::NumberedFinding numbered(std::size_t place) const {
    const auto& finding = facts_.findings[place];
    const auto snoozed = facts_.snoozed.find(finding.id);
    const bool is_snoozed = snoozed != facts_.snoozed.end();
    return {static_cast<int>(place) + 1, finding, is_snoozed, is_snoozed ? snoozed->second : std::nullopt};
  }

  // Also those that were configured and never reported on.
  std::vector<DomainSums> all_domains() {
    auto sums = mail_sums(facts_, {days_.first, days_.second, request_.only_authenticated});
    std::set<std::string> known(situation_.facts->domains.begin(), situation_.facts->domains.end());
    for (const auto* list : {&situation_.own_domains, &situation_.parked_domains})
      for (const auto& domain : *list)
        if (known.insert(domain).second) sums.emplace_back().view.domain = domain;
    return sums;
  }

  [[nodiscard]] std::vector<model::NumberedFinding> findings_of(const std::string& domain) const {
    std::vector<model::NumberedFinding> findings;
    for (const auto& one : overview_.findings)
      if (one.finding.domain == domain) findings.push_back(one);
    return findings;
  }

  void add_domain(DomainSums& sums, const ReportSums& reports) {
    auto& view = sums.view;
    view.unicode = model::unicode_form(view.domain);
    view.reports = reports.in_period;
    view.reporters = static_cast<std::int64_t>(reports.reporters.size());
    view.trust.conflicting_reports = reports.conflicts;
    view.trust.contradicting = contradicting_[view.domain];
    view.trust.unaddressed = unaddressed_[view.domain];
    view.trust.remedies = trust_remedies(view.trust);
    view.gate = gate_of(sums, reports);
    view.receivers = receiver_shares(receiver_rows_[view.domain], view.gate.now);
    overview_.domains.push_back(std::move(view));
  }

  [[nodiscard]] const Coverage* coverage_of(const std::string& domain) const {
    const auto& domains = situation_.facts->domains;
    const auto at = std::find(domains.begin(), domains.end(), domain);
    return at == domains.end() ? nullptr : &coverages_[static_cast<std::size_t>(at - domains.begin())];
  }

  // A day without reports is not one on which nothing failed.
  static std::vector<std::int64_t> reported_days(const DomainSums& sums, const Coverage* coverage) {
    std::vector<std::int64_t> days;
    for (Day i = 0; i < basis_days; ++i) {
      const auto failed = sums.failing_days[static_cast<std::size_t>(i)];
      const Day day = sums.basis.first_day + i;
      if (failed > 0 || (coverage != nullptr && day >= coverage->first_day() && coverage->has(day)))
        days.push_back(failed);
    }
    return days;
  }

  // For a record that is not there yet: an address in the domain, else the first one.
  [[nodiscard]] std::string address_for(const std::string& domain) const {
    const auto& all = situation_.report_addresses;
    const auto own = std::find_if(all.begin(), all.end(), [&](const std::string& address) {
      return is_at_or_below(ascii::lower(domain_of_address(address)), domain);
    });
    return own != all.end() ? *own : all.empty() ? std::string() : all.front();
  }

  model::PolicyGate gate_of(DomainSums& sums, const ReportSums& reports) {
    const Day judged = judged_day(situation_);
    auto& basis = sums.basis;
    basis.first_day = judged - basis_days + 1;
    basis.last_day = judged;
    basis.days = reports.first && *reports.first <= judged ? judged - *reports.first + 1 : 0;
    const auto* const coverage = coverage_of(sums.view.domain);
    basis.covered_days = coverage == nullptr ? 0 : coverage->days(basis.first_day, judged);
    basis.reports = reports.basis_reports;
    basis.reporters = static_cast<std::int64_t>(reports.basis_reporters.size());
    const auto& domain = sums.view.domain;
    const auto& parked = situation_.parked_domains;
    const auto seen = facts_.policies.find(domain);
    return policy_gate(
        {.domain = domain,
         .is_parked = std::find(parked.begin(), parked.end(), domain) != parked.end(),
         .report_address = address_for(domain),
         .today = judged + 1,
         .last_report = reports.last,
         .last_closed_report = reports.last_closed,
         .disbelieved = reports.basis_disbelieved,
         .is_proof_demanded = request_.only_authenticated,
         .policy = policy_state(domain, situation_.facts->records,
                                seen == facts_.policies.end() ? std::vector<model::PolicyFacts>{} : seen->second),
         .basis = basis,
         .unchecked = sums.unchecked,
         .unsaid = sums.unsaid,
         .failing_hosts = failing_hosts(sums, *situation_.facts),
         .failing_sources = by_address(sums.failing_sources),
         .failing_days = reported_days(sums, coverage),
         .findings = findings_of(domain),
         .side = sums.side});
  }

  [[nodiscard]] std::map<std::string, std::int64_t> by_address(
      const std::map<std::uint32_t, std::int64_t>& sources) const {
    std::map<std::string, std::int64_t> out;
    for (const auto& [source, messages] : sources) out[situation_.facts->sources[source].address] += messages;
    return out;
  }

  // An address of a large provider carries the owner's mail, what others pass on, and strangers': the pattern tells.
  [[nodiscard]] bool is_own(const model::ReceiverRow& row) const {
    if (!belief_.in(row.trust)) return false;
    const auto domain = domain_places_.find(row.domain);
    const auto source = source_places_.find(row.address);
    if (domain == domain_places_.end() || source == source_places_.end()) return false;
    return group_of(facts_.classes->of(domain->second, source->second, row.pattern)) == Group::own;
  }

  void sort_domains() {
    std::map<std::string, int> rank;
    for (const auto& [number, finding, is_snoozed, until] : overview_.findings)
      if (!is_snoozed)
        rank[finding.domain] = std::max(rank[finding.domain], std::max(0, static_cast<int>(finding.severity) - 1));
    std::stable_sort(overview_.domains.begin(), overview_.domains.end(), [&](const auto& a, const auto& b) {
      if (rank[a.domain] != rank[b.domain]) return rank[a.domain] > rank[b.domain];
      const auto size = [](const DomainOverview& view) {
        return view.own.messages + view.passed_on.messages + view.unknown_steady.messages + view.strangers.messages;
      };
      return size(a) != size(b) ? size(a) > size(b) : a.domain < b.domain;
    });
  }

  const OverviewFacts& facts_;
  const OverviewRequest& request_;
  const Situation& situation_;
  std::vector<Coverage> coverages_ = Coverage::of_domains(situation_);  // by place in the facts
  std::pair<Day, Day> days_;
  ReportBelief belief_{situation_, request_.only_authenticated};
  model::Overview overview_;
  std::map<std::string, std::int64_t> contradicting_, unaddressed_;
  std::map<std::string, std::vector<const model::ReceiverRow*>> receiver_rows_;
  std::unordered_map<std::string, std::uint32_t> domain_places_, source_places_;
};

}  // namespace

SnoozedFindings snoozed_findings(std::span<const model::Care> care, std::int64_t now) {
  SnoozedFindings snoozed;
  for (const auto& one : care)
    if (one.word == model::CareWord::snoozed && one.until.value_or(now + 1) > now)
      snoozed.emplace(one.finding_id, one.until);
  return snoozed;
}

model::Overview make_overview(const OverviewFacts& facts, const OverviewRequest& request) {
  return Maker(facts, request).make();
}

}  // namespace ruaudit::assess
