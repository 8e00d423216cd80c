// What strangers are by their days: steady ones, waves of many, the rest. Statistics over all strangers of a policy
// domain, so that a threshold means the same for ten messages a day and for ten million.
#pragma once
#include <cstdint>
#include <vector>

namespace ruaudit::assess {

struct Presence {                  // of one stranger in one policy domain
  std::vector<std::int32_t> days;  // sorted, distinct
  std::int64_t messages = 0;
};
enum class Habit : std::uint8_t { background, steady, wave };

inline constexpr std::int64_t steady_days = 5, steady_messages = 20;
inline constexpr std::int64_t wave_sources = 10;

// The least number of days that is more than chance when strangers come on `mean` days on average: the 99.9 % quantile
// of a Poisson distribution, and `steady_days` at least.
std::int64_t days_beyond_chance(double mean);

// One for each. Steady: on more days than chance explains, with `steady_messages` at least. Wave: all its days lie
// within three, and on one of them far more strangers came that came at no other time than on the domain's usual day
// (median plus four deviations of a Poisson count, and `wave_sources` at least).
std::vector<Habit> habits_of(const std::vector<Presence>& strangers);

}  // namespace ruaudit::assess
