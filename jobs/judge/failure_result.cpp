#include "jobs/judge/failure_result.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model/ascii.hpp"
#include "report/safe_text.hpp"
#include "verify/explain/details.hpp"
#include "verify/explain/json.hpp"
#include "verify/failure/words.hpp"

namespace ruaudit::jobs {
namespace {

namespace failure = verify::failure;
using nlohmann::json;
using Text = std::optional<std::string>;

template <class Enumeration>
Text token(Enumeration value) {
  return std::string(model::to_text(value));
}

bool keeps_words(const store::StoredFailure& stored) {
  return stored.policy == store::SamplePolicy::full || stored.policy == store::SamplePolicy::headers;
}

bool passes(const failure::SignatureFacts& one) {
  return one.damage == failure::Damage::none || one.damage == failure::Damage::content_beyond_length;
}

// The signature that a row can name: an aligned one that passes, else one that passes, else an aligned one.
const failure::SignatureFacts* chief(const std::vector<failure::SignatureFacts>& signatures) {
  const failure::SignatureFacts* best = nullptr;
  const auto rank = [](const failure::SignatureFacts& one) { return 2 * int{passes(one)} + int{one.is_aligned}; };
  for (const auto& one : signatures)
    if (best == nullptr || rank(one) > rank(*best)) best = &one;
  return best;
}

void add_dkim(store::FailureResult& out, const failure::Examination& done) {
  if (!done.evaluation.dkim) return;
  const auto* one = chief(done.facts.signatures);
  out.dkim = one != nullptr && passes(*one) ? Text("pass") : token(done.evaluation.dkim->summary);
  if (one == nullptr) return;
  out.dkim_domain = one->domain;
  out.dkim_aligned = one->is_aligned ? 1 : 0;
}

// Nothing: undecided.
Text result_of(const verify::dmarc::Evaluation& done) {
  if (done.result == verify::dmarc::DmarcResult::undecided) return std::nullopt;
  return token(done.result);
}

void add_results(store::FailureResult& out, const failure::Examination& done) {
  if (done.facts.extent == model::SampleExtent::none) return;
  const auto& evaluation = done.evaluation;
  if (evaluation.spf) {
    out.spf = token(evaluation.spf->result);
    out.spf_domain = evaluation.spf->domain;
    out.spf_aligned = done.facts.spf && done.facts.spf->is_aligned ? 1 : 0;
  }
  add_dkim(out, done);
  const auto& forwarding = done.facts.forwarding;
  if (evaluation.arc && done.facts.extent == model::SampleExtent::full) out.arc = token(evaluation.arc->result);
  if (done.facts.extent == model::SampleExtent::headers && !forwarding.arc_is_unchecked)
    out.arc = forwarding.arc_sealer.empty() ? "none" : (forwarding.arc_passes ? "pass" : "fail");
  if (!evaluation.dmarc) return;
  const bool passes_by_kept_hash = out.dkim == "pass" && out.dkim_aligned == 1;
  out.dmarc = passes_by_kept_hash && evaluation.dmarc->policy_domain ? Text("pass") : result_of(*evaluation.dmarc);
  if (evaluation.dmarc_other) out.dmarc_7489 = result_of(*evaluation.dmarc_other);
  if (evaluation.dmarc->policy && *evaluation.dmarc->policy != model::Policy::unknown)
    out.policy = token(*evaluation.dmarc->policy);
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_break = c == '\t' || c == '\r' || c == '\n';
    if (!is_break)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return report::harmless(out);
}

json signature_json(const failure::SignatureFacts& one) {
  json item = {{"domain", report::harmless(one.domain)},
               {"selector", report::harmless(one.selector)},
               {"aligned", one.is_aligned},
               {"algorithm", one.is_ed25519 ? "ed25519" : "rsa"},
               {"damage", model::to_text(one.damage)},
               {"text", report::harmless(one.text)}};
  if (!one.fields.empty()) item["fields"] = report::harmless(one.fields);
  if (one.is_made_by_key) item["made_by_key"] = *one.is_made_by_key;
  if (one.verifies_with_reported) item["verifies_with_reported_key"] = *one.verifies_with_reported;
  if (one.added_octets > 0) item["added_octets"] = one.added_octets;
  if (one.added_line > 0) item["added_line"] = one.added_line;
  return item;
}

std::string details(const failure::Examination& done) {
  json out;
  out["signatures"] = json::array();
  for (const auto& one : done.facts.signatures) out["signatures"].push_back(signature_json(one));
  out["sections"] = json::array();
  if (done.facts.extent != model::SampleExtent::none) {
    for (const auto& section : verify::explain::details(done.evaluation, {})) {
      json lines = json::array();
      for (const auto& line : section.lines) lines.push_back(one_line(line));
      out["sections"].push_back({{"title", section.title}, {"lines", std::move(lines)}});
    }
    out["evaluation"] = json::parse(verify::explain::to_json(done.evaluation), nullptr, false);
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string change_text(const failure::Change& change) {
  const std::string place =
      change.part == failure::ChangePart::header ? change.field : fmt::format("line {}", change.line);
  return fmt::format("{}: {}\n- {}\n+ {}", report::harmless(place), change.basis, report::harmless(change.before),
                     report::harmless(change.after));
}

void add_changes(store::FailureResult& out, const JudgedSample& sample) {
  for (const auto& change : sample.examination.changes) {
    const bool is_header = change.part == failure::ChangePart::header;
    const bool is_permitted =
        is_header ? keeps_words(sample.stored) : sample.stored.policy == store::SamplePolicy::full;
    if (is_permitted)
      out.evidence.push_back({is_header ? "header-change" : "body-change", change_text(change)});
    else
      out.evidence.push_back(
          {"change", is_header ? fmt::format("header field {}: {}", report::harmless(change.field), change.basis)
                               : fmt::format("body, line {}: {}", change.line, change.basis)});
  }
}

std::string local_part(const Text& address) {
  if (!address) return "";
  std::string local = address->substr(0, address->rfind('@'));
  ascii::lower_in_place(local);
  return local;
}

// A macro of SPF can carry the sender's local part into a name (RFC 7208 section 7.2).
void add_answers(store::FailureResult& out, const JudgedSample& sample) {
  const std::string secret = keeps_words(sample.stored) ? "" : local_part(sample.examination.evaluation.mail_from);
  for (const auto& answer : sample.answers) {
    if (!secret.empty() && answer.question.name.find(secret) != std::string::npos) continue;
    out.answers.push_back(kept_answer(answer));
  }
}

void add_signatures(store::FailureResult& out, const failure::Examination& done) {
  for (std::size_t i = 0; i < done.signatures.size(); ++i) {
    const auto& kept = done.signatures[i];
    const auto& facts = done.facts.signatures[i];
    store::KeptSignature one{.field = "dkim-signature",
                             .domain = facts.domain,
                             .selector = facts.selector,
                             .algorithm = done.evaluation.dkim->signatures[i].signature.algorithm,
                             .value = kept.value,
                             .header_input = kept.header_input};
    if (!kept.body_hash.empty()) one.body_hash = kept.body_hash;
    out.signatures.push_back(std::move(one));
  }
}

}  // namespace

model::KeptAnswer kept_answer(const verify::dns::Answer& answer) {
  return {.name = answer.question.name,
          .type = std::string(model::to_text(answer.question.type)),
          .content = answer_json(answer, verify::dns::Varying::left_out),
          .evidence = answer_json(answer)};
}

std::vector<failure::EvidenceLine> differences(const failure::SampleFacts& then, const failure::SampleFacts& today) {
  std::vector<failure::EvidenceLine> out;
  if (then.spf && today.spf && then.spf->result != today.spf->result)
    out.push_back({"dns-today", fmt::format("SPF {} by the DNS of that time, {} by today's",
                                            model::to_text(then.spf->result), model::to_text(today.spf->result))});
  for (std::size_t i = 0; i < then.signatures.size() && i < today.signatures.size(); ++i) {
    const auto &a = then.signatures[i], &b = today.signatures[i];
    if (a.damage != b.damage)
      out.push_back(
          {"dns-today", fmt::format("DKIM d={} s={}: {} by the DNS of that time, {} by today's", a.domain, a.selector,
                                    failure::damage_words(a.damage), failure::damage_words(b.damage))});
  }
  if (then.passes_rfc9989 != today.passes_rfc9989)
    out.push_back({"dns-today", fmt::format("DMARC {} by the DNS of that time, and {} by today's",
                                            then.passes_rfc9989 ? "passes" : "does not pass",
                                            today.passes_rfc9989 ? "passes" : "does not pass")});
  return out;
}

void add_known_additions(const std::string& details, std::vector<failure::KnownBody>& bodies) {
  const json parsed = json::parse(details, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("signatures") || !parsed["signatures"].is_array()) return;
  const auto& signatures = parsed["signatures"];
  const auto number = [](const json& item, const char* name) -> std::uint64_t {
    return item.is_object() && item.contains(name) && item[name].is_number_unsigned() ? item[name].get<std::uint64_t>()
                                                                                      : 0;
  };
  for (std::size_t i = 0; i < signatures.size() && i < bodies.size(); ++i) {
    bodies[i].added_octets = number(signatures[i], "added_octets");
    bodies[i].added_line = static_cast<std::uint32_t>(number(signatures[i], "added_line"));
  }
}

store::FailureResult failure_result(const JudgedSample& sample) {
  const auto& conclusion = sample.conclusion;
  store::FailureResult out;
  out.failure_key = sample.stored.failure_key;
  out.verified_at = sample.now;
  out.judged_at = sample.examination.facts.at;
  out.dns_time = sample.dns_time;
  out.tool_version = RUAUDIT_VERSION;
  add_results(out, sample.examination);
  out.conclusion = model::to_text(conclusion.verdict);
  out.mechanism = model::to_text(conclusion.mechanism);
  out.confidence = model::to_text(conclusion.confidence);
  out.reason = model::to_text(conclusion.reason);
  out.summary = report::harmless(conclusion.summary);
  if (!conclusion.advice.empty()) out.advice = report::harmless(conclusion.advice);
  std::string disagreement;
  for (const auto& one : conclusion.disagreements)
    disagreement += (disagreement.empty() ? "" : "\n") + report::harmless(one);
  if (!disagreement.empty()) out.disagreement = disagreement;
  for (const auto& line : conclusion.evidence) out.evidence.push_back({line.kind, report::harmless(line.text)});
  if (sample.stored.state == store::SampleState::cut &&
      sample.stored.report.sample.extent == model::SampleExtent::headers)
    out.evidence.push_back(
        {"cut", "the body is not kept: what is said about it was found when it was there, or is not known"});
  for (const auto& line : sample.today) out.evidence.push_back({line.kind, report::harmless(line.text)});
  add_changes(out, sample);
  out.details = details(sample.examination);
  add_answers(out, sample);
  add_signatures(out, sample.examination);
  return out;
}

}  // namespace ruaudit::jobs
