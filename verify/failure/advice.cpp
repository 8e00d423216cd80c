#include <fmt/format.h>

#include "verify/failure/words.hpp"

namespace ruaudit::verify::failure {
namespace {

std::string term_for(const SampleFacts& facts) {
  if (!facts.source) return "the sending host";
  return (facts.source->is_v4() ? "ip4:" : "ip6:") + facts.source->to_string();
}

std::string key_name(const Ruling& ruling) {
  if (ruling.signature == nullptr) return "the selector";
  return fmt::format("{}._domainkey.{}", ruling.signature->selector, ruling.signature->domain);
}

std::string remedy_dkim(const Ruling& ruling, const Grounds& g) {
  switch (ruling.reason) {
    case Reason::footer_added:
    case Reason::body_changed:
      return fmt::format("Sign behind the gateway or scanner that changes the body, or switch its footer off ({}).",
                         g.facts.source ? g.facts.source->to_string() : "source not known");
    case Reason::header_changed:
      return "Sign last: what changes the header after signing must stand in front of the signer.";
    case Reason::header_and_body_changed:
      return "Find what rewrites the mail after signing, and sign behind it.";
    case Reason::content_beyond_length:
      return "Stop signing with l=: anyone can append to such a mail.";
    case Reason::signature_expired:
      return "Sign for a longer time (x=), or find the queue that holds the mail back.";
    case Reason::key_missing:
      return fmt::format("Publish the public key: {} has no TXT record. Keep old keys for a week after a rotation.",
                         key_name(ruling));
    case Reason::key_revoked:
      return fmt::format("The key at {} is revoked: sign with a selector whose key is published.", key_name(ruling));
    case Reason::key_replaced:
      return fmt::format(
          "Publish at {} the key that signs, or sign with the key that is published; rotate by a new "
          "selector.",
          key_name(ruling));
    case Reason::key_faulty:
      return fmt::format("Correct the key record at {}.", key_name(ruling));
    default:
      return "Correct what signs for the domain.";
  }
}

std::string remedy_own(const Ruling& ruling, const Grounds& g) {
  if (ruling.mechanism == Mechanism::dkim) return remedy_dkim(ruling, g);
  const std::string& author = g.facts.author;
  if (ruling.reason == Reason::spf_record_faulty)
    return fmt::format("Correct the SPF record of {}{}.", g.facts.spf->domain,
                       g.facts.spf->quotes_mail || g.facts.spf->text.empty() ? "" : ": " + g.facts.spf->text);
  if (ruling.reason == Reason::spf_source_missing)
    return fmt::format("Add {} (or the include of its service) to the SPF record of {}, and sign with d={}.",
                       term_for(g.facts), g.facts.spf->domain, author);
  return fmt::format("Use a return path of {} at this sender, or sign with d={}.", author, author);
}

std::string remedy_forwarded(const Ruling& ruling, const Grounds& g) {
  switch (ruling.reason) {
    case Reason::dkim_survived:
      return "Nothing: DMARC passes by DKIM, as it should behind a forwarder.";
    case Reason::content_beyond_length:
      return remedy_dkim(ruling, g);
    case Reason::srs:
    case Reason::arc:
      return fmt::format("Sign with d={}: a signature survives forwarding, SPF does not.", g.facts.author);
    default:
      return "Nothing at your senders: who forwards changed the mail. A list should put its own address in From.";
  }
}

std::string remedy_undecided(const Ruling& ruling, const Grounds& g) {
  switch (ruling.reason) {
    case Reason::dns_error:
      return "Run reverify again; if the error stays, fix the name servers of the domain.";
    case Reason::spf_allows_anyone:
      return fmt::format("Publish an SPF record for {} that names its senders and ends in -all or ~all.",
                         g.facts.spf->domain);
    case Reason::source_internal:
      return "Compare with the Received fields of the sample: the address that handed the mail to the reporter "
             "decides.";
    case Reason::spf_record_faulty:
      return fmt::format("Correct the SPF record of {}.", g.facts.spf ? g.facts.spf->domain : g.facts.author);
    case Reason::key_missing:
    case Reason::key_revoked:
    case Reason::key_replaced:
      return fmt::format("If {} was in use when the mail was sent, keep old keys for a week after a rotation.",
                         key_name(ruling));
    case Reason::source_steady:
    case Reason::source_unproved:
      return fmt::format(
          "If {} is a sender of yours, add {} (or the include of its service) to the SPF record of {}, and have it "
          "sign "
          "with d={}.",
          g.facts.source ? g.facts.source->to_string() : "the source", term_for(g.facts), g.facts.author,
          g.facts.author);
    case Reason::header_unreadable:
      return "Ask the reporter for samples as they were received.";
    case Reason::source_only_by_dkim:
      return fmt::format("If {} is a service of yours, have it sign every mail with d={}.",
                         g.facts.source ? g.facts.source->to_string() : "the source", g.facts.author);
    default:
      return "";
  }
}

std::string remedy_legitimate(const Ruling& ruling, const Grounds& g) {
  if (ruling.reason == Reason::only_ed25519)
    return fmt::format("Sign with an RSA key of {} as well: many receivers do not verify Ed25519.", g.facts.author);
  if (g.intact == nullptr)
    return fmt::format("Nothing for this mail. It rests on SPF alone, which breaks on forwarding: sign with d={}.",
                       g.facts.author);
  return "";
}

std::string remedy_forgery(const Grounds& g) {
  std::string out = "Nothing to fix: the policy does what it is for.";
  if (!g.facts.has_policy)
    out = fmt::format("Publish a DMARC policy for {}: without one, receivers have no reason to refuse such mail.",
                      g.facts.author);
  else if (!g.facts.is_refused)
    out = fmt::format(
        "The policy of {} (none) lets such mail through: raise it to quarantine or reject when your own "
        "senders pass.",
        g.facts.author);
  if (g.facts.authorised_then == Authorisation::no_record)
    out += fmt::format(" Publish an SPF record for {} that names its senders.", g.facts.author);
  if (g.facts.spf && g.facts.spf->result == model::SpfResult::pass && !g.facts.spf->domain.empty())
    out += fmt::format(" If {} is a service of yours, have it sign with d={}.", g.facts.spf->domain, g.facts.author);
  return out;
}

}  // namespace

std::string advice_for(const Ruling& ruling, const Grounds& grounds) {
  switch (ruling.verdict) {
    case Verdict::own_sender_broken:
      return remedy_own(ruling, grounds);
    case Verdict::forwarded:
      return remedy_forwarded(ruling, grounds);
    case Verdict::forgery:
      return remedy_forgery(grounds);
    case Verdict::legitimate:
      return remedy_legitimate(ruling, grounds);
    case Verdict::indeterminate:
      break;
  }
  return remedy_undecided(ruling, grounds);
}

}  // namespace ruaudit::verify::failure
