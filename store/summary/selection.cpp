#include "store/summary/selection.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "model/calendar.hpp"

namespace ruaudit::store {
namespace {

using model::day_number;
using model::day_text;
using model::Period;
using model::Result;
using model::seconds_per_day;

constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();

template <class E>
E enum_or_unknown(std::string_view text) {
  return model::parse_enum<E>(text).value_or(E{});
}

template <class E>
std::optional<E> optional_enum(const ReadStatement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(enum_or_unknown<E>(row.text(column)));
}

// One row of report, in the order of report_columns.
struct ReportRow {
  std::int64_t id, domain_id, reporter_id, policy_id;
  std::string day;
  std::optional<std::int64_t> begin, end;
  std::int64_t messages;
  bool is_damaged, is_in_conflict;
  model::Authenticity authenticity;
};

constexpr std::string_view report_sql =
    "SELECT p.id, p.domain_id, p.reporter_id, p.policy_id, p.day, p.date_begin, p.date_end, p.messages, p.damaged, "
    "p.conflict, p.authenticity FROM report p WHERE p.counted = 1 AND (p.day BETWEEN ?1 AND ?2 "
    "OR (p.date_begin < ?4 AND max(p.date_end, p.date_begin + 1) > ?3))";

ReportRow read_report(const ReadStatement& row) {
  return {row.integer(0),
          row.integer(1),
          row.integer(2),
          row.integer(3),
          std::string(row.text(4)),
          row.optional_integer(5),
          row.optional_integer(6),
          row.integer(7),
          row.integer(8) != 0,
          row.integer(9) != 0,
          enum_or_unknown<model::Authenticity>(row.text(10))};
}

bool touches(const ReportRow& report, const Period& period) {
  return report.begin && report.end && *report.begin < period.end &&
         std::max(*report.end, *report.begin + 1) > period.begin;
}

bool is_crossing(const ReportRow& report, const Period& period) {
  return report.begin && report.end && (*report.begin < period.begin || *report.end > period.end);
}

// The day column is the midpoint's UTC day. It decides by itself unless the period has a part of that day only.
bool holds_midpoint(const ReportRow& report, const Period& period) {
  const auto day = model::parse_day(report.day).value_or(0);
  const auto middle =
      report.begin && report.end ? *report.begin + (*report.end - *report.begin) / 2 : day + seconds_per_day / 2;
  return middle >= period.begin && middle < period.end;
}

class Selector {
 public:
  Selector(const SummaryRequest& request, Selection& selection) : request_(request), selection_(selection) {
    for (std::size_t i = 0; i < selection.domains.size(); ++i) index_[selection.domains[i].id] = i;
    days_.resize(selection.domains.size());
    policies_.resize(selection.domains.size());
  }

  void take(const ReportRow& report) {
    const auto at = index_.find(report.domain_id);
    if (at == index_.end()) return;
    auto& facts = selection_.domains[at->second].facts;
    if (belongs(report)) {
      if (admits(report, facts.authenticity)) count(report, at->second);
    } else if (touches(report, request_.period)) {
      ++facts.edges.outside_reports;
      facts.edges.outside_messages += report.messages;
    }
  }

  [[nodiscard]] const std::map<std::int64_t, model::PolicyFacts>& policies(std::size_t domain) const {
    return policies_[domain];
  }

  void finish() {
    std::sort(selection_.reports.begin(), selection_.reports.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    for (std::size_t i = 0; i < days_.size(); ++i) {
      const auto& days = days_[i];
      if (days.empty()) continue;
      selection_.domains[i].facts.report_days.assign(days.begin(), days.end());
      if (selection_.first_day.empty() || *days.begin() < selection_.first_day) selection_.first_day = *days.begin();
      selection_.last_day = std::max(selection_.last_day, *days.rbegin());
    }
    if (!selection_.has_left_out) return;
    selection_.coverage.first_month = "9999-12";
    selection_.coverage.last_month = "0000-01";
    for (auto& report : selection_.reports) report.needs_sources = true;
  }

 private:
  [[nodiscard]] bool belongs(const ReportRow& report) const {
    if (selection_.coverage.has_day(report.day)) return true;
    if (request_.membership == Membership::overlap && report.begin && report.end)
      return touches(report, request_.period);
    return holds_midpoint(report, request_.period);
  }

  bool admits(const ReportRow& report, model::AuthenticityFacts& facts) {
    using Count = model::AuthenticityFacts::Count;
    const auto add = [&report](Count& count) {
      ++count.reports;
      count.messages += report.messages;
    };
    Count* const by_state[] = {&facts.unchecked, &facts.authenticated, &facts.unauthenticated, &facts.indeterminate};
    add(*by_state[static_cast<std::size_t>(report.authenticity)]);
    if (request_.admission == Admission::all || report.authenticity == model::Authenticity::authenticated) return true;
    add(facts.left_out);
    selection_.has_left_out = true;
    return false;
  }

  void count(const ReportRow& report, std::size_t domain) {
    auto& selected = selection_.domains[domain];
    auto& facts = selected.facts;
    ++facts.reports;
    facts.damaged_reports += report.is_damaged ? 1 : 0;
    facts.conflicting_reports += report.is_in_conflict ? 1 : 0;
    if (is_crossing(report, request_.period)) {
      ++facts.edges.crossing_reports;
      facts.edges.crossing_messages += report.messages;
    }
    days_[domain].insert(report.day);
    auto& reporter = selected.reporters[report.reporter_id];
    ++reporter.reports;
    reporter.messages += report.messages;
    reporter.last_day = std::max(reporter.last_day, report.day);
    auto& policy = policies_[domain][report.policy_id];
    ++policy.reports;
    if (policy.first_day.empty() || report.day < policy.first_day) policy.first_day = report.day;
    policy.last_day = std::max(policy.last_day, report.day);
    selection_.reports.push_back({report.id, report.reporter_id, domain, !selection_.coverage.has_day(report.day),
                                  !selection_.coverage.has_month_of(report.day), report.authenticity,
                                  report.begin.value_or(0), report.end.value_or(0),
                                  report.begin.has_value() && report.end.has_value()});
  }

  const SummaryRequest& request_;
  Selection& selection_;
  std::unordered_map<std::int64_t, std::size_t> index_;
  std::vector<std::set<std::string>> days_;
  std::vector<std::map<std::int64_t, model::PolicyFacts>> policies_;
};

Result<void> select_domains(const ReadConnection& connection, const SummaryRequest& request, Selection& selection) {
  const std::set<std::string> wanted(request.domains.begin(), request.domains.end());
  std::set<std::string> missing = wanted;
  TRY(auto domains, ReadStatement::prepare(connection, "SELECT id, name FROM domain ORDER BY name"));
  TRY_VOID(for_each_row(domains, [&](const ReadStatement& row) {
    const std::string name(row.text(1));
    if (!wanted.empty() && wanted.count(name) == 0) return;
    missing.erase(name);
    selection.domains.push_back({row.integer(0), {}, {}});
    selection.domains.back().facts.domain = name;
  }));
  selection.missing_domains.assign(missing.begin(), missing.end());
  return {};
}

Result<void> name_reporters(const ReadConnection& connection, Selection& selection) {
  TRY(auto names, ReadStatement::prepare(connection, "SELECT name FROM reporter WHERE id = ?1"));
  for (auto& domain : selection.domains)
    for (auto& entry : domain.reporters) {
      names.bind(1, entry.first);
      TRY_VOID(for_each_row(names, [&entry](const ReadStatement& row) { entry.second.name = row.text(0); }));
    }
  return {};
}

Result<void> describe_policies(const ReadConnection& connection, const Selector& selector, Selection& selection) {
  TRY(auto policies,
      ReadStatement::prepare(connection, "SELECT p, sp, np, adkim, aspf, pct, testing FROM policy WHERE id = ?1"));
  for (std::size_t i = 0; i < selection.domains.size(); ++i) {
    auto& found = selection.domains[i].facts.policies;
    for (auto [id, policy] : selector.policies(i)) {
      policies.bind(1, id);
      TRY_VOID(for_each_row(policies, [&policy = policy](const ReadStatement& row) {
        policy.p = optional_enum<model::Policy>(row, 0);
        policy.sp = optional_enum<model::Policy>(row, 1);
        policy.np = optional_enum<model::Policy>(row, 2);
        policy.adkim = optional_enum<model::AlignmentMode>(row, 3);
        policy.aspf = optional_enum<model::AlignmentMode>(row, 4);
        policy.pct = row.optional_integer(5);
        if (!row.is_null(6)) policy.testing = row.integer(6) != 0;
      }));
      found.push_back(std::move(policy));
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first_day, a.last_day) < std::tie(b.first_day, b.last_day);
    });
  }
  return {};
}

// The day number of the first day of a month that begins at or after `day`, and so on, by way of text: YYYY-MM-01.
std::string month_at_or_after(const std::string& day) {
  if (day.compare(8, 2, "01") == 0) return day.substr(0, 7);
  const auto start = model::parse_day(day.substr(0, 8) + "01").value_or(0);
  return day_text(start + 31 * seconds_per_day).substr(0, 7);
}

std::string month_ended_by(const std::string& day) {
  const auto next = day_text(model::parse_day(day).value_or(0) + seconds_per_day);
  if (next.compare(8, 2, "01") == 0) return day.substr(0, 7);
  return day_text(model::parse_day(day.substr(0, 8) + "01").value_or(0) - seconds_per_day).substr(0, 7);
}

}  // namespace

Coverage coverage_of(const Period& period) {
  Coverage coverage{"0000-01-01", "9999-12-31", "0000-01", "9999-12", "0000-01-01", "9999-12-31"};
  if (period.begin != earliest) {
    const auto first_whole = day_number(period.begin + seconds_per_day - 1) * seconds_per_day;
    coverage.first_day = day_text(first_whole);
    coverage.first_month = month_at_or_after(coverage.first_day);
    coverage.lowest_day = day_text(period.begin);
  }
  if (period.end != latest) {
    coverage.last_day = day_text((day_number(period.end) - 1) * seconds_per_day);
    coverage.last_month = month_ended_by(coverage.last_day);
    coverage.highest_day = day_text(period.end - 1);
  }
  return coverage;
}

const SelectedReport* Selection::find(std::int64_t report_id) const {
  const auto at = std::lower_bound(reports.begin(), reports.end(), report_id,
                                   [](const SelectedReport& report, std::int64_t id) { return report.id < id; });
  return at != reports.end() && at->id == report_id ? &*at : nullptr;
}

Result<Selection> select_reports(const ReadConnection& connection, const SummaryRequest& request) {
  Selection selection;
  selection.coverage = coverage_of(request.period);
  selection.admission = request.admission;
  TRY_VOID(select_domains(connection, request, selection));
  Selector selector(request, selection);
  TRY(auto reports, ReadStatement::prepare(connection, report_sql));
  reports.bind(1, selection.coverage.lowest_day).bind(2, selection.coverage.highest_day);
  reports.bind(3, request.period.begin).bind(4, request.period.end);
  TRY_VOID(for_each_row(reports, [&](const ReadStatement& row) { selector.take(read_report(row)); }));
  selector.finish();
  TRY_VOID(name_reporters(connection, selection));
  TRY_VOID(describe_policies(connection, selector, selection));
  return selection;
}

}  // namespace ruaudit::store
