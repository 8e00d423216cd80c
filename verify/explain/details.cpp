#include "verify/explain/details.hpp"

#include <fmt/format.h>

#include "model/calendar.hpp"
#include "verify/explain/advice.hpp"

namespace ruaudit::verify::explain {
namespace {

using evaluate::MessageEvaluation;
using Lines = std::vector<std::string>;

template <class T>
std::string origin(bool is_given, const std::optional<trace::Taken<T>>& taken) {
  if (is_given) return "given";
  if (!taken) return "not known";
  return fmt::format("{} in line {}", taken->source.field, taken->source.line);
}

Lines envelope_lines(const MessageEvaluation& done) {
  const auto& given = done.given;
  Lines lines;
  lines.push_back(fmt::format("client {} ({})", done.ip ? done.ip->to_string() : "not known",
                              origin(given.ip.has_value(), done.facts.ip)));
  if (!done.helo.empty())
    lines.push_back(fmt::format("HELO {} ({})", done.helo, origin(given.helo.has_value(), done.facts.helo)));
  if (done.mail_from) {
    const bool is_given = given.mail_from.has_value() || !done.facts.mail_from;
    lines.push_back(fmt::format("MAIL FROM <{}>{} ({})", *done.mail_from,
                                done.mail_from->empty() ? ", the null sender of bounces" : "",
                                origin(is_given, done.facts.mail_from)));
  }
  lines.push_back(fmt::format(
      "judged as at {} ({})", time_text(done.at),
      done.at_source == evaluate::TimeSource::trace ? "arrival in Received" : model::to_text(done.at_source)));
  for (const auto& note : done.facts.notes) lines.push_back(note);
  return lines;
}

std::string way(const spf::CheckResult& check) {
  std::string out;
  for (const auto& step : check.path) out += fmt::format("{} > ", step.domain + " " + step.term);
  if (check.decided_by) out += check.decided_by->domain + " " + check.decided_by->term;
  return out;
}

Lines spf_lines(const MessageEvaluation& done) {
  Lines lines;
  if (!done.spf) lines.push_back("not checked: " + why_no_spf(done));
  if (done.spf) {
    const auto& check = *done.spf;
    lines.push_back(fmt::format("{} for {}{}", model::to_text(check.result), check.sender,
                                check.is_null_sender ? " (null sender: the HELO name stands for it)" : ""));
    if (!check.reason.empty()) lines.push_back(check.reason);
    if (!check.path.empty()) lines.push_back("way: " + way(check));
    if (!check.record.empty()) lines.push_back("record: " + check.record);
    lines.push_back(fmt::format("lookups: {} of {} terms, {} of {} void", check.lookups.terms, spf::Limits{}.terms,
                                check.lookups.voids, spf::Limits{}.void_lookups));
    if (!check.explanation.empty() && check.explanation_source == spf::ExplanationSource::published)
      lines.push_back("the domain explains: " + check.explanation);
    for (const auto& note : check.notes) lines.push_back(note);
  }
  if (done.spf_published && done.dmarc)
    lines.push_back(fmt::format("for DMARC the published record alone counts: {}, {}",
                                model::to_text(done.spf_published->result), done.spf_published->reason));
  if (done.spf_helo && !(done.spf && done.spf->is_null_sender))
    lines.push_back(fmt::format("HELO: {} for {} (does not count for DMARC)", model::to_text(done.spf_helo->result),
                                done.spf_helo->domain));
  return lines;
}

std::string signature_line(const dkim::SignatureResult& one) {
  const auto& signature = one.signature;
  std::string out = fmt::format("{}: d={} s={}", model::to_text(one.result), signature.domain, signature.selector);
  if (!signature.algorithm.empty()) out += " " + signature.algorithm;
  if (one.key_bits != 0) out += fmt::format(", {} bits", one.key_bits);
  return out + fmt::format(" (line {}, {})", one.line, model::to_text(one.reason));
}

Lines dkim_lines(const dkim::Verification& done) {
  Lines lines;
  for (const auto& one : done.signatures) {
    lines.push_back(signature_line(one));
    if (!one.text.empty()) lines.push_back("  " + one.text);
    if (one.is_testing) lines.emplace_back("  the key is in test mode (t=y): a failure counts like no signature");
    if (one.is_legacy) lines.emplace_back("  verifies only because of --legacy; it is no pass for DMARC");
    if (one.is_future) lines.emplace_back("  t= lies in the future: a clock is wrong");
  }
  if (lines.empty()) lines.emplace_back("none: the mail has no signature");
  if (done.not_listed > 0) lines.push_back(fmt::format("{} more signatures were not looked at", done.not_listed));
  return lines;
}

// RFC 5322 section 2.2.3: a fold is the blank behind its line end.
std::string unfolded(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\r' || value[i] == '\n') continue;
    const bool ends_fold = i > 0 && value[i - 1] == '\n' && value[i] == '\t';
    out += ends_fold ? ' ' : value[i];
  }
  return out;
}

Lines arc_lines(const arc::Chain& chain) {
  if (chain.result == arc::ChainResult::none && chain.sets.empty()) return {"none: the mail was not sealed"};
  Lines lines;
  std::string first = fmt::format("{}, {} {}", model::to_text(chain.result), chain.sets.size(),
                                  chain.sets.size() == 1 ? "set" : "sets");
  if (chain.oldest_pass) first += fmt::format(", oldest-pass {}", *chain.oldest_pass);
  lines.push_back(first + (chain.text.empty() ? "" : ": " + chain.text));
  for (const auto& set : chain.sets) {
    lines.push_back(fmt::format("{}: sealed by {} (s={}, cv={}){}", set.instance, set.domain, set.selector,
                                set.chain_value, set.seal_text.empty() ? "" : ": " + set.seal_text));
    if (!set.authentication_results.empty()) lines.push_back("  it saw: " + unfolded(set.authentication_results));
    for (const auto& remark : set.remarks) lines.push_back("  " + remark);
  }
  lines.emplace_back("A chain informs a receiver; it does not change the DMARC result.");
  return lines;
}

std::string policy_line(const dmarc::Evaluation& done) {
  std::string out = fmt::format("{} by {}", model::to_text(done.result),
                                done.rules == dmarc::Rules::rfc9989 ? "RFC 9989" : "RFC 7489");
  if (!done.policy || !done.policy_domain) return out;
  const auto tag = done.policy_tag ? std::string(model::to_text(*done.policy_tag)) : std::string("p");
  return out + fmt::format(": policy {} ({}= at _dmarc.{}), applied {}", model::to_text(*done.policy), tag,
                           done.policy_domain->text(), model::to_text(done.applied));
}

std::string alignment_line(const dmarc::IdentifierAlignment& one) {
  const auto aligned = one.alignment == model::Alignment::aligned       ? "aligned"
                       : one.alignment == model::Alignment::not_aligned ? "not aligned"
                                                                        : "alignment not known";
  return fmt::format("{} {} ({}): {} ({}, {})", model::to_text(one.mechanism), one.domain, one.result, aligned,
                     one.mode == model::AlignmentMode::s ? "strict" : "relaxed", one.explanation);
}

Lines dmarc_lines(const MessageEvaluation& done) {
  const auto& judged = *done.dmarc;
  Lines lines{policy_line(judged)};
  if (judged.author_domain)
    lines.push_back(fmt::format("From domain {}, organizational domain {}", judged.author_domain->text(),
                                judged.organizational_domain ? judged.organizational_domain->text() : "not known"));
  if (judged.record) lines.push_back("record: " + judged.record->text);
  if (judged.record)
    for (const auto& fault : judged.record->faults)
      lines.push_back(fmt::format("fault in the record: {}={}: {}", fault.tag, fault.value, fault.reason));
  for (const auto& one : judged.identifiers) lines.push_back(alignment_line(one));
  for (const auto& oddity : judged.authors.oddities) lines.push_back(oddity);
  for (const auto& reason : judged.reasons)  // those of one identifier are told with its alignment
    if (!reason.code.ends_with("-not-aligned") && !reason.code.ends_with("-not-authenticated"))
      lines.push_back(reason.text);
  if (done.dmarc_other) lines.push_back("The other RFC differs: " + policy_line(*done.dmarc_other));
  return lines;
}

Lines other_lines(const MessageEvaluation& done) {
  Lines lines;
  if (!done.rewrite.text.empty()) lines.push_back(done.rewrite.text);
  for (const auto& repair : done.repairs)
    lines.push_back(fmt::format("repaired before verification: {} ({})", repair.code, repair.detail));
  return lines;
}

}  // namespace

std::vector<Section> details(const MessageEvaluation& done, const evaluate::Checks& checks) {
  std::vector<Section> sections{{"Envelope", envelope_lines(done)}};
  if (checks.spf || checks.dmarc) sections.push_back({"SPF", spf_lines(done)});
  if ((checks.dkim || checks.dmarc) && done.dkim) sections.push_back({"DKIM", dkim_lines(*done.dkim)});
  if (checks.arc && done.arc) sections.push_back({"ARC", arc_lines(*done.arc)});
  if (done.dmarc) sections.push_back({"DMARC", dmarc_lines(done)});
  sections.push_back({"Notes", other_lines(done)});
  std::erase_if(sections, [](const Section& section) { return section.lines.empty(); });
  return sections;
}

std::string time_text(std::int64_t epoch) {
  const std::int64_t second = epoch - model::day_number(epoch) * model::seconds_per_day;
  return fmt::format("{} {:02}:{:02}:{:02} UTC", model::day_text(epoch), second / 3600, second / 60 % 60, second % 60);
}

}  // namespace ruaudit::verify::explain
