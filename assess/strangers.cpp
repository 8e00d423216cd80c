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

bool is_steady(const Background& background, const Presence& presence) {
  if (presence.messages < steady_messages) return false;
  std::vector<std::int32_t> days = presence.days;
  while (!days.empty()) {
    const auto stretch = static_cast<std::ptrdiff_t>(last_stretch(days));
    const auto first = *(days.end() - stretch);
    if (stretch >= steady_days && is_beyond_chance(background, stretch, days.back() - first + 1)) return true;
    days.resize(days.size() - static_cast<std::size_t>(stretch));
  }
  return false;
}

constexpr std::int64_t least_compared = 20;  // strangers
// The quarter that comes most often is left out, since the steady ones are in it; the rest then comes too rarely by
// this.
constexpr double without_busiest = 1.4;

}  // namespace

Background background_of(const std::vector<Presence>& strangers) {
  std::vector<std::size_t> counts;
  std::int32_t first = 0, last = 0;
  for (const auto& presence : strangers) {
    if (presence.days.empty()) continue;
    first = counts.empty() ? presence.days.front() : std::min(first, presence.days.front());
    last = counts.empty() ? presence.days.back() : std::max(last, presence.days.back());
    counts.push_back(presence.days.size());
  }
  const auto all = static_cast<std::int64_t>(counts.size());
  if (all < least_compared) return {0, all};
  std::sort(counts.begin(), counts.end());
  const auto kept = counts.size() - counts.size() / 4;
  double sum = 0;
  for (std::size_t i = 0; i < kept; ++i) sum += static_cast<double>(counts[i]);
  return {without_busiest * sum / static_cast<double>(kept) / static_cast<double>(last - first + 1), all};
}

bool is_beyond_chance(const Background& background, std::int64_t days, std::int64_t span) {
  const double mean = background.a_day * static_cast<double>(span);
  double probability = std::exp(-mean), below = probability;
  for (std::int64_t i = 1; i < days; ++i) {
    probability *= mean / static_cast<double>(i);
    below += probability;
  }
  return (1 - below) * static_cast<double>(std::max<std::int64_t>(1, background.strangers)) < 0.01;
}

std::size_t last_stretch(const std::vector<std::int32_t>& days) {
  std::size_t count = days.empty() ? 0 : 1;
  while (count < days.size() && days[days.size() - count] - days[days.size() - count - 1] <= steady_pause) ++count;
  return count;
}

std::vector<Habit> habits_of(const std::vector<Presence>& strangers) {
  const auto waves = wave_days(strangers);
  const auto background = background_of(strangers);
  std::vector<Habit> habits;
  habits.reserve(strangers.size());
  for (const auto& presence : strangers) {
    const bool is_wave =
        is_brief(presence) && std::any_of(presence.days.begin(), presence.days.end(), [&waves](auto day) {
          return std::binary_search(waves.begin(), waves.end(), day);
        });
    habits.push_back(is_wave ? Habit::wave : is_steady(background, presence) ? Habit::steady : Habit::background);
  }
  return habits;
}

}  // namespace ruaudit::assess
