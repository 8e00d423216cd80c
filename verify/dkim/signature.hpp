// A DKIM-Signature or ARC-Message-Signature field as values (RFC 6376 section 3.5, RFC 8463, RFC 8617 section 4.1.2).
// In: the field's value as in the mail. Out: what could be read, and the first Fault of section 6.1.1 where the field
// must not be used. The values own their text. h= has at most max_signed_fields names.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/domain.hpp"
#include "verify/dkim/reason.hpp"

namespace ruaudit::verify::dkim {

enum class KeyType : std::uint8_t { rsa, ed25519 };
enum class HashAlgorithm : std::uint8_t { sha1, sha256 };
enum class Canonicalization : std::uint8_t { simple, relaxed };

// What kind of field it is: an AMS has no v=, and its i= is the instance. In arc_message_relaxed a missing c= means
// relaxed/relaxed, as some sealers and validators have it.
enum class SignatureKind : std::uint8_t { dkim, arc_message, arc_message_relaxed };

// Drafts before RFC 4871 had no v= (or v=0.x), q=dns, and the first of them no bh=. `accepted` is the legacy option.
enum class Drafts : std::uint8_t { refused, accepted };

inline constexpr std::size_t max_signed_fields = 1000;

struct Signature {
  std::string algorithm;  // a= as written
  KeyType key_type = KeyType::rsa;
  HashAlgorithm hash = HashAlgorithm::sha256;
  Canonicalization header = Canonicalization::simple;
  Canonicalization body = Canonicalization::simple;
  std::string domain;                         // d= as written, may have U-labels (RFC 8616 section 5)
  std::optional<model::Domain> ascii_domain;  // d= in A-labels
  std::string selector;                       // s= as written
  std::string key_name;                       // the DNS name of the key, A-labels
  std::string identity;                       // i= decoded, or "@" d=
  std::optional<model::Domain> identity_domain;
  std::vector<std::string> signed_fields;    // h= in its order, names as written
  std::string signature;                     // b= decoded
  std::string signature_text;                // b= without white space, for header.b of RFC 8601
  std::string body_hash;                     // bh= decoded
  std::optional<std::uint64_t> body_length;  // l=; beyond 64 bits: the greatest value
  std::optional<std::int64_t> timestamp;     // t=; longer than 12 digits: max_time
  std::optional<std::int64_t> expiration;    // x=
  std::uint32_t instance = 0;                // i= of an AMS
  bool has_canonicalization = false;         // c= is present
  bool is_draft = false;                     // of a draft before RFC 4871
  bool has_body_hash = true;                 // false: the first drafts, body and header in one hash
  std::size_t b_begin = 0, b_end = 0;        // the value of b= with its blanks, as offsets into the field's value
};

inline constexpr std::int64_t max_time = INT64_MAX;

struct ParsedSignature {
  Signature signature;
  std::optional<Fault> fault;
};

[[nodiscard]] ParsedSignature parse_signature(std::string_view value, SignatureKind kind,
                                              Drafts drafts = Drafts::refused);

// 1*2DIGIT within 1..50 (RFC 8617 section 4.2.1), or nothing.
[[nodiscard]] std::optional<std::uint32_t> parse_instance(std::string_view text);
// d= or s= with at least `labels` labels as A-labels; no trailing dot (RFC 6376 section 3.5).
[[nodiscard]] std::optional<model::Domain> parse_name(std::string_view text, std::size_t labels);
// The key type and hash that a= names, or nothing.
struct Algorithm {
  KeyType key_type;
  HashAlgorithm hash;
};
[[nodiscard]] std::optional<Algorithm> parse_algorithm(std::string_view text);
// 1*DIGIT; more than 12 digits are taken as max_time (RFC 6376 section 3.5, t=).
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace ruaudit::verify::dkim
