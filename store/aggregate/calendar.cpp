#include "store/aggregate/calendar.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <numeric>

namespace ruaudit::store {

std::string day_text(std::int64_t epoch_seconds) {
  constexpr std::int64_t last_second = 253402300799;  // 9999-12-31T23:59:59Z
  const std::chrono::seconds since_epoch(std::clamp<std::int64_t>(epoch_seconds, 0, last_second));
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(since_epoch)));
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string report_day(const model::DateRange& range, std::int64_t received) {
  if (range.begin && range.end) return day_text(std::midpoint(*range.begin, *range.end));
  return day_text(range.begin.value_or(range.end.value_or(received)));
}

}  // namespace ruaudit::store
