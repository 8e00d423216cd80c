#include "assess/overview/monthly.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ruaudit::assess {
namespace {

constexpr double month_days = 30, two_sided_95 = 1.96;
constexpr double unseen_95 = 3;  // with less than 5 % probability a Poisson process of this mean shows nothing

double variance_of(std::span<const std::int64_t> days, double mean) {
  if (days.size() < 2) return mean;
  double squares = 0;
  for (const auto day : days) squares += (static_cast<double>(day) - mean) * (static_cast<double>(day) - mean);
  return std::max(mean, squares / static_cast<double>(days.size() - 1));
}

}  // namespace

MonthlyEstimate monthly(std::span<const std::int64_t> days) {
  if (days.empty()) return {};
  const auto count = static_cast<double>(days.size());
  const auto sum = static_cast<double>(std::accumulate(days.begin(), days.end(), std::int64_t{0}));
  if (sum == 0) return {0, 0, static_cast<std::int64_t>(std::ceil(unseen_95 * month_days / count))};
  const double mean = sum / count;
  const double half = two_sided_95 * std::sqrt(variance_of(days, mean) / count);
  const auto in_month = [](double daily) { return static_cast<std::int64_t>(std::llround(daily * month_days)); };
  return {in_month(mean), in_month(std::max(0.0, mean - half)), in_month(mean + half)};
}

}  // namespace ruaudit::assess
