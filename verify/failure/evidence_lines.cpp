#include <fmt/format.h>

#include <algorithm>

#include "verify/failure/words.hpp"

namespace ruaudit::verify::failure {
namespace {

using Lines = std::vector<EvidenceLine>;

constexpr std::size_t max_signature_lines = 10;

std::string_view named(Authorisation authorisation) {
  switch (authorisation) {
    case Authorisation::yes:
      return "authorised";
    case Authorisation::no:
      return "not authorised";
    case Authorisation::no_record:
      return "neither authorised nor not: the domain publishes no SPF record";
    case Authorisation::anyone:
      return "not singled out: the record lets everyone send";
    case Authorisation::undecided:
      return "not decided";
    default:
      return "not checked";
  }
}

void add_spf(Lines& lines, const SampleFacts& facts) {
  if (facts.spf)
    lines.push_back({"spf", fmt::format("SPF {} for {}, {} with {}{}{}", model::to_text(facts.spf->result),
                                        facts.spf->domain.empty() ? "no domain" : facts.spf->domain,
                                        facts.spf->is_aligned ? "aligned" : "not aligned", facts.author,
                                        facts.spf->text.empty() ? "" : ": ", facts.spf->text)});
  else
    lines.push_back({"spf", "SPF could not be checked: the client or the envelope sender is not known"});
  if (facts.authorised_then != Authorisation::not_checked)
    lines.push_back(
        {"authorised-then", fmt::format("by SPF of {} the source is {}{}", facts.author, named(facts.authorised_then),
                                        facts.authorised_by.empty() ? "" : " (" + facts.authorised_by + ")")});
  if (facts.quoted_spf_authorises)
    lines.push_back(
        {"claim", "the SPF record that the report quotes would authorise the source; DNS does not have it"});
  if (facts.authorised_today != Authorisation::not_checked)
    lines.push_back({"authorised-today", fmt::format("by today's SPF of {} the source is {}", facts.author,
                                                     named(facts.authorised_today))});
}

}  // namespace

std::string_view damage_words(Damage damage) { return damage == Damage::none ? "verifies" : model::to_text(damage); }

namespace {

std::string signature_text(const SignatureFacts& one) {
  std::string out = fmt::format("DKIM d={} s={}, {}: {}", one.domain, one.selector,
                                one.is_aligned ? "aligned" : "not aligned", damage_words(one.damage));
  if (!one.fields.empty()) out += " (" + one.fields + ")";
  if (!one.text.empty()) out += "; " + one.text;
  if (one.is_made_by_key)
    out += *one.is_made_by_key ? "; made by the key published" : "; not made by the key published";
  if (one.verifies_with_reported)
    out += *one.verifies_with_reported ? "; verifies with the key that the report quotes"
                                       : "; does not verify with the key that the report quotes either";
  return out;
}

void add_signatures(Lines& lines, const SampleFacts& facts) {
  for (const auto& one : facts.signatures)
    if (lines.size() < max_signature_lines + 4) lines.push_back({"dkim", signature_text(one)});
  if (facts.signatures.empty() && facts.extent != model::SampleExtent::none)
    lines.push_back({"dkim", "the sample has no DKIM signature"});
}

void add_forwarding(Lines& lines, const SampleFacts& facts) {
  const auto& f = facts.forwarding;
  if (!f.srs_forwarder.empty())
    lines.push_back({"srs", fmt::format("the envelope sender was rewritten by {}{}{}", f.srs_forwarder,
                                        f.srs_is_of_author ? " from an address of the author's domain" : "",
                                        f.srs_passes_spf ? ", and SPF passes for it" : "")});
  if (!f.arc_sealer.empty())
    lines.push_back(
        {"arc", fmt::format("the ARC chain {}, sealed last by {}{}",
                            f.arc_passes         ? "holds"
                            : f.arc_is_unchecked ? "cannot be validated without the body"
                                                 : "does not hold",
                            f.arc_sealer, f.arc_tells_author_passed ? ", which saw the author's domain pass" : "")});
  if (!f.list.empty()) lines.push_back({"list", fmt::format("the header has fields of a mailing list: {}", f.list)});
}

void add_history(Lines& lines, const SampleFacts& facts) {
  const auto& h = facts.history;
  if (h.messages == 0 && h.unproved_messages == 0) {
    lines.push_back({"history", fmt::format("no aggregate row of the {} days before names this source for {}",
                                            history_days, facts.author)});
    return;
  }
  if (h.unproved_messages > 0)
    lines.push_back(
        {"history", fmt::format("in reports that do not prove where they come from, and which therefore weigh "
                                "less: {} messages of this source for {}, {} aligned",
                                h.unproved_messages, facts.author, h.unproved_aligned)});
  if (h.own_messages > 0)
    lines.push_back({"history", fmt::format("{} messages on {} days, told by {} reporters, had a return path of {}",
                                            h.own_messages, h.own_days, h.own_reporters, facts.author)});
  if (h.messages == 0) return;
  lines.push_back({"history", fmt::format("aggregate rows of the {} days before: {} messages of this source for {}, {} "
                                          "aligned by SPF, {} by DKIM{}",
                                          history_days, h.messages, facts.author, h.spf_aligned, h.dkim_aligned,
                                          h.last_day.empty() ? "" : ", last on " + h.last_day)});
}

}  // namespace

std::vector<EvidenceLine> evidence_for(const Grounds& grounds) {
  const auto& facts = grounds.facts;
  Lines lines;
  lines.push_back({"sample", fmt::format("sample: {}{}", model::to_text(facts.extent),
                                         facts.is_redacted ? ", redacted by the reporter" : "")});
  if (facts.author.empty()) return lines;
  add_spf(lines, facts);
  add_signatures(lines, facts);
  add_forwarding(lines, facts);
  if (facts.source) add_history(lines, facts);
  if (facts.passes_rfc9989 != facts.passes_rfc7489)
    lines.push_back({"dmarc", fmt::format("DMARC passes by RFC {} only", facts.passes_rfc9989 ? "9989" : "7489")});
  if (!facts.has_policy) lines.push_back({"dmarc", fmt::format("{} publishes no DMARC policy", facts.author)});
  return lines;
}

std::vector<std::string> disagreements_of(const SampleFacts& facts) {
  std::vector<std::string> out;
  const auto& claims = facts.claims;
  if (claims.spf && facts.spf && *claims.spf != facts.spf->result)
    out.push_back(fmt::format("SPF: the report says {}, we find {} for {}", model::to_text(*claims.spf),
                              model::to_text(facts.spf->result), facts.spf->domain));
  if (claims.dkim) {
    const bool passes = std::any_of(facts.signatures.begin(), facts.signatures.end(), [](const SignatureFacts& one) {
      return one.damage == Damage::none || one.damage == Damage::content_beyond_length;
    });
    if (passes != (*claims.dkim == model::DkimResult::pass))
      out.push_back(fmt::format("DKIM: the report says {}, we find {}", model::to_text(*claims.dkim),
                                passes ? "a signature that verifies" : "none that verifies"));
  }
  const bool passes_dmarc = facts.passes_rfc9989 || facts.passes_rfc7489;
  if (claims.dmarc && !facts.author.empty() && (*claims.dmarc == dmarc::DmarcResult::pass) != passes_dmarc)
    out.push_back(fmt::format("DMARC: the report says {}, we find {}", model::to_text(*claims.dmarc),
                              passes_dmarc ? "pass" : "no pass"));
  return out;
}

}  // namespace ruaudit::verify::failure
