#include "verify/failure/grounds.hpp"

#include <algorithm>
#include <iterator>

namespace ruaudit::verify::failure {
namespace {

// The more a damage tells of who made the mail, the further in front.
constexpr Damage by_weight[] = {Damage::footer_added,
                                Damage::header_restored,
                                Damage::body_changed,
                                Damage::expired,
                                Damage::body_unknown,
                                Damage::content_beyond_length,
                                Damage::dns_error,
                                Damage::key_missing,
                                Damage::key_revoked,
                                Damage::header_changed,
                                Damage::header_changed_no_body,
                                Damage::key_replaced,
                                Damage::key_faulty,
                                Damage::header_and_body_changed,
                                Damage::expired_and_broken,
                                Damage::faulty,
                                Damage::not_evaluated};

std::ptrdiff_t weight(Damage damage) {
  return std::distance(std::begin(by_weight), std::find(std::begin(by_weight), std::end(by_weight), damage));
}

void look_at_signatures(Grounds& g) {
  bool has_rsa_pass = false;
  for (const auto& signature : g.facts.signatures) {
    if (!signature.is_aligned) continue;
    if (signature.damage == Damage::none) {
      has_rsa_pass |= !signature.is_ed25519;
      if (g.intact == nullptr || (g.intact->is_ed25519 && !signature.is_ed25519)) g.intact = &signature;
    } else if (g.most_telling == nullptr || weight(signature.damage) < weight(g.most_telling->damage)) {
      g.most_telling = &signature;
    }
  }
  g.passes_only_ed25519 = g.intact != nullptr && !has_rsa_pass;
}

// A list's own fields count only where the author's signature does not cover them: services that send newsletters
// write List- fields of their own and sign them.
bool has_list_fields(const SampleFacts& facts) {
  if (facts.forwarding.list.empty() || (facts.spf && facts.spf->is_aligned)) return false;
  const bool is_authors = std::any_of(facts.signatures.begin(), facts.signatures.end(), [](const SignatureFacts& one) {
    return one.is_aligned && one.covers_list_fields;
  });
  return !is_authors;
}

}  // namespace

const SignatureFacts* Grounds::find(Damage damage) const {
  for (const auto& signature : facts.signatures)
    if (signature.is_aligned && signature.damage == damage) return &signature;
  return nullptr;
}

Grounds grounds_of(const SampleFacts& facts) {
  Grounds g{.facts = facts};
  look_at_signatures(g);
  g.passes_spf =
      facts.spf && facts.spf->is_aligned && facts.spf->result == model::SpfResult::pass && !facts.spf->allows_anyone;
  const auto& forwarding = facts.forwarding;
  g.is_srs = !forwarding.srs_forwarder.empty() && forwarding.srs_is_of_author && forwarding.srs_passes_spf;
  g.is_arc = forwarding.arc_passes && forwarding.arc_tells_author_passed;
  const bool has_list = has_list_fields(facts);
  g.is_list = has_list && forwarding.is_list_vouched_for;
  g.has_traces = g.is_forwarded() || has_list || forwarding.arc_passes || forwarding.srs_is_of_author;
  g.is_own_source = g.passes_spf || g.is_authorised() || facts.history.spf_aligned > 0;
  return g;
}

}  // namespace ruaudit::verify::failure
