#include "store/findings/digest_codec.hpp"

#include <nlohmann/json.hpp>

namespace ruaudit::store {
namespace {

using nlohmann::json;
using namespace model;

json encoded(const Sentence& sentence);

json encoded(const Argument& argument) {
  switch (argument.kind) {
    case ArgumentKind::number:
      return {{"number", argument.number}};
    case ArgumentKind::day:
      return {{"day", argument.number}};
    case ArgumentKind::share:
      return {{"part", argument.number}, {"whole", argument.whole}};
    case ArgumentKind::sentence:
      return {{"say", argument.said.empty() ? json() : encoded(argument.said.front())}};
    case ArgumentKind::text:
      break;
  }
  return argument.text;
}

json encoded(const Sentence& sentence) {
  json out = {{"text", sentence.text}};
  if (!sentence.plural.empty()) out["plural"] = sentence.plural;
  for (const Argument& argument : sentence.arguments) out["arguments"].push_back(encoded(argument));
  return out;
}

json encoded(const std::vector<Sentence>& sentences) {
  json out = json::array();
  for (const Sentence& sentence : sentences) out.push_back(encoded(sentence));
  return out;
}

Sentence sentence_of(const json& value);

Argument argument_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.contains("number")) return value.at("number").get<std::int64_t>();
  if (value.contains("day")) return DayOf{value.at("day").get<std::int32_t>()};
  if (value.contains("part"))
    return ShareOf{value.at("part").get<std::int64_t>(), value.at("whole").get<std::int64_t>()};
  return sentence_of(value.at("say"));
}

Sentence sentence_of(const json& value) {
  Sentence sentence;
  if (value.is_null()) return sentence;
  sentence.text = value.at("text").get<std::string>();
  sentence.plural = value.value("plural", "");
  if (value.contains("arguments"))
    for (const json& argument : value.at("arguments")) sentence.arguments.push_back(argument_of(argument));
  return sentence;
}

std::vector<Sentence> sentences_of(const json& value) {
  std::vector<Sentence> out;
  for (const json& sentence : value) out.push_back(sentence_of(sentence));
  return out;
}

json encoded(const model::Finding& finding) {
  json out = {{"id", finding.id},
              {"kind", to_text(finding.kind)},
              {"severity", to_text(finding.severity)},
              {"domain", finding.domain},
              {"service", finding.subject.service},
              {"sources", finding.subject.sources},
              {"selector", finding.subject.selector},
              {"mechanism", finding.subject.mechanism},
              {"reporter", finding.subject.reporter},
              {"messages", finding.messages},
              {"evidence", encoded(finding.evidence)},
              {"action", encoded(finding.action)},
              {"is_said_once", finding.is_said_once}};
  if (finding.since) out["since"] = *finding.since;
  if (finding.cause)
    out["cause"] = {{"record", to_text(finding.cause->record)},
                    {"name", finding.cause->name},
                    {"change", to_text(finding.cause->change)}};
  return out;
}

template <class E>
E word(const json& value, E otherwise) {
  return parse_enum<E>(value.get<std::string>()).value_or(otherwise);
}

model::Finding finding_of(const json& value) {
  model::Finding finding{.id = value.at("id").get<std::string>(),
                         .kind = word(value.at("kind"), FindingKind::record_changed),
                         .severity = word(value.at("severity"), Severity::info),
                         .domain = value.at("domain").get<std::string>()};
  finding.subject = {.service = value.at("service").get<std::string>(),
                     .sources = value.at("sources").get<std::vector<std::string>>(),
                     .selector = value.at("selector").get<std::string>(),
                     .mechanism = value.at("mechanism").get<std::string>(),
                     .reporter = value.at("reporter").get<std::string>()};
  finding.messages = value.at("messages").get<std::int64_t>();
  finding.evidence = sentences_of(value.at("evidence"));
  finding.action = sentence_of(value.at("action"));
  finding.is_said_once = value.at("is_said_once").get<bool>();
  if (value.contains("since")) finding.since = value.at("since").get<std::int32_t>();
  if (!value.contains("cause")) return finding;
  const json& cause = value.at("cause");
  finding.cause = FindingCause{word(cause.at("record"), CauseRecord::dkim), cause.at("name").get<std::string>(),
                               word(cause.at("change"), RecordChange::changed)};
  return finding;
}

json encoded(const DigestItem& item) {
  return {{"finding", encoded(item.finding)},
          {"state", to_text(item.state)},
          {"first_told", item.first_told},
          {"nights", item.nights},
          {"is_back", item.is_back},
          {"is_snoozed", item.is_snoozed},
          {"number", item.number}};
}

DigestItem item_of(const json& value) {
  return {.finding = finding_of(value.at("finding")),
          .state = word(value.at("state"), FindingState::open),
          .first_told = value.at("first_told").get<std::int64_t>(),
          .nights = value.at("nights").get<int>(),
          .is_back = value.at("is_back").get<bool>(),
          .is_snoozed = value.at("is_snoozed").get<bool>(),
          .number = value.value("number", 0)};
}

// A digest that an earlier version kept has it in English only.
Sentence policy_sentence(const json& value) {
  return value.is_string() ? Sentence(value.get<std::string>()) : sentence_of(value);
}

model::Digest digest_of(const json& value) {
  model::Digest digest{.domains = value.at("domains").get<std::vector<std::string>>(),
                       .made_at = value.at("made_at").get<std::int64_t>()};
  if (value.contains("last_made_at")) digest.last_made_at = value.at("last_made_at").get<std::int64_t>();
  digest.first_day = value.at("first_day").get<std::int32_t>();
  digest.last_day = value.at("last_day").get<std::int32_t>();
  for (const json& item : value.at("items")) digest.items.push_back(item_of(item));
  digest.health = {.reports = value.at("reports").get<std::int64_t>(),
                   .messages = value.at("messages").get<std::int64_t>(),
                   .rejected = value.at("rejected").get<std::int64_t>(),
                   .troubles = sentences_of(value.at("troubles"))};
  for (const json& line : value.at("strangers"))
    digest.strangers.push_back({line.at("domain").get<std::string>(), line.at("address").get<std::string>(),
                                line.at("host").get<std::string>(), line.at("messages").get<std::int64_t>()});
  for (const json& policy : value.at("policies"))
    digest.policies.push_back({policy.at("domain").get<std::string>(), policy_sentence(policy.at("sentence"))});
  return digest;
}

}  // namespace

std::string encode_digest(const model::Digest& digest) {
  json out = {{"version", 1},
              {"domains", digest.domains},
              {"made_at", digest.made_at},
              {"first_day", digest.first_day},
              {"last_day", digest.last_day},
              {"reports", digest.health.reports},
              {"messages", digest.health.messages},
              {"rejected", digest.health.rejected},
              {"troubles", encoded(digest.health.troubles)},
              {"items", json::array()},
              {"strangers", json::array()},
              {"policies", json::array()}};
  if (digest.last_made_at) out["last_made_at"] = *digest.last_made_at;
  for (const DigestItem& item : digest.items) out["items"].push_back(encoded(item));
  for (const auto& line : digest.strangers)
    out["strangers"].push_back(
        {{"domain", line.domain}, {"address", line.address}, {"host", line.host}, {"messages", line.messages}});
  for (const auto& policy : digest.policies)
    out["policies"].push_back({{"domain", policy.domain}, {"sentence", encoded(policy.sentence)}});
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

model::Result<model::Digest> decode_digest(std::string_view text) {
  try {
    return digest_of(json::parse(text));
  } catch (const json::exception& fault) {
    return failure("digest-content", std::string("a stored digest cannot be read: ") + fault.what(),
                   "it was written by another version of ruaudit");
  }
}

}  // namespace ruaudit::store
