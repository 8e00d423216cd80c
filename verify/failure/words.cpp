#include "verify/failure/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ruaudit::verify::failure {
namespace {

std::string source_of(const SampleFacts& facts) {
  return facts.source ? facts.source->to_string() : std::string("an unknown source");
}

std::string signer_of(const Ruling& ruling) {
  if (ruling.signature == nullptr) return "the author's domain";
  return fmt::format("d={} s={}", ruling.signature->domain, ruling.signature->selector);
}

// What the verifier says, unless it quotes the signature: summaries are kept and shipped where the sample is not.
std::string said_by_verifier(const SignatureFacts* signature) {
  if (signature == nullptr || signature->text.empty()) return {};
  return signature->text.find_first_of("'\"@") == std::string::npos ? ": " + signature->text : std::string();
}

// The damage as the end of a sentence that begins with the mail.
std::string damage_text(const Ruling& ruling, const Grounds& g) {
  const auto* signature = ruling.signature;
  const std::string signer = signer_of(ruling);
  switch (ruling.reason) {
    case Reason::footer_added:
      return fmt::format("the body changed: {} octets were added below the text that {} signed, from line {} on",
                         signature != nullptr ? signature->added_octets : 0, signer,
                         signature != nullptr ? signature->added_line : 0) +
             (signature != nullptr && !signature->fields.empty() ? "; of the header, changed too: " + signature->fields
                                                                 : std::string());
    case Reason::content_beyond_length:
      return fmt::format("{} octets stand below the length (l=) that {} signed, and are not signed",
                         signature != nullptr ? signature->added_octets : 0, signer);
    case Reason::body_changed:
      return fmt::format("the body was changed after {} signed it; the header is as signed", signer);
    case Reason::header_changed:
      return signature != nullptr && !signature->fields.empty()
                 ? fmt::format("a header field that {} signed was changed: {}", signer, signature->fields)
                 : fmt::format("a header field that {} signed was changed", signer);
    case Reason::header_and_body_changed:
      return fmt::format("neither header nor body are as {} signed them", signer);
    case Reason::signature_expired:
      return fmt::format("the signature of {} had expired when the mail arrived", signer);
    case Reason::key_missing:
      return fmt::format("there is no key for the signature of {}", signer);
    case Reason::key_revoked:
      return fmt::format("the key for the signature of {} is revoked", signer);
    case Reason::key_replaced:
      return fmt::format("the key published for {} is not the one that made the signature", signer);
    case Reason::key_faulty:
      return fmt::format("the key for {} cannot be used{}", signer, said_by_verifier(signature));
    case Reason::signature_faulty:
      return fmt::format("the signature of {} cannot be used{}", signer, said_by_verifier(signature));
    case Reason::spf_source_missing:
      return fmt::format("the SPF record of {} does not name {}", g.facts.spf ? g.facts.spf->domain : g.facts.author,
                         source_of(g.facts));
    case Reason::spf_record_faulty:
      return fmt::format("the SPF record of {} cannot be evaluated",
                         g.facts.spf ? g.facts.spf->domain : g.facts.author);
    case Reason::return_path_not_aligned:
      return fmt::format("its return path ({}) is not aligned with {}, and nothing signs for {}",
                         g.facts.spf && !g.facts.spf->domain.empty() ? g.facts.spf->domain : "none", g.facts.author,
                         g.facts.author);
    default:
      return "";
  }
}

std::string own_summary(const Ruling& ruling, const Grounds& g) {
  return fmt::format("A sender of {} ({}) is broken: {}.", g.facts.author, source_of(g.facts), damage_text(ruling, g));
}

std::string forwarder_of(const Grounds& g) {
  const auto& forwarding = g.facts.forwarding;
  if (g.is_srs) return fmt::format(" by {}, which rewrote the envelope sender (SRS)", forwarding.srs_forwarder);
  if (g.is_list) return fmt::format(" by the mailing list {}", forwarding.list);
  if (g.is_arc) return fmt::format(" by {}, which sealed it (ARC)", forwarding.arc_sealer);
  return "";
}

std::string forwarded_summary(const Ruling& ruling, const Grounds& g) {
  std::string out = fmt::format("A mail of {} was forwarded{}", g.facts.author, forwarder_of(g));
  if (ruling.reason == Reason::dkim_survived)
    return out + fmt::format(": SPF does not pass for {}, the signature of {} still does.", source_of(g.facts),
                             g.intact != nullptr ? g.intact->domain : g.facts.author);
  const std::string damage = damage_text(ruling, g);
  return damage.empty() ? out + "." : out + ": " + damage + ".";
}

std::string forgery_summary(const Ruling& ruling, const Grounds& g) {
  std::string out =
      fmt::format("{} sent in the name of {} without its permission: no SPF and no signature of the domain ",
                  source_of(g.facts), g.facts.author);
  const bool has_record = g.facts.authorised_then != Authorisation::no_record;
  out += has_record ? "pass, SPF does not authorise the source" : "pass, the domain publishes no SPF record";
  out += fmt::format(", and no aggregate row of the {} days before saw it aligned", history_days);
  if (ruling.reason == Reason::signature_invalid)
    out += "; the signature that names the domain is not valid in any part";
  return out + ".";
}

std::string legitimate_summary(const Ruling& ruling, const Grounds& g) {
  const std::string how = g.intact != nullptr && g.passes_spf ? "SPF and DKIM pass and are"
                          : g.passes_spf                      ? "SPF passes and is"
                                                              : "DKIM passes and is";
  std::string out = fmt::format("The mail is of {}: {} aligned", g.facts.author, how);
  if (ruling.reason == Reason::only_ed25519) out += "; the reporter could not verify the Ed25519 signature";
  if (ruling.reason == Reason::dns_healed) out += "; the fault of DNS that the reporter met is gone";
  if (ruling.reason == Reason::passes && g.facts.claims.dmarc == dmarc::DmarcResult::fail)
    out += "; the reporter's result is not confirmed";
  return out + ".";
}

std::string failed_lookup(const Ruling& ruling, const Grounds& g) {
  if (ruling.mechanism == Mechanism::spf) return "the SPF check of " + g.facts.spf->domain;
  if (ruling.signature != nullptr)
    return fmt::format("the key at {}._domainkey.{}", ruling.signature->selector, ruling.signature->domain);
  return "the DMARC policy of " + g.facts.author;
}

std::string open_question(const Ruling& ruling, const Grounds& g) {
  switch (ruling.reason) {
    case Reason::sample_missing:
      return "the report holds no sample";
    case Reason::author_unknown:
      return "the sample's From does not name exactly one domain";
    case Reason::author_is_another:
      return fmt::format("the sample is of {}, which is not the domain that the report is about", g.facts.author);
    case Reason::source_unknown:
      return "neither the report nor the sample tell the address of the client";
    case Reason::dns_error:
      return fmt::format("DNS did not answer what decides: {}", failed_lookup(ruling, g));
    case Reason::source_internal:
      return fmt::format("{}, which the report names as the client, is an address of no public network",
                         source_of(g.facts));
    case Reason::redacted:
      if (ruling.signature == nullptr)
        return "the reporter redacted the sample: the signature that he tells of is not in it";
      return "the reporter redacted the sample, so that a signature over it must fail";
    case Reason::body_missing:
      if (ruling.mechanism == Mechanism::arc)
        return "the body is not there, without which the ARC chain of the sample cannot be validated";
      return fmt::format("the header is as {} signed it, but the body is not there, so that its hash cannot be checked",
                         signer_of(ruling));
    case Reason::spf_allows_anyone:
      return fmt::format("SPF passes only because the record of {} lets everyone send", g.facts.spf->domain);
    case Reason::source_only_by_dkim:
      return fmt::format("{} was seen aligned by DKIM alone: a service of {}, or a forwarder", source_of(g.facts),
                         g.facts.author);
    case Reason::header_unreadable:
      return "the first line of the sample is no header field: what stood there, perhaps a signature, is lost";
    case Reason::source_steady:
      return fmt::format(
          "{} sends with a return path of {} steadily ({} messages on {} days, seen by {} reporters): perhaps a sender "
          "of "
          "yours that SPF and DKIM do not know",
          source_of(g.facts), g.facts.author, g.facts.history.own_messages, g.facts.history.own_days,
          g.facts.history.own_reporters);
    case Reason::source_unproved:
      return fmt::format(
          "{} was seen aligned with {} ({} messages), but only in reports that do not prove where they come from",
          source_of(g.facts), g.facts.author, g.facts.history.unproved_aligned);
    case Reason::key_missing:
    case Reason::key_revoked:
      return damage_text(ruling, g) + ": it may have been withdrawn since, or never have been there";
    case Reason::key_replaced:
      return damage_text(ruling, g) + ": it may have been replaced since, or the signature is made up";
    default:
      return damage_text(ruling, g) + ": by whom cannot be told";
  }
}

std::string summary_of(const Ruling& ruling, const Grounds& g) {
  switch (ruling.verdict) {
    case Verdict::own_sender_broken:
      return own_summary(ruling, g);
    case Verdict::forwarded:
      return forwarded_summary(ruling, g);
    case Verdict::forgery:
      return forgery_summary(ruling, g);
    case Verdict::legitimate:
      return legitimate_summary(ruling, g);
    case Verdict::indeterminate:
      break;
  }
  return fmt::format("Not decided: {}.", open_question(ruling, g));
}

}  // namespace

Conclusion worded(const Ruling& ruling, const Grounds& grounds) {
  return {.verdict = ruling.verdict,
          .reason = ruling.reason,
          .mechanism = ruling.mechanism,
          .confidence = ruling.confidence,
          .summary = summary_of(ruling, grounds),
          .advice = advice_for(ruling, grounds),
          .evidence = evidence_for(grounds),
          .disagreements = disagreements_of(grounds.facts)};
}

}  // namespace ruaudit::verify::failure
