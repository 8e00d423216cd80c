#include <nlohmann/json.hpp>

#include "model/calendar.hpp"
#include "report/overview/finding_line.hpp"
#include "report/overview/readiness_text.hpp"

namespace ruaudit::report {
namespace {

using Json = nlohmann::ordered_json;
constexpr int readiness_json_version = 1;

Json day_json(std::int32_t day) { return model::day_text(std::int64_t{day} * model::seconds_per_day); }
Json day_json(const std::optional<std::int32_t>& day) { return day ? day_json(*day) : Json(nullptr); }

Json until_json(const std::optional<std::int64_t>& time) { return time ? Json(model::day_text(*time)) : Json(nullptr); }

template <class E>
Json word_json(const std::optional<E>& value) {
  return value ? Json(std::string(model::to_text(*value))) : Json(nullptr);
}

template <class List, class Make>
Json list_json(const List& list, const Make& make) {
  Json json = Json::array();
  for (const auto& one : list) json.push_back(make(one));
  return json;
}

Json share_json(const model::MailShare& share) {
  return {{"messages", share.messages}, {"passed", share.passed},       {"quarantined", share.quarantined},
          {"rejected", share.rejected}, {"untold", share.untold},       {"undecided", share.undecided},
          {"both", share.both},         {"only_dkim", share.only_dkim}, {"only_spf", share.only_spf},
          {"unproven", share.unproven}, {"sources", share.sources}};
}

Json policy_json_of(const model::PolicyState& policy) {
  return {{"name", policy.name},
          {"record", policy.record.empty() ? Json(nullptr) : Json(policy.record)},
          {"inherited_from", policy.inherited_from.empty() ? Json(nullptr) : Json(policy.inherited_from)},
          {"missing", policy.is_missing},
          {"usable", policy.is_usable},
          {"p", word_json(policy.p)},
          {"sp", word_json(policy.sp)},
          {"np", word_json(policy.np)},
          {"adkim", word_json(policy.adkim)},
          {"aspf", word_json(policy.aspf)},
          {"testing", policy.is_testing},
          {"since", day_json(policy.since)}};
}

Json block_json(const model::GateBlock& block) {
  Json json = {{"code", block.code},
               {"text", model::english(block.text)},
               {"needs", model::english(block.needs)},
               {"messages", block.messages}};
  if (block.number > 0) {
    json["finding"] = block.finding_id;
    json["number"] = block.number;
  }
  return json;
}

Json basis_json(const model::GateBasis& basis) {
  return {{"first_day", day_json(basis.first_day)},
          {"last_day", day_json(basis.last_day)},
          {"days", basis.days},
          {"covered_days", basis.covered_days},
          {"reports", basis.reports},
          {"reporters", basis.reporters},
          {"messages", basis.messages},
          {"proven", basis.proven},
          {"own", share_json(basis.own)},
          {"passed_on", share_json(basis.passed_on)},
          {"list_messages", basis.list_messages},
          {"at_risk_a_month", {{"messages", basis.risk}, {"low", basis.risk_low}, {"high", basis.risk_high}}}};
}

Json gate_json(const model::PolicyGate& gate) {
  Json json = {{"state", model::to_text(gate.state)},
               {"sentence", model::english(gate.sentence)},
               {"policy", policy_json_of(gate.now)}};
  json["blocks"] = list_json(gate.blocks, block_json);
  json["steps"] = list_json(gate.steps, [](const model::PolicyStep& step) -> Json {
    return {{"day", day_json(step.day)},
            {"record", step.record.empty() ? Json(nullptr) : Json(step.record)},
            {"text", model::english(step.text)}};
  });
  json["sides"] = list_json(gate.sides, [](const model::SidePolicy& side) -> Json {
    return {{"tag", side.tag},
            {"may", side.may},
            {"text", model::english(side.text)},
            {"record", side.record.empty() ? Json(nullptr) : Json(side.record)}};
  });
  json["snoozed"] = list_json(gate.snoozed, [](const model::SnoozedBlock& one) -> Json {
    return {{"finding", one.finding_id}, {"number", one.number}, {"until", until_json(one.until)}};
  });
  json["basis"] = basis_json(gate.basis);
  json["notes"] = list_json(gate.notes, [](const model::Sentence& note) -> Json { return model::english(note); });
  return json;
}

Json receiver_json(const model::ReceiverShare& share) {
  Json json = {{"receiver", share.receiver},
               {"messages", share.messages},
               {"peak", share.peak},
               {"peak_day", day_json(share.peak_day)},
               {"bulk", share.is_bulk}};
  json["demands"] = list_json(share.demands, [](const model::ReceiverDemand& demand) -> Json {
    return {{"what", demand.what}, {"messages", demand.messages}, {"met", demand.met}, {"codes", demand.codes}};
  });
  return json;
}

Json trust_json(const model::TrustShare& trust) {
  return {{"proven", trust.proven},
          {"unauthenticated", trust.unauthenticated},
          {"indeterminate", trust.indeterminate},
          {"unchecked", trust.unchecked},
          {"contradicting", trust.contradicting},
          {"unaddressed", trust.unaddressed},
          {"conflicting_reports", trust.conflicting_reports},
          {"remedies", trust.remedies}};
}

Json domain_json_of(const model::DomainOverview& domain) {
  Json json = {{"domain", domain.domain},
               {"unicode", domain.unicode.empty() ? Json(nullptr) : Json(domain.unicode)},
               {"reports", domain.reports},
               {"reporters", domain.reporters}};
  json["own"] = share_json(domain.own);
  json["passed_on"] = share_json(domain.passed_on);
  json["unknown_steady"] = share_json(domain.unknown_steady);
  json["strangers"] = share_json(domain.strangers);
  json["gate"] = gate_json(domain.gate);
  json["receivers"] = list_json(domain.receivers, receiver_json);
  json["trust"] = trust_json(domain.trust);
  return json;
}

Json finding_json_of(const model::NumberedFinding& one, std::int64_t now) {
  const auto& finding = one.finding;
  return {{"number", one.number},
          {"id", finding.id},
          {"kind", model::to_text(finding.kind)},
          {"severity", model::to_text(finding.severity)},
          {"domain", finding.domain},
          {"messages", finding.messages},
          {"since", day_json(finding.since)},
          {"text", finding_line(finding, now)},
          {"action", model::english(finding.action)},
          {"snoozed", one.is_snoozed},
          {"snoozed_until", until_json(one.snoozed_until)}};
}

Json overview_json_of(const model::Overview& overview) {
  Json json = {{"made_at", overview.made_at},
               {"first_day", day_json(overview.first_day)},
               {"last_day", day_json(overview.last_day)},
               {"reports", overview.reports},
               {"reporters", overview.reporters}};
  json["domains"] = list_json(overview.domains, domain_json_of);
  json["findings"] =
      list_json(overview.findings, [&](const auto& one) { return finding_json_of(one, overview.made_at); });
  json["to_come"] = nullptr;
  if (overview.to_come)
    json["to_come"] = {{"day", day_json(overview.to_come->day)},
                       {"reporters", overview.to_come->reporters},
                       {"usual_hours", overview.to_come->usual_hours}};
  return json;
}

}  // namespace

std::string readiness_json(const model::Overview& overview) {
  Json json = {{"version", readiness_json_version}};
  json.update(overview_json_of(overview));
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string with_overview(const std::string& summary_json, const model::Overview& overview) {
  Json json = Json::parse(summary_json);
  json["overview"] = overview_json_of(overview);
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::report
