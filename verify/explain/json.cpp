#include "verify/explain/json.hpp"

#include <nlohmann/json.hpp>

#include "verify/explain/advice.hpp"

namespace ruaudit::verify::explain {
namespace {

using evaluate::MessageEvaluation;
using nlohmann::ordered_json;

ordered_json or_null(const std::string& text) { return text.empty() ? ordered_json(nullptr) : ordered_json(text); }

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json or_null(const std::optional<model::Domain>& domain) {
  return domain ? ordered_json(domain->text()) : ordered_json(nullptr);
}

template <class E>
ordered_json token(E value) {
  return std::string(model::to_text(value));
}

ordered_json lookups(const spf::Lookups& used) {
  ordered_json out = {{"terms", used.terms}, {"limit", spf::Limits{}.terms}, {"voids", used.voids}};
  auto& queries = out["queries"] = ordered_json::array();
  for (const auto& use : used.list)
    queries.push_back({{"name", use.question.name},
                       {"type", token(use.question.type)},
                       {"status", token(use.status)},
                       {"term", or_null(use.term)}});
  return out;
}

ordered_json path(const std::vector<spf::Step>& steps) {
  ordered_json out = ordered_json::array();
  for (const auto& step : steps) out.push_back({{"domain", step.domain}, {"term", step.term}, {"target", step.target}});
  return out;
}

ordered_json spf_json(const spf::CheckResult& check) {
  ordered_json out = {{"checked", true},
                      {"result", token(check.result)},
                      {"explanation", or_null(check.explanation)},
                      {"explanation_source", token(check.explanation_source)},
                      {"reason", check.reason},
                      {"scope", token(check.scope)},
                      {"null_sender", check.is_null_sender},
                      {"domain", or_null(check.domain)},
                      {"sender", or_null(check.sender)},
                      {"record", or_null(check.record)},
                      {"policy_source", token(check.policy)},
                      {"decided_by", nullptr},
                      {"path", path(check.path)},
                      {"lookups", lookups(check.lookups)},
                      {"problem", nullptr},
                      {"notes", check.notes}};
  if (check.decided_by) out["decided_by"] = {{"domain", check.decided_by->domain}, {"term", check.decided_by->term}};
  if (check.problem)
    out["problem"] = {{"code", token(check.problem->problem)},
                      {"domain", or_null(check.problem->domain)},
                      {"term", or_null(check.problem->term)},
                      {"text", check.problem->text}};
  return out;
}

// SPF was asked for, but the client address or the sender is not known: no result (RFC 7208 section 2.6.1), and why.
ordered_json spf_not_made(const MessageEvaluation& done) {
  return {{"checked", false},
          {"result", nullptr},
          {"explanation", nullptr},
          {"reason", "not checked: " + why_no_spf(done)}};
}

ordered_json field_notes(const std::vector<dkim::FieldNote>& notes) {
  ordered_json out = ordered_json::array();
  for (const auto& note : notes)
    out.push_back({{"name", note.name}, {"listed", note.listed}, {"present", note.present}});
  return out;
}

ordered_json signature_json(const dkim::SignatureResult& done) {
  const auto& signature = done.signature;
  ordered_json out = {
      {"result", token(done.result)},
      {"domain", or_null(signature.domain)},
      {"selector", or_null(signature.selector)},
      {"identity", or_null(signature.identity)},
      {"reason", token(done.reason)},
      {"text", or_null(done.text)},
      {"algorithm", or_null(signature.algorithm)},
      {"canonicalization", std::string(signature.header == dkim::Canonicalization::relaxed ? "relaxed/" : "simple/") +
                               (signature.body == dkim::Canonicalization::relaxed ? "relaxed" : "simple")},
      {"key_name", or_null(signature.key_name)},
      {"key_bits", done.key_bits == 0 ? ordered_json(nullptr) : ordered_json(done.key_bits)},
      {"testing", done.is_testing},
      {"legacy", done.is_legacy},
      {"future", done.is_future},
      {"header_verifies", or_null(done.header_verifies)},
      {"body_hash_matches", or_null(done.body_hash_matches)},
      {"unsigned_octets", done.unsigned_octets},
      {"added", nullptr},
      {"fields", field_notes(done.field_notes)},
      {"signed_fields", signature.signed_fields},
      {"timestamp", or_null(signature.timestamp)},
      {"expiration", or_null(signature.expiration)},
      {"b", or_null(signature.signature_text.substr(0, 8))},
      {"line", done.line}};
  if (done.added_text) out["added"] = {{"octets", done.added_text->octets}, {"line", done.added_text->line}};
  return out;
}

ordered_json dkim_json(const dkim::Verification& done) {
  ordered_json out = ordered_json::array();
  for (const auto& signature : done.signatures) out.push_back(signature_json(signature));
  return out;
}

ordered_json arc_json(const arc::Chain& chain) {
  ordered_json out = {{"result", token(chain.result)},
                      {"reason", token(chain.reason)},
                      {"text", or_null(chain.text)},
                      {"oldest_pass", or_null(chain.oldest_pass)}};
  auto& sets = out["sets"] = ordered_json::array();
  for (const auto& set : chain.sets) {
    ordered_json one = {{"instance", set.instance},
                        {"domain", or_null(set.domain)},
                        {"selector", or_null(set.selector)},
                        {"cv", or_null(set.chain_value)},
                        {"seal_verifies", or_null(set.seal_verifies)},
                        {"seal_text", or_null(set.seal_text)},
                        {"message_signature", nullptr},
                        {"authentication_results", or_null(set.authentication_results)},
                        {"remarks", set.remarks}};
    if (set.message_signature)
      one["message_signature"] = {{"result", token(set.message_signature->result)},
                                  {"reason", token(set.message_signature->reason)},
                                  {"text", or_null(set.message_signature->text)}};
    sets.push_back(std::move(one));
  }
  return out;
}

ordered_json identifiers(const dmarc::Evaluation& done) {
  ordered_json out = ordered_json::array();
  for (const auto& one : done.identifiers)
    out.push_back({{"mechanism", token(one.mechanism)},
                   {"domain", one.domain},
                   {"selector", or_null(one.selector)},
                   {"result", one.result},
                   {"authenticated", one.is_authenticated},
                   {"mode", token(one.mode)},
                   {"alignment", token(one.alignment)},
                   {"organizational_domain", or_null(one.organizational_domain)},
                   {"explanation", one.explanation}});
  return out;
}

ordered_json dmarc_json(const dmarc::Evaluation& done) {
  ordered_json out = {{"result", token(done.result)},
                      {"policy", done.policy ? token(*done.policy) : ordered_json(nullptr)},
                      {"applied", token(done.applied)},
                      {"policy_domain", or_null(done.policy_domain)},
                      {"organizational_domain", or_null(done.organizational_domain)},
                      {"author_domain", or_null(done.author_domain)},
                      {"rules", token(done.rules)},
                      {"policy_tag", done.policy_tag ? token(*done.policy_tag) : ordered_json(nullptr)},
                      {"spf_aligned", done.is_spf_aligned},
                      {"dkim_aligned", done.is_dkim_aligned},
                      {"record", done.record ? ordered_json(done.record->text) : ordered_json(nullptr)},
                      {"author_status", token(done.authors.status)},
                      {"identifiers", identifiers(done)}};
  auto& steps = out["discovery"] = ordered_json::array();
  for (const auto& step : done.discovery)
    steps.push_back({{"name", step.name}, {"status", token(step.status)}, {"outcome", step.outcome}});
  auto& reasons = out["reasons"] = ordered_json::array();
  for (const auto& reason : done.reasons) reasons.push_back({{"code", reason.code}, {"text", reason.text}});
  return out;
}

template <class T>
ordered_json source(const std::optional<trace::Taken<T>>& taken, bool is_given) {
  if (is_given) return "given";
  if (!taken) return nullptr;
  return taken->source.field + " (" + taken->source.detail + "), line " + std::to_string(taken->source.line);
}

ordered_json envelope(const MessageEvaluation& done) {
  const auto& facts = done.facts;
  return {{"ip", done.ip ? ordered_json(done.ip->to_string()) : ordered_json(nullptr)},
          {"ip_from", source(facts.ip, done.given.ip.has_value())},
          {"helo", or_null(done.helo)},
          {"helo_from", source(facts.helo, done.given.helo.has_value())},
          {"mail_from", or_null(done.mail_from)},
          {"mail_from_from", source(facts.mail_from, done.given.mail_from.has_value())}};
}

ordered_json rewrite(const srs::Rewrite& found) {
  if (found.scheme == srs::Scheme::none) return nullptr;
  return {{"scheme", token(found.scheme)}, {"address", or_null(found.address)}, {"text", found.text}};
}

ordered_json repairs(const std::vector<model::Defect>& defects) {
  ordered_json out = ordered_json::array();
  for (const auto& defect : defects)
    out.push_back({{"code", defect.code}, {"detail", defect.detail}, {"line", defect.line}});
  return out;
}

void add_results(const MessageEvaluation& done, const evaluate::Checks& checks, ordered_json& out) {
  if (checks.spf) {
    out["spf"] = done.spf ? spf_json(*done.spf) : spf_not_made(done);
    if (done.spf_published) out["spf_published"] = spf_json(*done.spf_published);
    out["spf_helo"] = done.spf_helo ? spf_json(*done.spf_helo) : ordered_json(nullptr);
  }
  if (checks.dkim && done.dkim) out["dkim"] = dkim_json(*done.dkim);
  if (checks.arc && done.arc) out["arc"] = arc_json(*done.arc);
  if (!checks.dmarc || !done.dmarc) return;
  out["dmarc"] = dmarc_json(*done.dmarc);
  if (done.dmarc_other) out["dmarc_other"] = dmarc_json(*done.dmarc_other);
}

std::string dump(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json with_id(const std::string& id) {
  ordered_json out = ordered_json::object();
  if (id.empty()) return out;
  auto parsed = ordered_json::parse(id, nullptr, false);
  out["id"] = parsed.is_discarded() ? ordered_json(nullptr) : std::move(parsed);
  return out;
}

}  // namespace

std::string to_json(const MessageEvaluation& done, const JsonStyle& style) {
  ordered_json out = with_id(style.id);
  add_results(done, style.checks, out);
  out["envelope"] = envelope(done);
  out["at"] = done.at;
  out["rewrite"] = rewrite(done.rewrite);
  out["repairs"] = repairs(done.repairs);
  out["notes"] = done.facts.notes;
  if (!style.unknown_members.empty()) out["unknown_members"] = style.unknown_members;
  return dump(out, style.indent);
}

std::string error_json(const std::string& id, const model::Error& error) {
  ordered_json out = with_id(id);
  out["error"] = error.message;
  out["code"] = error.code;
  if (!error.hint.empty()) out["hint"] = error.hint;
  return dump(out, -1);
}

}  // namespace ruaudit::verify::explain
