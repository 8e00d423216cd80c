// The period a summary is asked for: names (yesterday, last-week, last-30-days, last-month, all), or first and last
// day, in a time zone, enter; seconds since the epoch leave. Days begin at local midnight; a week is Monday to Sunday.
// The clock is a parameter. Zone names are looked up in the system's zone information; UTC needs none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "model/facts/summary_facts.hpp"
#include "model/result.hpp"

namespace ruaudit::report {

struct PeriodRequest {
  std::optional<std::string>
      name;  // yesterday, last-week, last-30-days, last-month, all; not together with since and until
  std::optional<std::string> since;  // YYYY-MM-DD, first day
  std::optional<std::string> until;  // YYYY-MM-DD, last day, included
  std::string timezone = "UTC";      // IANA name
};

struct ChosenPeriod {
  model::Period period;
  std::string first_day, last_day;  // local days, empty where open
  std::string timezone;
  std::string label;  // "yesterday, 2024-02-29", "2024-02-01 to 2024-02-29", "all days"
  bool operator==(const ChosenPeriod&) const = default;
};

// Without any name or day: all. Errors: "period", "timezone", each with its remedy.
model::Result<ChosenPeriod> choose_period(const PeriodRequest& request, std::int64_t now);

}  // namespace ruaudit::report
