// The dates of aggregate reports: epoch seconds as RFC 9990 wants them, and the other notations that reporters use
// where only one instant can be meant (fractions, milli-, micro- and nanoseconds, exponents, digits in groups, ISO 8601
// in all its forms, calendar digits, dates in mail and program notation). A value that cannot be the time of a report,
// because it lies before DMARC existed or ahead of the report's arrival, is not a date. Pure functions; texts arrive
// trimmed.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace ruaudit::parser {

inline constexpr std::int64_t first_report_date = 1'262'304'000;  // 2010-01-01: the first drafts are of 2011
// Where no arrival is known: 2100-01-01. No report of this century reaches it, and seconds are still told from
// milliseconds by it.
inline constexpr std::int64_t no_latest_date = 4'102'444'800;

struct ReadDate {
  std::optional<std::int64_t> value;  // absent where there is none, or where it cannot be
  // What identity version 1 rests on: the reading that depends on nothing but the text, plausible or not, so that a
  // report stays the same report whenever it is delivered (docs/identity.md).
  std::optional<std::int64_t> identity;
  std::string_view defect;  // a code of docs/defects.md, or empty
};

// latest: seconds since the epoch after which the report cannot reach.
ReadDate parse_date(std::string_view text, std::int64_t latest = no_latest_date);

}  // namespace ruaudit::parser
