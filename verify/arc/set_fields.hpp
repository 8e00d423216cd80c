// The fields of ARC sets as values (RFC 8617 section 4.1): ARC-Authentication-Results and ARC-Seal. In: a field's value
// as in the mail. Out: what could be read, or the fault. ARC-Message-Signature is read by the DKIM signature parser.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verify/dkim/signature.hpp"

namespace ruaudit::verify::arc {

struct AuthenticationResults {
  std::uint32_t instance = 0;
  std::string payload;  // behind "i=N;", trimmed
};
[[nodiscard]] std::optional<AuthenticationResults> parse_authentication_results(std::string_view value);

struct Seal {
  dkim::Signature signature;  // i= as instance; a, b, d, s, t
  std::string chain_value;    // cv= as written
  std::optional<dkim::Fault> fault;
};
[[nodiscard]] Seal parse_seal(std::string_view value);

}  // namespace ruaudit::verify::arc
