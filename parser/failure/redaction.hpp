// Signs that a reporter has replaced parts of a sample or of its claims: hashed or blotted-out local parts (RFC 6590),
// placeholders for the subject or the body, defanged links (RFC 9991 section 7). Signs only: an address that is a hash
// by nature looks the same, which is why a finding weakens a result and never makes one. Reads the header and the
// first body_bytes of the body.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "model/failure_report.hpp"

namespace ruaudit::parser {

std::vector<model::Redaction> find_redactions(const model::FailureClaims& claims, const model::FailureSample& sample);

// True for a local part that was replaced: "redacted", "xxxx", "****", or the text of a hash.
bool is_redacted_local_part(std::string_view local_part);

}  // namespace ruaudit::parser
