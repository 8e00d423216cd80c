// DKIM verification of one mail (RFC 6376 section 6.1 with RFC 8301, 8463 and 8616). In: a message, a resolver, the
// time to judge by. Out: one result for every signature, none of which depends on another, with a reason and what a
// person needs to act on it. Each signature field is looked at from top to bottom up to Options::max_signatures;
// further ones are `policy`, not-evaluated, and beyond max_listed only counted. Work is linear in the mail for each
// signature.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/auth_result.hpp"
#include "verify/dkim/body_hash.hpp"
#include "verify/dkim/key_record.hpp"
#include "verify/dkim/keys.hpp"
#include "verify/dkim/reason.hpp"
#include "verify/dkim/signature.hpp"
#include "verify/dns/resolver.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::dkim {

// `verify`: rsa-sha1, RSA keys under 1024 bits and drafts before RFC 4871 are verified, and marked is_legacy.
enum class Legacy : std::uint8_t { refuse, verify };
// `missing`: only the header is at hand (text/rfc822-headers); nothing can become pass.
enum class BodyPart : std::uint8_t { present, missing };

inline constexpr std::size_t max_listed = 100;

struct Options {
  std::int64_t at = 0;  // seconds since the epoch: when the mail was received
  Legacy legacy = Legacy::refuse;
  BodyPart body = BodyPart::present;
  Service service = Service::email;
  std::size_t max_signatures = 20;          // RFC 6376 section 8.4
  std::int64_t clock_skew = 300;            // a t= so far ahead of `at` is not called future
  std::size_t max_searched_lines = 10'000;  // of the body, in the search for added text
};

struct FieldNote {  // a name in h= whose fields are not as many as listed
  std::string name;
  std::size_t listed = 0;
  std::size_t present = 0;
  bool operator==(const FieldNote&) const = default;
};

struct SignatureResult {  // RFC 6376 section 3.9
  model::DkimResult result = model::DkimResult::neutral;
  Reason reason = Reason::ok;
  std::string text;                       // for people; empty where there is nothing to say
  Signature signature;                    // as far as it could be read
  std::size_t field = 0;                  // position in message.fields()
  std::uint32_t line = 0;                 // of the field in the mail
  int key_bits = 0;                       // of the key used; 0: none
  bool is_testing = false;                // the key has t=y: a failure counts like no signature
  bool is_legacy = false;                 // passes only because of Legacy::verify
  bool is_future = false;                 // t= lies ahead of the time given
  std::optional<bool> header_verifies;    // b= over the header with the bh= given
  std::optional<bool> body_hash_matches;  // bh= against the body
  std::string computed_body_hash;         // octets
  std::uint64_t canonical_body_octets = 0;
  std::uint64_t unsigned_octets = 0;    // of the canonical body beyond l=
  std::optional<AddedText> added_text;  // the rest of the body is as signed
  std::vector<FieldNote> field_notes;   // only where the header does not verify
};

struct Verification {
  model::DkimResult summary = model::DkimResult::none;  // the best of all: pass if any passes
  std::vector<SignatureResult> signatures;
  std::size_t not_listed = 0;
};

class Verifier {
 public:
  // Both must outlive the verifier.
  Verifier(dns::Resolver& resolver, KeyCache& cache) : resolver_(resolver), cache_(cache) {}

  [[nodiscard]] Verification verify(const message::Message& message, const Options& options) const;
  // The fields at `positions` only, in that order, without the limit on their number.
  [[nodiscard]] std::vector<SignatureResult> verify_fields(const message::Message& message,
                                                           std::span<const std::size_t> positions, SignatureKind kind,
                                                           const Options& options) const;

 private:
  dns::Resolver& resolver_;
  KeyCache& cache_;
};

}  // namespace ruaudit::verify::dkim
