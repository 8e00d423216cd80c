#include "assess/findings/segments.hpp"

#include <array>

namespace ruaudit::assess {
namespace {

struct Step {
  std::array<bool, 2> came_from_good{};  // the state before, for [bad, good] now
};

// Backwards through the cheapest choices: is day i in a good stretch?
std::vector<bool> states(const std::vector<DayCount>& days, std::int64_t cost) {
  std::vector<Step> steps(days.size());
  std::int64_t good = 0, bad = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    steps[i].came_from_good[1] = i == 0 || good <= bad + cost;
    steps[i].came_from_good[0] = i != 0 && good + cost < bad;
    const std::int64_t into_good = i == 0 ? 0 : steps[i].came_from_good[1] ? good : bad + cost;
    const std::int64_t into_bad = i == 0 ? 0 : steps[i].came_from_good[0] ? good + cost : bad;
    good = into_good + days[i].bad;
    bad = into_bad + days[i].good;
  }
  std::vector<bool> is_good(days.size());
  bool state = good <= bad;
  for (std::size_t i = days.size(); i-- > 0;) {
    is_good[i] = state;
    state = steps[i].came_from_good[state ? 1 : 0];
  }
  return is_good;
}

}  // namespace

std::vector<Stretch> stretches(const std::vector<DayCount>& days, std::int64_t cost) {
  const auto is_good = states(days, cost);
  std::vector<Stretch> out;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (out.empty() || out.back().is_good != is_good[i]) out.push_back({is_good[i], days[i].day, days[i].day, 0, 0});
    out.back().last = days[i].day;
    out.back().good += days[i].good;
    out.back().bad += days[i].bad;
  }
  return out;
}

}  // namespace ruaudit::assess
