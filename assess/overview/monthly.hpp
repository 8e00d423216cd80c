// How much of something comes in a month, from the counts of some days, with a 95 % interval.
#pragma once
#include <cstdint>
#include <span>

namespace ruaudit::assess {

struct MonthlyEstimate {  // messages in 30 days
  std::int64_t mean = 0, low = 0, high = 0;
};

// One entry a day, days without any included. The interval is mean +- 1.96 standard errors of the daily counts, never
// narrower than that of a Poisson process; where nothing was seen, the upper end is 3 events in the time looked at.
MonthlyEstimate monthly(std::span<const std::int64_t> days);

}  // namespace ruaudit::assess
