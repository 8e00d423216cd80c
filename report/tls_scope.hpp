// What the id of a TLS finding says besides its kind; docs/findings.md describes how ids are made.
#pragma once
#include <cstdint>
#include <string_view>

#include "model/finding.hpp"

namespace ruaudit::report {

// One domain as a whole, one sender of reports on it, several of these, or the sum of what further domains have.
enum class TlsScope : std::uint8_t { domain, sender, several, further_domains };
TlsScope tls_scope_of(const model::Finding& finding);

// The result type of RFC 8460 section 4.3, or "unknown"; empty for a sum and for every other finding. A part of the id.
std::string_view tls_result_of(const model::Finding& finding);

}  // namespace ruaudit::report
