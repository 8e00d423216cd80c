// RFC 5322 section 3.3 (date-time) and 4.3 (obsolete zones and two-digit years), to seconds UTC.
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include "ingest/header_field.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t max_date = 200;  // octets looked at

// Words between blanks and commas; comments left out.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  constexpr std::string_view blanks = " \t\r\n,";
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    if (text.front() == '(') break;  // "(CET)": a comment after the zone
    const auto end = std::min(text.find_first_of(blanks), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return result;
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view text) {
  static constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                             "jul", "aug", "sep", "oct", "nov", "dec"};
  for (unsigned i = 0; i < names.size(); ++i)
    if (equals_folded(text.substr(0, 3), names[i])) return i + 1;
  return std::nullopt;
}

std::optional<int> full_year(std::string_view text) {
  auto year = number(text, 9999);
  if (!year) return std::nullopt;
  if (text.size() == 2) *year += *year < 50 ? 2000 : 1900;  // section 4.3
  if (text.size() == 3) *year += 1900;
  return year;
}

std::optional<int> seconds_of_day(std::string_view text) {
  int total = 0;
  int unit = 3600;
  while (unit > 0) {
    const auto colon = text.find(':');
    const auto value = number(text.substr(0, colon), unit == 3600 ? 23 : 60);
    if (!value) return std::nullopt;
    total += *value * unit;
    if (colon == std::string_view::npos) return unit == 3600 ? std::nullopt : std::optional<int>(total);
    text.remove_prefix(colon + 1);
    unit = unit == 3600 ? 60 : unit == 60 ? 1 : 0;
  }
  return std::nullopt;
}

// Seconds east of UTC; an unknown name counts as -0000, section 4.3.
int zone_offset(std::string_view text) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  static constexpr Zone zones[] = {{"EDT", -4}, {"EST", -5}, {"CDT", -5}, {"CST", -6},
                                   {"MDT", -6}, {"MST", -7}, {"PDT", -7}, {"PST", -8}};
  for (const auto& zone : zones)
    if (equals_folded(text, zone.name)) return zone.hours * 3600;
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return 0;
  const auto hours = number(text.substr(1, 2), 99);
  const auto minutes = number(text.substr(3, 2), 59);
  if (!hours || !minutes) return 0;
  const int offset = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> parse_mail_date(std::string_view value) {
  auto parts = words(value.substr(0, max_date));
  if (!parts.empty() && !number(parts.front(), 31)) parts.erase(parts.begin());  // day name
  if (parts.size() < 4) return std::nullopt;
  const auto day = number(parts[0], 31);
  const auto month = month_number(parts[1]);
  const auto year = full_year(parts[2]);
  const auto seconds = seconds_of_day(parts[3]);
  if (!day || !month || !year || !seconds) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + *seconds - (parts.size() > 4 ? zone_offset(parts[4]) : 0);
}

}  // namespace ruaudit::ingest
