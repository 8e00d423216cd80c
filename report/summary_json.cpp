#include <nlohmann/json.hpp>

#include "report/advice.hpp"
#include "report/figures.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {
namespace {

using Json = nlohmann::ordered_json;

Json day_or_null(const std::string& day) { return day.empty() ? Json(nullptr) : Json(day); }

template <class Value>
Json number_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class E>
Json token_or_null(const std::optional<E>& value) {
  return value ? Json(std::string(model::to_text(*value))) : Json(nullptr);
}

Json counts(const std::vector<model::MessageCount>& list) {
  Json json = Json::array();
  for (const auto& one : list) json.push_back({{"name", one.name}, {"messages", one.messages}});
  return json;
}

Json split(const FailureSplit& parts) {
  return {{"not_aligned", parts.not_aligned},
          {"failed", parts.failed},
          {"absent", parts.absent},
          {"not_verified", parts.not_verified}};
}

Json figures_json(const Figures& figures) {
  return {{"records", figures.records},
          {"messages", figures.messages},
          {"passed", figures.passed},
          {"dkim_aligned", figures.dkim_aligned},
          {"spf_aligned", figures.spf_aligned},
          {"overridden", figures.overridden},
          {"dispositions",
           {{"none", figures.none},
            {"pass", figures.disposition_pass},
            {"quarantine", figures.quarantined},
            {"reject", figures.rejected},
            {"unknown", figures.disposition_unknown}}},
          {"failing",
           {{"messages", figures.failing()},
            {"authenticated", figures.failing_authenticated},
            {"unauthenticated", figures.failing_unauthenticated},
            {"overridden", figures.failing_overridden},
            {"dkim", split(figures.failing_dkim)},
            {"spf", split(figures.failing_spf)}}},
          {"contradicting_records", figures.contradicting_records},
          {"contradicting_messages", figures.contradicting_messages}};
}

std::string_view token_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::service:
      return "service";
    case SourceKind::forwarder:
      return "forwarder";
    case SourceKind::misconfigured:
      return "misconfigured";
    case SourceKind::unknown:
      break;
  }
  return "unknown";
}

Json source_json(const model::SourceFacts& source, const std::string& domain) {
  const auto& details = source.details;
  Json json = {{"address", source.address},
               {"messages", source.messages},
               {"passed", source.passed},
               {"dkim_aligned", source.dkim_aligned},
               {"spf_aligned", source.spf_aligned},
               {"rejected", source.rejected},
               {"quarantined", source.quarantined},
               {"first_seen", number_or_null(source.first_seen)},
               {"last_seen", number_or_null(source.last_seen)}};
  json["kind"] = source.messages > source.passed ? Json(std::string(token_of(kind_of(source, domain)))) : Json(nullptr);
  json["details"] = {{"rows", details.rows},
                     {"complete", details.is_complete},
                     {"dkim_domains", counts(details.dkim_domains)},
                     {"spf_domains", counts(details.spf_domains)},
                     {"failed_dkim_domains", counts(details.failed_dkim_domains)},
                     {"header_froms", counts(details.header_froms)},
                     {"envelope_froms", counts(details.envelope_froms)},
                     {"reporters", counts(details.reporters)},
                     {"overrides", counts(details.overrides)},
                     {"arc_domains", counts(details.arc_domains)}};
  for (const auto& one : source.samples) json["samples"][one.conclusion] = one.samples;  // only where there are some
  return json;
}

Json sources_json(const std::vector<model::SourceFacts>& sources, const std::string& domain) {
  Json json = Json::array();
  for (const auto& source : sources) json.push_back(source_json(source, domain));
  return json;
}

Json policy_json(const model::PolicyFacts& policy) {
  return {{"p", token_or_null(policy.p)},
          {"sp", token_or_null(policy.sp)},
          {"np", token_or_null(policy.np)},
          {"adkim", token_or_null(policy.adkim)},
          {"aspf", token_or_null(policy.aspf)},
          {"pct", number_or_null(policy.pct)},
          {"testing", number_or_null(policy.testing)},
          {"first_day", policy.first_day},
          {"last_day", policy.last_day},
          {"reports", policy.reports}};
}

Json reporter_json(const model::ReporterFacts& reporter) {
  return {{"name", reporter.name},
          {"reports", reporter.reports},
          {"messages", reporter.messages},
          {"last_day", day_or_null(reporter.last_day)},
          {"contradicting_records", reporter.contradicting_records},
          {"contradicting_messages", reporter.contradicting_messages}};
}

template <class List, class Make>
Json array_of(const List& list, Make make) {
  Json json = Json::array();
  for (const auto& one : list) json.push_back(make(one));
  return json;
}

Json authenticity_json(const model::AuthenticityFacts& facts) {
  const auto count = [](const model::AuthenticityFacts::Count& one) -> Json {
    return {{"reports", one.reports}, {"messages", one.messages}};
  };
  return {{"authenticated", count(facts.authenticated)},
          {"unauthenticated", count(facts.unauthenticated)},
          {"indeterminate", count(facts.indeterminate)},
          {"unchecked", count(facts.unchecked)},
          {"left_out", count(facts.left_out)}};
}

Json domain_json(const model::DomainFacts& domain, const model::SummaryFacts& facts, const SummaryContext& context) {
  const auto figures = figures_of(domain);
  const auto missing = days_without_reports(domain, facts, context);
  Json json = {{"domain", domain.domain}};
  json["figures"] = figures_json(figures);
  json["advice"] = advise(domain, figures, missing.size());
  json["reports"] = {{"counted", domain.reports},
                     {"damaged", domain.damaged_reports},
                     {"conflicting", domain.conflicting_reports},
                     {"days", domain.report_days.size()},
                     {"days_without", missing}};
  json["edges"] = {{"crossing_reports", domain.edges.crossing_reports},
                   {"crossing_messages", domain.edges.crossing_messages},
                   {"outside_reports", domain.edges.outside_reports},
                   {"outside_messages", domain.edges.outside_messages}};
  json["authenticity"] = authenticity_json(domain.authenticity);
  json["policies"] = array_of(domain.policies, policy_json);
  json["reporters"] = array_of(domain.reporters, reporter_json);
  json["sources"] = domain.sources;
  json["failing_sources"] = domain.failing_sources;
  json["top_failing_sources"] = sources_json(domain.failing_top, domain.domain);
  json["top_sources"] = sources_json(domain.top_sources, domain.domain);
  json["defects"] = array_of(domain.defects, [](const model::DefectCount& defect) -> Json {
    return {{"code", defect.code}, {"reports", defect.reports}, {"occurrences", defect.occurrences}};
  });
  return json;
}

Json period_json(const model::SummaryFacts& facts, const SummaryContext& context) {
  const auto& period = context.period.period;
  const model::Period all;
  return {{"label", context.period.label},
          {"timezone", context.period.timezone},
          {"first_day", day_or_null(context.period.first_day)},
          {"last_day", day_or_null(context.period.last_day)},
          {"begin", period.begin == all.begin ? Json(nullptr) : Json(period.begin)},
          {"end", period.end == all.end ? Json(nullptr) : Json(period.end)},
          {"first_report_day", day_or_null(facts.first_day)},
          {"last_report_day", day_or_null(facts.last_day)}};
}

Json mailbox_json(const model::MailboxFacts& mailbox) {
  return {{"name", mailbox.name},
          {"last_attempt", mailbox.last_attempt},
          {"last_success", mailbox.last_success ? Json(*mailbox.last_success) : Json(nullptr)},
          {"failures", mailbox.failures},
          {"messages", mailbox.messages},
          {"error", mailbox.error.empty() ? Json(nullptr) : Json(mailbox.error)}};
}

}  // namespace

// Non-ASCII is written as \u escapes: exact for programs, harmless for terminals.
std::string summary_json(const model::SummaryFacts& facts, const SummaryContext& context) {
  Json json = {{"version", summary_json_version}, {"written", context.now}};
  json["period"] = period_json(facts, context);
  json["figures"] = figures_json(figures_of(facts));
  json["domains"] =
      array_of(facts.domains, [&](const model::DomainFacts& domain) { return domain_json(domain, facts, context); });
  json["missing_domains"] = facts.missing_domains;
  json["inputs"] = array_of(facts.ledger, [](const model::LedgerCount& count) -> Json {
    return {{"outcome", count.outcome}, {"code", count.code}, {"parts", count.parts}};
  });
  json["mailboxes"] = array_of(facts.mailboxes, mailbox_json);
  json["tls"] = array_of(facts.tls, [](const model::TlsSum& sum) -> Json {
    return {{"domain", sum.domain},
            {"reports", sum.reports},
            {"reporters", sum.reporters},
            {"successful_sessions", sum.successful},
            {"failed_sessions", sum.failed}};
  });
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::report
