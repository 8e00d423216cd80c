#include <array>

#include "report/figures.hpp"
#include "report/safe_text.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {
namespace {

using Row = std::vector<std::string>;

constexpr std::string_view columns =
    "domain,period_first_day,period_last_day,timezone,reports,reporters,days_without_reports,records,messages,passed,"
    "dkim_aligned,spf_aligned,disposition_none,disposition_pass,disposition_quarantine,disposition_reject,"
    "disposition_unknown,overridden,failing,failing_authenticated,failing_unauthenticated,dkim_not_aligned,dkim_failed,"
    "dkim_absent,spf_not_aligned,spf_failed,spf_absent,sources,failing_sources,policy,contradicting_records,"
    "conflicting_reports,damaged_reports,crossing_messages,outside_messages,"
    "authenticated_messages,unauthenticated_messages,indeterminate_messages,unchecked_messages,left_out_messages,"
    "dkim_not_verified,spf_not_verified";

void append(std::string& text, std::int64_t value) { text += "," + std::to_string(value); }

std::string line_of(const model::DomainFacts& domain, const model::SummaryFacts& facts, const SummaryContext& context) {
  const auto figures = figures_of(domain);
  const auto changes = policy_changes(domain.policies);
  std::string line = csv_cell(domain.domain);
  for (const auto& text : {context.period.first_day, context.period.last_day, context.period.timezone})
    line += "," + csv_cell(text);
  const auto size = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
  for (const auto value : {domain.reports,
                           size(domain.reporters),
                           size(days_without_reports(domain, facts, context)),
                           figures.records,
                           figures.messages,
                           figures.passed,
                           figures.dkim_aligned,
                           figures.spf_aligned,
                           figures.none,
                           figures.disposition_pass,
                           figures.quarantined,
                           figures.rejected,
                           figures.disposition_unknown,
                           figures.overridden,
                           figures.failing(),
                           figures.failing_authenticated,
                           figures.failing_unauthenticated,
                           figures.failing_dkim.not_aligned,
                           figures.failing_dkim.failed,
                           figures.failing_dkim.absent,
                           figures.failing_spf.not_aligned,
                           figures.failing_spf.failed,
                           figures.failing_spf.absent,
                           domain.sources,
                           domain.failing_sources})
    append(line, value);
  line += ",";
  if (!changes.empty() && changes.back().p) line += model::to_text(*changes.back().p);
  for (const auto value : {figures.contradicting_records, domain.conflicting_reports, domain.damaged_reports,
                           domain.edges.crossing_messages, domain.edges.outside_messages})
    append(line, value);
  const auto& genuine = domain.authenticity;
  for (const auto& count :
       {genuine.authenticated, genuine.unauthenticated, genuine.indeterminate, genuine.unchecked, genuine.left_out})
    append(line, count.messages);
  for (const auto value : {figures.failing_dkim.not_verified, figures.failing_spf.not_verified}) append(line, value);
  return line + "\r\n";
}

}  // namespace

// RFC 4180: a header line, CRLF at the end of each.
std::string summary_csv(const model::SummaryFacts& facts, const SummaryContext& context) {
  std::string text = std::string(columns) + "\r\n";
  for (const auto& domain : facts.domains) text += line_of(domain, facts, context);
  return text;
}

}  // namespace ruaudit::report
