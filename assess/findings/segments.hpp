// Cuts a series of days into stretches in which something works and stretches in which it does not: the cheapest path
// through two states, where each message that does not fit its stretch costs 1 and each change of state `change_cost`.
// So a stretch needs that many more messages for it than against it, whether they come on one day or in a month; single
// broken signatures never make one, and days without mail change nothing.
#pragma once
#include <cstdint>
#include <vector>

#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

struct DayCount {
  Day day = 0;
  std::int64_t good = 0, bad = 0;
};

struct Stretch {
  bool is_good = true;
  Day first = 0, last = 0;  // days with messages
  std::int64_t good = 0, bad = 0;
};

inline constexpr std::int64_t change_cost = 7;

// `days` ascending, one entry per day.
std::vector<Stretch> stretches(const std::vector<DayCount>& days, std::int64_t cost = change_cost);

}  // namespace ruaudit::assess
