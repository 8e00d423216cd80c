// Why a signature has its result: one stable token for programs, and with it a Fault's text for people.
// The order of the tokens follows the verifier's steps (RFC 6376 section 6.1).
#pragma once
#include <cstdint>
#include <string>

#include "model/enum_text.hpp"

namespace ruaudit::verify::dkim {

enum class Reason : std::uint8_t {
  ok,
  not_evaluated,                 // beyond the limit on signatures
  malformed_tag_list,            // RFC 6376 section 3.2
  incompatible_version,          // section 6.1.1
  missing_tag,                   // section 6.1.1
  malformed_tag,                 // a value against the grammar of section 3.5
  unsupported_algorithm,         // a=
  unsupported_canonicalization,  // c=
  unsupported_query,             // q= without dns/txt
  from_not_signed,               // section 6.1.1
  domain_mismatch,               // i= outside d=
  expired,                       // x=
  dns_failure,                   // section 6.1.2 step 2
  no_key,                        // step 3
  key_malformed,                 // step 5
  key_hash_not_allowed,          // step 6, h= of the key
  key_revoked,                   // step 7
  key_type_mismatch,             // step 8, k= against a=
  key_not_for_email,             // section 3.6.1, s=
  key_strict_identity,           // section 3.6.1, t=s
  key_granularity,               // RFC 4871 section 3.6.1, g=, old signatures only
  key_too_large,                 // our bound
  weak_hash,                     // RFC 8301 section 3.1
  weak_key,                      // RFC 8301 section 3.2
  body_length_exceeds,           // l= larger than the body
  body_changed,                  // body hash differs, the header signature verifies
  body_and_header_changed,       // both differ
  header_changed,                // body hash agrees, the signature does not verify
  body_missing,                  // headers only: the signature verifies, the body is not there
};

struct Fault {
  Reason reason = Reason::ok;
  std::string text;  // one sentence for people
  bool operator==(const Fault&) const = default;
};

}  // namespace ruaudit::verify::dkim

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dkim::Reason> enum_table<verify::dkim::Reason>[] = {
    {verify::dkim::Reason::ok, "ok"},
    {verify::dkim::Reason::not_evaluated, "not-evaluated"},
    {verify::dkim::Reason::malformed_tag_list, "malformed-tag-list"},
    {verify::dkim::Reason::incompatible_version, "incompatible-version"},
    {verify::dkim::Reason::missing_tag, "missing-tag"},
    {verify::dkim::Reason::malformed_tag, "malformed-tag"},
    {verify::dkim::Reason::unsupported_algorithm, "unsupported-algorithm"},
    {verify::dkim::Reason::unsupported_canonicalization, "unsupported-canonicalization"},
    {verify::dkim::Reason::unsupported_query, "unsupported-query"},
    {verify::dkim::Reason::from_not_signed, "from-not-signed"},
    {verify::dkim::Reason::domain_mismatch, "domain-mismatch"},
    {verify::dkim::Reason::expired, "expired"},
    {verify::dkim::Reason::dns_failure, "dns-failure"},
    {verify::dkim::Reason::no_key, "no-key"},
    {verify::dkim::Reason::key_malformed, "key-malformed"},
    {verify::dkim::Reason::key_hash_not_allowed, "key-hash-not-allowed"},
    {verify::dkim::Reason::key_revoked, "key-revoked"},
    {verify::dkim::Reason::key_type_mismatch, "key-type-mismatch"},
    {verify::dkim::Reason::key_not_for_email, "key-not-for-email"},
    {verify::dkim::Reason::key_strict_identity, "key-strict-identity"},
    {verify::dkim::Reason::key_granularity, "key-granularity"},
    {verify::dkim::Reason::key_too_large, "key-too-large"},
    {verify::dkim::Reason::weak_hash, "weak-hash"},
    {verify::dkim::Reason::weak_key, "weak-key"},
    {verify::dkim::Reason::body_length_exceeds, "body-length-exceeds"},
    {verify::dkim::Reason::body_changed, "body-changed"},
    {verify::dkim::Reason::body_and_header_changed, "body-and-header-changed"},
    {verify::dkim::Reason::header_changed, "header-changed"},
    {verify::dkim::Reason::body_missing, "body-missing"}};

}  // namespace ruaudit::model
