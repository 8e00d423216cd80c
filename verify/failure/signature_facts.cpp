#include "verify/failure/signature_facts.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "verify/dkim/header_input.hpp"
#include "verify/failure/quoted_canonical.hpp"
#include "verify/failure/restored_header.hpp"

namespace ruaudit::verify::failure {
namespace {

bool lists(const dkim::Signature& signature, std::string_view field) {
  return std::any_of(signature.signed_fields.begin(), signature.signed_fields.end(),
                     [field](const std::string& name) { return ascii::equal_folded(name, field); });
}

std::string names_of(const std::vector<Change>& changes) {
  std::string names;
  for (const Change& change : changes)
    if (change.part == ChangePart::header && names.find(change.field) == std::string::npos)
      names += (names.empty() ? "" : ", ") + change.field;
  return names;
}

std::string names_of(const std::vector<dkim::FieldNote>& notes) {
  std::string names;
  for (const auto& note : notes) {
    const char* verb = note.present < note.listed ? " (removed, or never there)" : " (added)";
    names += (names.empty() ? "" : ", ") + note.name + verb;
  }
  return names;
}

// A reason that leaves nothing to look into.
std::optional<Damage> damage_without_crypto(dkim::Reason reason) {
  using dkim::Reason;
  switch (reason) {
    case Reason::no_key:
      return Damage::key_missing;
    case Reason::key_revoked:
      return Damage::key_revoked;
    case Reason::dns_failure:
      return Damage::dns_error;
    case Reason::key_malformed:
    case Reason::key_hash_not_allowed:
    case Reason::key_type_mismatch:
    case Reason::key_not_for_email:
    case Reason::key_strict_identity:
    case Reason::key_granularity:
    case Reason::key_too_large:
    case Reason::weak_key:
      return Damage::key_faulty;
    case Reason::not_evaluated:
      return Damage::not_evaluated;
    case Reason::ok:
    case Reason::expired:
    case Reason::body_length_exceeds:
    case Reason::body_changed:
    case Reason::body_and_header_changed:
    case Reason::header_changed:
    case Reason::body_missing:
      return std::nullopt;
    default:
      return Damage::faulty;
  }
}

class Look {
 public:
  Look(const dkim::SignatureResult& signature, const SignatureScene& scene) : signature_(signature), scene_(scene) {}

  SignatureLook run() {
    const auto& s = signature_.signature;
    auto& facts = out_.facts;
    facts.domain = s.ascii_domain ? s.ascii_domain->text() : s.domain;
    facts.selector = s.selector;
    facts.is_ed25519 = s.key_type == dkim::KeyType::ed25519;
    facts.is_testing = signature_.is_testing;
    facts.covers_list_fields = lists(s, "List-Id") || lists(s, "List-Post");
    facts.text = signature_.text;
    const auto settled = damage_without_crypto(signature_.reason);
    if (!settled || *settled != Damage::faulty)
      out_.header_input = dkim::header_input(scene_.message, s, signature_.field);
    if (settled) {
      facts.damage = *settled;
      ask_reported_key();
      return std::move(out_);
    }
    usable_ = dkim::usable_keys(dkim::look_up_keys(scene_.resolver, scene_.keys, {&s.key_name, 1}).front(), s);
    use_quoted();
    facts.damage = damage();
    if (facts.fields.empty()) facts.fields = names_of(out_.changes);
    return std::move(out_);
  }

 private:
  Damage damage() {
    switch (signature_.reason) {
      case dkim::Reason::ok:
        out_.facts.added_octets = signature_.unsigned_octets;
        return signature_.unsigned_octets > 0 ? Damage::content_beyond_length : Damage::none;
      case dkim::Reason::expired:
        return expired();
      case dkim::Reason::body_missing:
        if (!body_matches()) return Damage::body_unknown;
        return *body_matches() ? as_passed() : changed_body();
      case dkim::Reason::body_length_exceeds:
        return verifies_with_any(usable_.keys, signature_.signature, out_.header_input)
                   ? Damage::body_changed
                   : Damage::header_and_body_changed;
      case dkim::Reason::body_changed:
        return changed_body();
      default:
        return changed_header();
    }
  }

  // Judged again as on its last day.
  Damage expired() {
    const std::size_t position = signature_.field;
    const dkim::Options options{.at = *signature_.signature.expiration,
                                .body = scene_.has_body ? dkim::BodyPart::present : dkim::BodyPart::missing};
    const auto again = dkim::Verifier(scene_.resolver, scene_.keys)
                           .verify_fields(scene_.message, {&position, 1}, dkim::SignatureKind::dkim, options);
    if (const auto settled = damage_without_crypto(again.front().reason); settled && is_key_trouble(*settled))
      return *settled;
    const auto body = again.front().body_hash_matches ? again.front().body_hash_matches : quoted_.body_hash_matches;
    return again.front().header_verifies == true && body.value_or(true) ? Damage::expired : Damage::expired_and_broken;
  }
  static bool is_key_trouble(Damage damage) {
    return damage == Damage::dns_error || damage == Damage::key_missing || damage == Damage::key_revoked;
  }

  // What the mail itself shows, else what the report quotes or what was found when the body was there.
  [[nodiscard]] std::optional<bool> body_matches() const {
    return signature_.body_hash_matches ? signature_.body_hash_matches : quoted_.body_hash_matches;
  }

  Damage as_passed() {
    const auto& known = scene_.known_body;
    if (!known || known->added_octets == 0) return Damage::none;
    out_.facts.added_octets = known->added_octets;
    return Damage::content_beyond_length;
  }

  // The header is proven; what was done to the body?
  Damage changed_body() {
    if (!scene_.has_body && scene_.known_body && scene_.known_body->added_octets > 0) {
      out_.facts.added_octets = scene_.known_body->added_octets;
      out_.facts.added_line = scene_.known_body->added_line;
      return Damage::footer_added;
    }
    const auto& s = signature_.signature;
    auto added = signature_.added_text;
    if (!added && !s.body_length && scene_.has_body)
      added = dkim::find_added_text(scene_.message.body(), {s.body, s.hash, std::nullopt}, s.body_hash,
                                    dkim::Options{}.max_searched_lines);
    if (!added) return Damage::body_changed;
    out_.facts.added_octets = added->octets;
    out_.facts.added_line = added->line;
    out_.changes.push_back({.part = ChangePart::body,
                            .line = added->line,
                            .after = line_of_body(added->line),
                            .basis = "the body verifies without what begins here"});
    return Damage::footer_added;
  }

  [[nodiscard]] std::string line_of_body(std::uint32_t number) const {
    std::string_view body = scene_.message.body();
    for (std::uint32_t line = 1; line < number && !body.empty(); ++line) {
      const auto end = body.find('\n');
      body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    }
    body.remove_prefix(std::min(body.find_first_not_of("\r\n"), body.size()));  // empty lines tell nothing
    body = body.substr(0, body.find_first_of("\r\n"));
    return std::string(body.substr(0, max_change_octets));
  }

  Damage changed_header() {
    const auto& s = signature_.signature;
    if (quoted_.header_verifies == true) return with_proven_header();
    auto restored = restore_header(scene_.message, s, signature_.field, usable_.keys);
    if (!restored.empty()) {
      out_.facts.fields = names_of(restored);
      out_.changes.insert(out_.changes.end(), restored.begin(), restored.end());
      return with_proven_header();
    }
    if (usable_.keys.size() == 1) out_.facts.is_made_by_key = usable_.keys.front()->key->made(s.signature);
    ask_reported_key();
    out_.facts.fields = names_of(signature_.field_notes);
    const bool is_body_changed = body_matches() == false;
    if (out_.facts.verifies_with_reported == true) return Damage::key_replaced;
    if (is_body_changed) return Damage::header_and_body_changed;
    if (out_.facts.is_made_by_key == false) return Damage::key_replaced;
    return body_matches() ? Damage::header_changed : Damage::header_changed_no_body;
  }

  Damage with_proven_header() {
    if (body_matches() == false) return changed_body();
    return Damage::header_restored;
  }

  [[nodiscard]] bool is_claimed() const {
    const auto& claims = scene_.claims;
    const auto& s = signature_.signature;
    if (!claims.dkim_domain && !claims.dkim_selector) return scene_.is_only_signature;
    return (!claims.dkim_domain || ascii::equal_folded(*claims.dkim_domain, s.domain)) &&
           (!claims.dkim_selector || ascii::equal_folded(*claims.dkim_selector, s.selector));
  }

  void use_quoted() {
    if (is_claimed()) compare_with_quoted();
    if (!scene_.has_body && scene_.known_body)
      quoted_.body_hash_matches = scene_.known_body->octets == signature_.signature.body_hash;
  }

  void compare_with_quoted() {
    const auto& claims = scene_.claims;
    quoted_ = compare_quoted({claims.dkim_canonicalized_header, claims.dkim_canonicalized_body, scene_.has_body},
                             scene_.message, signature_, usable_.keys);
    out_.changes = quoted_.changes;
  }

  // RFC 6591 section 3.2.2: DKIM-Selector-DNS is the key as the reporter saw it.
  void ask_reported_key() {
    const auto& record = scene_.claims.dkim_selector_dns;
    if (!record || record->content.empty() || !is_claimed() || out_.header_input.empty()) return;
    const auto key = scene_.keys.get(record->content);
    if (key->key)
      out_.facts.verifies_with_reported = verifies_with_any({&key, 1}, signature_.signature, out_.header_input);
  }

  const dkim::SignatureResult& signature_;
  const SignatureScene& scene_;
  SignatureLook out_;
  dkim::UsableKeys usable_;
  QuotedCanonical quoted_;
};

}  // namespace

SignatureLook examine_signature(const dkim::SignatureResult& signature, const SignatureScene& scene) {
  return Look(signature, scene).run();
}

}  // namespace ruaudit::verify::failure
