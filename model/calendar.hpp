// Days of the proleptic Gregorian calendar in UTC, as the database keeps them: 'YYYY-MM-DD' sorts as text.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::model {

inline constexpr std::int64_t seconds_per_day = 86'400;

// Days since 1970-01-01 of a time in epoch seconds, also before it.
constexpr std::int64_t day_number(std::int64_t epoch) {
  return epoch >= 0 ? epoch / seconds_per_day : -((-epoch + seconds_per_day - 1) / seconds_per_day);
}

// The day of `epoch` as 'YYYY-MM-DD'; years outside 0..9999 are cut to those.
inline std::string day_text(std::int64_t epoch) {
  constexpr std::int64_t first = -719'528;  // 0000-01-01
  constexpr std::int64_t last = 2'932'896;  // 9999-12-31
  const std::int64_t number = day_number(epoch) < first ? first : day_number(epoch) > last ? last : day_number(epoch);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days(number)}};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

// Midnight UTC of 'YYYY-MM-DD', or nothing for any other text and for days that do not exist.
inline std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [text](std::size_t at, std::size_t length) {
    int value = 0;
    for (std::size_t i = at; i < at + length; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int64_t>(std::chrono::sys_days(date).time_since_epoch().count()) * seconds_per_day;
}

}  // namespace ruaudit::model
