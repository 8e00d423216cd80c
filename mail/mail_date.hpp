// The date-time of mail header fields (RFC 5322 section 3.3, with the obsolete forms of section 4.3). Text enters,
// seconds since the epoch (UTC) leave, or nothing when it is not a date that exists. Day names are not checked against
// the date; comments, missing seconds, fractions of a second, two- and three-digit years and zone names are accepted; a
// zone name that is not known, and a missing zone, count as UTC (section 4.3). Also read, because reporters write them:
// "2026-01-01T10:00:00Z" (RFC 3339), "1-Jan-2026 10:00:00" and "Thu Jan  1 10:00:00 2026" (asctime). At most 1000
// octets are looked at.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace ruaudit::model {

std::optional<std::int64_t> parse_mail_date(std::string_view text);

}  // namespace ruaudit::model
