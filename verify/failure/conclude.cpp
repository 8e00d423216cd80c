#include "verify/failure/conclude.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "verify/failure/grounds.hpp"
#include "verify/failure/words.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::failure {
namespace {

using Decided = std::optional<Ruling>;

// ---- what must be there before anything can be said

Decided without_sample(const Grounds& g) {
  if (g.facts.extent == model::SampleExtent::none)
    return Ruling{Verdict::indeterminate, Reason::sample_missing, Mechanism::none, Confidence::low};
  if (g.facts.author.empty())
    return Ruling{Verdict::indeterminate, Reason::author_unknown, Mechanism::dmarc, Confidence::low};
  if (g.facts.is_of_another_domain)
    return Ruling{Verdict::indeterminate, Reason::author_is_another, Mechanism::dmarc, Confidence::low};
  return std::nullopt;
}

// ---- an aligned identifier passes

bool spf_says_elsewhere(const Grounds& g) {
  const auto& spf = g.facts.spf;
  if (!spf || g.is_own_source) return false;
  return spf->result == model::SpfResult::fail || spf->result == model::SpfResult::softfail ||
         spf->result == model::SpfResult::neutral;
}

Reason reason_of_pass(const Grounds& g) {
  const auto& claims = g.facts.claims;
  const bool reporter_saw_failure = claims.dkim && *claims.dkim != model::DkimResult::pass;
  if (g.passes_only_ed25519 && !g.passes_spf && (reporter_saw_failure || !claims.dkim)) return Reason::only_ed25519;
  if (claims.tells_dns_trouble) return Reason::dns_healed;
  return Reason::passes;
}

Decided with_passing_signature(const Grounds& g) {
  if (!g.intact) return std::nullopt;
  if (g.passes_spf) return Ruling{Verdict::legitimate, reason_of_pass(g), Mechanism::dmarc, Confidence::high};
  if (g.is_srs || g.is_arc || g.is_list)
    return Ruling{Verdict::forwarded, Reason::dkim_survived, Mechanism::spf, Confidence::high};
  if (spf_says_elsewhere(g) && reason_of_pass(g) == Reason::passes)
    return Ruling{Verdict::forwarded, Reason::dkim_survived, Mechanism::spf, Confidence::medium};
  return Ruling{Verdict::legitimate, reason_of_pass(g), Mechanism::dkim, Confidence::high};
}

// RFC 6376 section 8.2: what stands beyond l= can be anybody's.
Decided with_open_end(const Grounds& g) {
  const auto* open = g.find(Damage::content_beyond_length);
  if (open == nullptr || g.passes_spf) return std::nullopt;
  const bool is_own = g.is_own_source && !g.is_forwarded();
  return Ruling{is_own ? Verdict::own_sender_broken : Verdict::forwarded, Reason::content_beyond_length,
                Mechanism::dkim, is_own || g.is_forwarded() ? Confidence::high : Confidence::medium, open};
}

Reason reason_of(Damage damage) {
  switch (damage) {
    case Damage::footer_added:
      return Reason::footer_added;
    case Damage::content_beyond_length:
      return Reason::content_beyond_length;
    case Damage::body_changed:
      return Reason::body_changed;
    case Damage::body_unknown:
      return Reason::body_missing;
    case Damage::header_restored:
    case Damage::header_changed:
    case Damage::header_changed_no_body:
      return Reason::header_changed;
    case Damage::header_and_body_changed:
      return Reason::header_and_body_changed;
    case Damage::expired:
    case Damage::expired_and_broken:
      return Reason::signature_expired;
    case Damage::key_missing:
      return Reason::key_missing;
    case Damage::key_revoked:
      return Reason::key_revoked;
    case Damage::key_replaced:
      return Reason::key_replaced;
    case Damage::key_faulty:
      return Reason::key_faulty;
    case Damage::dns_error:
      return Reason::dns_error;
    default:
      return Reason::signature_faulty;
  }
}

// SPF carries the mail, and its signature is broken on the sender's own side: what reports by fo=1 and fo=d are about.
Decided with_passing_spf(const Grounds& g) {
  if (!g.passes_spf) return std::nullopt;
  const bool reporter_saw_dkim_pass = g.facts.claims.dkim == model::DkimResult::pass;
  const auto* broken = g.most_telling;
  const bool is_broken = broken != nullptr && !g.facts.is_redacted && broken->damage != Damage::body_unknown &&
                         broken->damage != Damage::dns_error && broken->damage != Damage::not_evaluated;
  if (is_broken && !reporter_saw_dkim_pass)
    return Ruling{Verdict::own_sender_broken, reason_of(broken->damage), Mechanism::dkim, Confidence::high, broken};
  return Ruling{Verdict::legitimate, reason_of_pass(g), Mechanism::spf, Confidence::medium};
}

Decided with_open_spf(const Grounds& g) {
  const auto& spf = g.facts.spf;
  const bool is_open = spf && spf->is_aligned && spf->result == model::SpfResult::pass && spf->allows_anyone;
  if (!is_open) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::spf_allows_anyone, Mechanism::spf, Confidence::low};
}

// ---- nothing passes: lookups that failed

// A key that cannot be fetched leaves DMARC undecided as well: what is named is the lookup that failed.
Decided with_dns_error(const Grounds& g) {
  const auto undecided = [](Mechanism mechanism, const SignatureFacts* signature) {
    return Ruling{Verdict::indeterminate, Reason::dns_error, mechanism, Confidence::low, signature};
  };
  const auto& spf = g.facts.spf;
  if (spf && spf->is_aligned && spf->result == model::SpfResult::temperror) return undecided(Mechanism::spf, nullptr);
  if (const auto* signature = g.find(Damage::dns_error)) return undecided(Mechanism::dkim, signature);
  if (g.facts.is_dmarc_undecided) return undecided(Mechanism::dmarc, nullptr);
  return std::nullopt;
}

// ---- nothing passes, but the author's domain signed this header

bool changes_author(const SignatureFacts& signature) {
  std::string_view left = signature.fields;
  while (!left.empty()) {
    const auto end = left.find(", ");
    if (ascii::equal_folded(left.substr(0, end), "From")) return true;
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 2);
  }
  return false;
}

Decided with_signed_header(const Grounds& g) {
  const auto* signature = g.most_telling;
  if (signature == nullptr) return std::nullopt;
  const Damage damage = signature->damage;
  // RFC 6590: what differs in the body, or from the header that the report quotes, may be the reporter's own work.
  const bool may_be_redaction = damage == Damage::header_restored || damage == Damage::body_changed;
  if (g.facts.is_redacted && may_be_redaction) return std::nullopt;
  if (damage == Damage::header_restored) {
    // No list or gateway puts another author of the same domain into a mail; who replays one does.
    if (changes_author(*signature))
      return Ruling{Verdict::indeterminate, Reason::header_changed, Mechanism::dkim, Confidence::low, signature};
  }
  const bool is_proven = damage == Damage::footer_added || damage == Damage::body_changed ||
                         damage == Damage::header_restored || damage == Damage::expired ||
                         damage == Damage::body_unknown;
  if (!is_proven) return std::nullopt;
  const Reason reason = reason_of(damage);
  if (g.has_traces)
    return Ruling{Verdict::forwarded, reason, Mechanism::dkim, g.is_forwarded() ? Confidence::high : Confidence::medium,
                  signature};
  if (damage == Damage::body_unknown)
    return Ruling{Verdict::indeterminate, reason, Mechanism::dkim, Confidence::low, signature};
  if (g.is_own_source) return Ruling{Verdict::own_sender_broken, reason, Mechanism::dkim, Confidence::high, signature};
  // Both are what lists and gateways do to a mail, and what is left of it is the author's.
  if (damage == Damage::footer_added || damage == Damage::header_restored)
    return Ruling{Verdict::forwarded, reason, Mechanism::dkim, Confidence::medium, signature};
  return Ruling{Verdict::indeterminate, reason, Mechanism::dkim, Confidence::low, signature};
}

// ---- nothing passes, and a signature of the author's domain cannot be judged, or fails

// RFC 6590: what fails may be the reporter's work.
Decided with_redaction(const Grounds& g) {
  if (!g.facts.is_redacted) return std::nullopt;
  // The reporter tells of a signature that is not in what he sent.
  const auto& claimed = g.facts.claims.dkim;
  const bool is_withheld = g.facts.signatures.empty() && claimed && *claimed != model::DkimResult::none;
  if (g.most_telling == nullptr && !is_withheld) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::redacted, Mechanism::dkim, Confidence::low, g.most_telling};
}

bool is_key_damage(Damage damage) {
  return damage == Damage::key_missing || damage == Damage::key_revoked || damage == Damage::key_replaced ||
         damage == Damage::key_faulty;
}

Confidence confidence_of_own(const Grounds& g) {
  const bool is_authorised = g.is_authorised();
  return is_authorised && g.facts.history.spf_aligned > 0 ? Confidence::high : Confidence::medium;
}

Decided with_broken_key(const Grounds& g) {
  const auto* signature = g.most_telling;
  if (signature == nullptr || !is_key_damage(signature->damage)) return std::nullopt;
  const Reason reason = reason_of(signature->damage);
  // Seen aligned by DKIM alone is not a ground: so is the host of any forwarder, which others use too.
  if (g.is_own_source)
    return Ruling{Verdict::own_sender_broken, reason, Mechanism::dkim, confidence_of_own(g), signature};
  if (g.is_forwarded()) return Ruling{Verdict::forwarded, reason, Mechanism::dkim, Confidence::low, signature};
  // A key that is gone proves nothing against the mail; nor does a made-up selector prove anything for it.
  return Ruling{Verdict::indeterminate, reason, Mechanism::dkim, Confidence::low, signature};
}

Decided with_changed_header(const Grounds& g) {
  const auto* signature = g.most_telling;
  if (signature == nullptr) return std::nullopt;
  const Damage damage = signature->damage;
  const bool is_changed = damage == Damage::header_changed || damage == Damage::header_changed_no_body ||
                          damage == Damage::header_and_body_changed;
  if (!is_changed) return std::nullopt;
  const Reason reason = reason_of(damage);
  if (g.is_forwarded()) return Ruling{Verdict::forwarded, reason, Mechanism::dkim, Confidence::medium, signature};
  if (g.is_own_source)
    return Ruling{Verdict::own_sender_broken, reason, Mechanism::dkim, confidence_of_own(g), signature};
  if (g.has_traces && signature->is_made_by_key == true)
    return Ruling{Verdict::forwarded, reason, Mechanism::dkim, Confidence::low, signature};
  const bool nothing_stands = damage == Damage::header_and_body_changed && signature->is_made_by_key != true;
  if (nothing_stands) return std::nullopt;  // the rules below
  return Ruling{Verdict::indeterminate, reason, Mechanism::dkim, Confidence::low, signature};
}

// ---- nothing passes, and no signature tells

Decided with_forwarding(const Grounds& g) {
  if (g.is_srs) return Ruling{Verdict::forwarded, Reason::srs, Mechanism::spf, Confidence::low};
  if (g.is_arc) return Ruling{Verdict::forwarded, Reason::arc, Mechanism::arc, Confidence::low};
  if (g.is_list) return Ruling{Verdict::forwarded, Reason::mailing_list, Mechanism::spf, Confidence::low};
  return std::nullopt;
}

Decided without_source(const Grounds& g) {
  if (g.facts.source) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::source_unknown, Mechanism::spf, Confidence::low};
}

// SPF says nothing about such an address, and no lookup can.
Decided with_internal_source(const Grounds& g) {
  if (!g.facts.is_source_internal) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::source_internal, Mechanism::spf, Confidence::low, g.most_telling};
}

// What an own sender has to fix, where nothing of DKIM tells.
Reason own_fault(const Grounds& g, Mechanism& mechanism) {
  const auto& spf = g.facts.spf;
  mechanism = Mechanism::spf;
  if (g.most_telling != nullptr) {
    mechanism = Mechanism::dkim;
    return reason_of(g.most_telling->damage);
  }
  if (spf && spf->is_aligned) return spf->is_record_faulty ? Reason::spf_record_faulty : Reason::spf_source_missing;
  return Reason::return_path_not_aligned;
}

Decided with_own_source(const Grounds& g) {
  if (!g.is_own_source) return std::nullopt;
  Ruling ruling{Verdict::own_sender_broken, Reason::passes, Mechanism::spf, confidence_of_own(g), g.most_telling};
  ruling.reason = own_fault(g, ruling.mechanism);
  return ruling;
}

Decided with_faulty_spf(const Grounds& g) {
  const auto& spf = g.facts.spf;
  const bool is_faulty = spf && spf->is_aligned && spf->is_record_faulty;
  const bool is_undecided =
      g.facts.authorised_then == Authorisation::undecided || g.facts.authorised_today == Authorisation::undecided;
  if (!is_faulty && !is_undecided) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::spf_record_faulty, Mechanism::spf, Confidence::low};
}

Decided with_unchecked_chain(const Grounds& g) {
  const auto& forwarding = g.facts.forwarding;
  if (!forwarding.arc_is_unchecked || !forwarding.arc_tells_author_passed) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::body_missing, Mechanism::arc, Confidence::low};
}

// Forgery needs facts: what stood in the first line may have been the signature of the author's domain.
Decided with_unreadable_header(const Grounds& g) {
  if (g.facts.is_first_field_readable) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::header_unreadable, Mechanism::dkim, Confidence::low, g.most_telling};
}

Decided with_unproved_history(const Grounds& g) {
  if (g.facts.history.unproved_aligned == 0) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::source_unproved, Mechanism::dmarc, Confidence::low, g.most_telling};
}

// A sender that nobody set up and a forger look alike in one mail, not over time.
Decided with_steady_source(const Grounds& g) {
  const auto& history = g.facts.history;
  if (history.own_days < steady_days || history.own_messages < steady_messages ||
      history.own_reporters < steady_reporters)
    return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::source_steady, Mechanism::spf, Confidence::low, g.most_telling};
}

Decided with_dkim_history(const Grounds& g) {
  if (g.facts.history.dkim_aligned == 0) return std::nullopt;
  return Ruling{Verdict::indeterminate, Reason::source_only_by_dkim, Mechanism::dkim, Confidence::low};
}

Ruling forgery(const Grounds& g) {
  if (g.most_telling != nullptr)
    return {Verdict::forgery, Reason::signature_invalid, Mechanism::dmarc, Confidence::medium, g.most_telling};
  const bool passes_elsewhere = g.facts.spf && g.facts.spf->result == model::SpfResult::pass;
  const bool is_checked = g.facts.authorised_then == Authorisation::no && !g.facts.quoted_spf_authorises;
  return {Verdict::forgery, Reason::nothing_aligned, Mechanism::dmarc,
          passes_elsewhere || !is_checked ? Confidence::medium : Confidence::high};
}

// In this order; the first that decides does. docs/failure-conclusions.md has the same rows.
constexpr std::array<Decided (*)(const Grounds&), 20> rules = {
    without_sample,  with_passing_signature, with_passing_spf,      with_open_end,        with_open_spf,
    with_dns_error,  with_signed_header,     with_redaction,        with_broken_key,      with_changed_header,
    with_forwarding, with_own_source,        without_source,        with_internal_source, with_unreadable_header,
    with_faulty_spf, with_dkim_history,      with_unproved_history, with_steady_source,   with_unchecked_chain};

}  // namespace

Ruling rule(const Grounds& grounds) {
  for (const auto decide : rules)
    if (const auto decided = decide(grounds)) return *decided;
  return forgery(grounds);
}

Conclusion conclude(const SampleFacts& facts) {
  const Grounds grounds = grounds_of(facts);
  return worded(rule(grounds), grounds);
}

}  // namespace ruaudit::verify::failure
