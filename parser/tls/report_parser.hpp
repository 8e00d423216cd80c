// SMTP TLS reports (RFC 8460 section 4.4): JSON in, a header, policies and failures out, piece by piece in bounded
// memory. Deviations from the RFC are read if only one thing can be meant, with a Defect:
// numbers as strings, one object where a list should be, a name or a list of names, other letter case, dates in other
// notations, unknown members. A truncated text still gives the policies before the break.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "model/tls_report.hpp"
#include "parser/report_hints.hpp"
#include "parser/tls/json_text.hpp"

namespace ruaudit::parser::tls {

struct TlsLimits {
  std::size_t depth = 64;                            // "json-too-deep"
  std::size_t token_octets = std::size_t{1} << 20U;  // "json-token-too-long": a string or a number, with blanks
  std::uint32_t policies = 4'000'000;                // "too-many-policies"
  std::uint64_t failures = 16'000'000;               // "too-many-failures"
  std::size_t value_octets = 4000;                   // longer texts are cut: "text-too-long"
  std::size_t list_entries = 1000;                   // of policy-string and mx-host; more are counted: "tls-list-cut"
  std::uint32_t defects = 10'000;                    // of one report: "defects-omitted"
  bool operator==(const TlsLimits&) const = default;
};

// Reads the report at which the text stands; where it fails, everything behind belongs to it. Errors: "json-malformed",
// "json-too-deep", "json-token-too-long", "not-a-tls-report", "too-many-...", "stopped" when the sink had enough.
model::Result<model::TlsReport> parse_tls_report(JsonText& text, const TlsLimits& limits, const ReportHints& hints,
                                                 model::TlsSink& sink);

}  // namespace ruaudit::parser::tls
