// Validation of the Authenticated Received Chain of a mail (RFC 8617 section 5.2). In: a message, a resolver, the time.
// Out: none, pass or fail with the reason, every set with its sealer, and oldest-pass. A chain informs: it changes no
// DKIM or DMARC result. All failures are permanent, DNS trouble too (section 5.2.1). At most max_sets sets; each AMS is
// verified once, each seal hashes the sets below it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/enum_text.hpp"
#include "verify/dkim/verifier.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::arc {

inline constexpr std::uint32_t max_sets = 50;  // RFC 8617 section 5.2 step 1

enum class ChainResult : std::uint8_t { none, pass, fail };

enum class Reason : std::uint8_t {
  ok,
  too_many_sets,      // step 1
  marked_failed,      // step 2: the newest seal says cv=fail
  malformed_field,    // a field that cannot be read or has no instance
  repeated_field,     // step 3.1
  incomplete_set,     // step 3.1 and 3.2: a field is missing, or a whole instance
  wrong_chain_value,  // step 3.3
  message_signature,  // step 4
  seal,               // step 6
};

struct Set {
  std::uint32_t instance = 0;
  std::string domain;                                      // d= of the seal: the sealer
  std::string selector;                                    // s= of the seal
  std::string chain_value;                                 // cv= of the seal as written
  std::optional<std::int64_t> timestamp;                   // t= of the seal
  std::string authentication_results;                      // the AAR behind its instance, as written
  std::optional<std::uint32_t> line;                       // of the seal in the mail
  std::optional<dkim::SignatureResult> message_signature;  // nothing: the validation stopped before
  std::optional<bool> seal_verifies;
  std::string seal_text;             // why the seal does not verify
  std::vector<std::string> remarks;  // what the sealer did against RFC 8617 section 4.1.2 without harm
};

struct Chain {
  ChainResult result = ChainResult::none;
  Reason reason = Reason::ok;
  std::string text;                          // for people
  std::optional<std::uint32_t> oldest_pass;  // step 5; 0: every AMS verifies
  std::vector<Set> sets;                     // by instance, as far as they can be read
};

[[nodiscard]] Chain validate_chain(const message::Message& message, dns::Resolver& resolver, dkim::KeyCache& cache,
                                   std::int64_t at);

}  // namespace ruaudit::verify::arc

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::arc::ChainResult> enum_table<verify::arc::ChainResult>[] = {
    {verify::arc::ChainResult::none, "none"},
    {verify::arc::ChainResult::pass, "pass"},
    {verify::arc::ChainResult::fail, "fail"}};

template <>
inline constexpr EnumText<verify::arc::Reason> enum_table<verify::arc::Reason>[] = {
    {verify::arc::Reason::ok, "ok"},
    {verify::arc::Reason::too_many_sets, "too-many-sets"},
    {verify::arc::Reason::marked_failed, "marked-failed"},
    {verify::arc::Reason::malformed_field, "malformed-field"},
    {verify::arc::Reason::repeated_field, "repeated-field"},
    {verify::arc::Reason::incomplete_set, "incomplete-set"},
    {verify::arc::Reason::wrong_chain_value, "wrong-chain-value"},
    {verify::arc::Reason::message_signature, "message-signature"},
    {verify::arc::Reason::seal, "seal"}};

}  // namespace ruaudit::model
