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
inline constexpr std::int32_t steady_pause = 14;  // days: a longer one begins again
inline constexpr std::int64_t wave_sources = 10;

// How often the strangers of a domain come: the chance that one of them is seen on a given day. Nothing is compared
// where there are fewer than twenty of them.
struct Background {
  double a_day = 0;
  std::int64_t strangers = 0;
};
Background background_of(const std::vector<Presence>& strangers);

// One of so many strangers who come by chance would be seen on `days` days of a `span` in fewer than one of a hundred
// such domains (Poisson tail times the number of strangers).
bool is_beyond_chance(const Background& background, std::int64_t days, std::int64_t span);

// The last of the stretches without a longer pause than `steady_pause`; a number of days at the end of `days`.
std::size_t last_stretch(const std::vector<std::int32_t>& days);

// One for each. Steady: `steady_messages` at least, and a stretch of `steady_days` at least that chance does not
// explain. Wave: all its days lie within three, and on one of them far more strangers came that came at no other time
// than on the domain's usual day (median plus four deviations of a Poisson count, and `wave_sources` at least).
std::vector<Habit> habits_of(const std::vector<Presence>& strangers);

}  // namespace ruaudit::assess
