// The values of SMTP TLS reports, one pure function per kind: raw text in, normalised value and Defect code out (empty:
// clean). Nothing unknown becomes a known value.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/tls_report.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser::tls {

Parsed<model::TlsPolicyType> parse_policy_type(std::string_view text);
Parsed<model::TlsResultType> parse_result_type(std::string_view text);
// 0 to 10^12, in any notation of plain_number.hpp.
Parsed<std::optional<std::int64_t>> parse_sessions(std::string_view text);
// RFC 3339 section 5.6, date-time; not whether the day exists.
bool is_date_time(std::string_view text);
// RFC 5952; empty where there is none.
Parsed<std::string> parse_address(std::string_view text);
// The name of a host in the form of model::Domain, with a "*." or "." in front where it is a pattern (RFC 8461
// section 4.1); as it arrived where it is neither.
Parsed<std::string> parse_host(std::string_view text);

}  // namespace ruaudit::parser::tls
