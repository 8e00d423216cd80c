#include "assess/strangers.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace ruaudit::assess {
namespace {

constexpr std::int32_t wave_span = 3;  // days

bool is_brief(const Presence& presence) {
  return !presence.days.empty() && presence.days.back() - presence.days.front() < wave_span;
}

// The middle count over all days from the first to the last, days without any included.
double usual_count(const std::map<std::int32_t, std::int64_t>& counts, std::int32_t first, std::int32_t last) {
  std::vector<std::int64_t> all;
  for (const auto& [day, count] : counts) all.push_back(count);
  all.resize(std::max<std::size_t>(all.size(), static_cast<std::size_t>(last - first + 1)), 0);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return static_cast<double>(*middle);
}

std::vector<std::int32_t> wave_days(const std::vector<Presence>& strangers) {
  std::map<std::int32_t, std::int64_t> brief;
  std::int32_t first = 0, last = 0;
  for (const auto& presence : strangers) {
    if (presence.days.empty()) continue;
    first = first == 0 ? presence.days.front() : std::min(first, presence.days.front());
    last = std::max(last, presence.days.back());
    if (is_brief(presence))
      for (const auto day : presence.days) ++brief[day];
  }
  const double usual = usual_count(brief, first, last);
  const double limit = std::max(static_cast<double>(wave_sources), usual + 4 * std::sqrt(usual + 1));
  std::vector<std::int32_t> days;
  for (const auto& [day, count] : brief)
    if (static_cast<double>(count) >= limit) days.push_back(day);
  return days;
}

double mean_days(const std::vector<Presence>& strangers) {
  std::int64_t days = 0, sources = 0;
  for (const auto& presence : strangers) {
    if (is_brief(presence) && presence.days.size() > 1) continue;
    days += static_cast<std::int64_t>(presence.days.size());
    ++sources;
  }
  return sources < 20 ? 0.0 : static_cast<double>(days) / static_cast<double>(sources);
}

}  // namespace

std::int64_t days_beyond_chance(double mean) {
  double probability = std::exp(-mean), sum = probability;
  std::int64_t quantile = 0;
  while (sum < 0.999 && quantile < 100'000) {
    ++quantile;
    probability *= mean / static_cast<double>(quantile);
    sum += probability;
  }
  return std::max(steady_days, quantile + 1);
}

std::vector<Habit> habits_of(const std::vector<Presence>& strangers) {
  const auto waves = wave_days(strangers);
  const auto enough = days_beyond_chance(mean_days(strangers));
  std::vector<Habit> habits;
  habits.reserve(strangers.size());
  for (const auto& presence : strangers) {
    const bool is_wave =
        is_brief(presence) && std::any_of(presence.days.begin(), presence.days.end(), [&waves](auto day) {
          return std::binary_search(waves.begin(), waves.end(), day);
        });
    const bool is_steady =
        static_cast<std::int64_t>(presence.days.size()) >= enough && presence.messages >= steady_messages;
    habits.push_back(is_wave ? Habit::wave : is_steady ? Habit::steady : Habit::background);
  }
  return habits;
}

}  // namespace ruaudit::assess
