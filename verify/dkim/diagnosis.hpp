// From the two checks of a signature (body hash, header signature) to its result and to a reason that a person can act
// on: content added below the signed text, signed fields absent or repeated (RFC 6376 section 6.1.3).
#pragma once
#include <string>
#include <vector>

#include "verify/dkim/verifier.hpp"

namespace ruaudit::verify::dkim {

// Sets result, reason, text and notes of a signature whose header (and body, if present) were checked.
void conclude(SignatureResult& out, const message::Message& message, const Options& options);

// The names of h= that are listed more or less often than present; at most 20, sorted.
[[nodiscard]] std::vector<FieldNote> count_fields(const message::Message& message, const Signature& signature,
                                                  std::size_t own);

// draft-ietf-dkim-base-00 had no bh=: header and canonical body are signed as one.
[[nodiscard]] std::string draft_input(const message::Message& message, const Signature& signature, std::size_t own);

}  // namespace ruaudit::verify::dkim
