#include <nlohmann/json.hpp>

#include "model/calendar.hpp"
#include "report/digest/digest_text.hpp"

namespace ruaudit::report {
namespace {

using nlohmann::ordered_json;

std::string text_of(std::int32_t day) {
  return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day);
}

ordered_json subject_json(const model::FindingSubject& subject) {
  ordered_json json = ordered_json::object();
  if (!subject.service.empty()) json["service"] = subject.service;
  if (!subject.sources.empty()) json["sources"] = subject.sources;
  if (!subject.selector.empty()) json["selector"] = subject.selector;
  if (!subject.mechanism.empty()) json["mechanism"] = subject.mechanism;
  if (!subject.reporter.empty()) json["reporter"] = subject.reporter;
  return json;
}

std::vector<std::string> english_texts(const std::vector<model::Sentence>& sentences) {
  std::vector<std::string> texts;
  for (const auto& sentence : sentences) texts.push_back(model::english(sentence));
  return texts;
}

ordered_json finding_json(const model::Finding& finding, std::optional<model::FindingState> state) {
  ordered_json json = {{"id", finding.id}, {"kind", model::to_text(finding.kind)}};
  if (state) json["state"] = model::to_text(*state);
  json["severity"] = model::to_text(finding.severity);
  json["domain"] = finding.domain;
  json["subject"] = subject_json(finding.subject);
  json["messages"] = finding.messages;

  json["since"] = finding.since ? ordered_json(text_of(*finding.since)) : ordered_json(nullptr);
  json["evidence"] = english_texts(finding.evidence);
  json["action"] = model::english(finding.action);
  if (finding.cause)
    json["cause"] = {{"record", model::to_text(finding.cause->record)},
                     {"name", finding.cause->name},
                     {"change", model::to_text(finding.cause->change)}};
  return json;
}

ordered_json item_json(const model::DigestItem& item) {
  ordered_json json = finding_json(item.finding, item.state);
  json["nights"] = item.nights;
  if (item.is_snoozed) json["snoozed"] = true;
  if (item.is_back) json["back"] = true;
  return json;
}

}  // namespace

std::string findings_json(const std::vector<model::Finding>& findings) {
  ordered_json json;
  json["version"] = 1;
  json["items"] = ordered_json::array();
  for (const auto& finding : findings) json["items"].push_back(finding_json(finding, std::nullopt));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string digest_json(const model::Digest& digest) {
  ordered_json json;
  json["version"] = 1;
  json["domains"] = digest.domains;
  json["made_at"] = digest.made_at;
  json["period"] = {{"first_day", text_of(digest.first_day)}, {"last_day", text_of(digest.last_day)}};
  json["verdict"] = digest_verdict(digest, Language());
  json["items"] = ordered_json::array();
  for (const auto& item : digest.items) json["items"].push_back(item_json(item));
  json["policies"] = ordered_json::array();
  for (const auto& policy : digest.policies)
    json["policies"].push_back({{"domain", policy.domain}, {"sentence", model::english(policy.sentence)}});
  json["health"] = {{"reports", digest.health.reports},
                    {"messages", digest.health.messages},
                    {"rejected", digest.health.rejected},
                    {"troubles", english_texts(digest.health.troubles)}};
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::report
