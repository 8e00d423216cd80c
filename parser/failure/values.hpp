// The values of failure reports, one pure function per kind. Texts arrive unfolded and trimmed, as clean UTF-8. Nothing
// unknown becomes a known value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/failure_report.hpp"

namespace ruaudit::parser {

// The word of Feedback-Type in front of blanks, parameters and comments. RFC 5965 section 3.1.
model::FailureKind parse_feedback_type(std::string_view text);
model::AuthFailure parse_auth_failure(std::string_view text);
model::DeliveryResult parse_delivery_result(std::string_view text);

// Without the comments outside quotes, which RFC 5965 section 3.5 and RFC 6591 section 4 allow around values; a text
// that is nothing but comments stays as it is.
std::string without_comments(std::string_view text);

// The address of a Source-IP in the decorations that reporters give it: a host beside it, brackets, quotes, a port.
// The first thing that is an address counts; RFC 5965 section 3.5 has the address alone.
std::optional<model::IpAddress> address_in(std::string_view text);

// `txt : example.com : "v=spf1 -all"`, `example.com : "v=DKIM1; ..."` or the quoted record alone. RFC 6591 section 3.2.
model::ClaimedRecord parse_claimed_record(std::string_view text);

// Base64 with blanks; other octets are skipped as RFC 6591 section 2.3 asks, and told. Nothing when what is left
// cannot be base64.
struct Base64Text {
  std::optional<std::string> octets;
  bool has_others = false;
};
Base64Text decode_base64(std::string_view text);

// A decimal number up to max, nothing when it is none or larger.
std::optional<std::int64_t> parse_number(std::string_view text, std::int64_t max);

// The first address in a From field: between < and >, else the first word with an @; lower case, empty when none.
std::string first_address(std::string_view from);

}  // namespace ruaudit::parser
