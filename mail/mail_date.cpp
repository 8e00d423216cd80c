#include "mail/mail_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "model/ascii.hpp"

namespace ruaudit::model {
namespace {

constexpr std::size_t max_text = 1000;
constexpr std::size_t max_words = 12;

// Words outside comments; a comma divides as a blank does.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    const bool is_divider = depth > 0 || c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (c == ')' && depth > 0) --depth;
    if (!is_divider)
      out.back() += ascii::lower(c);
    else if (!out.back().empty() && out.size() <= max_words)
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::optional<int> number(std::string_view digits, std::size_t most) {
  if (digits.empty() || digits.size() > most || !std::all_of(digits.begin(), digits.end(), ascii::is_digit))
    return std::nullopt;
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<int> month_of(std::string_view word) {
  for (std::size_t i = 0; i < months.size(); ++i)
    if (word.substr(0, 3) == months[i]) return static_cast<int>(i) + 1;
  return std::nullopt;
}

// RFC 5322 section 4.3: two digits mean 1950 to 2049, three count from 1900.
std::optional<int> year_of(std::string_view word) {
  const auto value = number(word, 4);
  if (!value || word.size() == 1) return std::nullopt;
  if (word.size() == 2) return *value < 50 ? 2000 + *value : 1900 + *value;
  return word.size() == 3 ? 1900 + *value : *value;
}

// hour ":" minute [ ":" second [ "." fraction ] ], as seconds of the day. A leap second is the second before it.
std::optional<std::int64_t> time_of_day(std::string_view word) {
  const auto first = word.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = word.find(':', first + 1);
  const auto hour = number(word.substr(0, first), 2);
  const auto minute = number(word.substr(first + 1, second - first - 1), 2);
  std::optional<int> seconds = 0;
  if (second != std::string_view::npos) {
    const auto rest = word.substr(second + 1);
    seconds = number(rest.substr(0, rest.find('.')), 2);
  }
  if (!hour || !minute || !seconds || *hour > 23 || *minute > 59 || *seconds > 60) return std::nullopt;
  return *hour * 3600 + *minute * 60 + std::min(*seconds, 59);
}

// "Jan 1 10:00:00 2026", also with a zone in front of the year or behind it (asctime, date).
std::vector<std::string> from_asctime(std::vector<std::string> words) {
  for (std::size_t i = 3; i < words.size() && i < 5; ++i) {
    if (words[i].size() != 4 || !ascii::is_digit(words[i][0])) continue;
    std::string year = words[i];
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    std::swap(words[0], words[1]);
    words.insert(words.begin() + 2, std::move(year));
    return words;
  }
  return {};
}

// "2026-01-01T10:00:00Z" and "2026-01-01 10:00:00 +0000" (RFC 3339 section 5.6), "1-Jan-2026 10:00:00" (RFC 850).
std::vector<std::string> from_hyphens(std::vector<std::string> words) {
  const std::string date = words[0];
  const auto first = date.find('-'), second = date.find('-', first + 1);
  if (second == std::string::npos) return {};
  const auto end = std::min(date.find('t', second), date.size());
  std::vector<std::string> out = {date.substr(0, first), date.substr(first + 1, second - first - 1),
                                  date.substr(second + 1, end - second - 1)};
  if (out[0].size() == 4) {
    const auto month = number(out[1], 2);
    if (!month || *month < 1 || *month > 12) return {};
    out[1] = months[static_cast<std::size_t>(*month - 1)];
    std::swap(out[0], out[2]);
  }
  if (end < date.size()) words[0] = date.substr(end + 1);
  words.erase(words.begin(), words.begin() + (end < date.size() ? 0 : 1));
  if (words.empty()) return {};
  const auto zone = std::min(words[0].find_first_of("z+-"), words[0].size());
  out.push_back(words[0].substr(0, zone));
  if (zone < words[0].size()) out.push_back(words[0].substr(zone));
  out.insert(out.end(), words.begin() + 1, words.end());
  return out;
}

// The words in the order of RFC 5322 section 3.3, without the day's name.
std::vector<std::string> in_mail_order(std::vector<std::string> words) {
  if (!words.empty() && !ascii::is_digit(words[0][0]) && !month_of(words[0])) words.erase(words.begin());
  if (words.empty()) return words;
  if (month_of(words[0])) return from_asctime(std::move(words));
  return words[0].find('-') == std::string::npos ? words : from_hyphens(std::move(words));
}

struct Zone {
  std::string_view name;
  int hours;
};
constexpr Zone zones[] = {{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7},
                          {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"cet", 1},  {"cest", 2}};

std::optional<std::int64_t> zone_offset(std::string_view word) {
  if (word.empty()) return 0;
  if (word[0] != '+' && word[0] != '-') {
    for (const auto& zone : zones)
      if (zone.name == word) return zone.hours * 3600;
    return 0;
  }
  std::string digits(word.substr(1));
  if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
  const auto value = digits.size() == 4 ? number(digits, 4) : std::nullopt;
  if (!value || *value % 100 > 59) return std::nullopt;
  const std::int64_t seconds = *value / 100 * 3600 + *value % 100 * 60;
  return word[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> parse_mail_date(std::string_view text) {
  const auto words = in_mail_order(words_of(text.substr(0, max_text)));
  if (words.size() < 4) return std::nullopt;
  const auto day = number(words[0], 2);
  const auto month = month_of(words[1]);
  const auto year = year_of(words[2]);
  const auto time = time_of_day(words[3]);
  const auto offset = zone_offset(words.size() > 4 ? std::string_view(words[4]) : std::string_view());
  if (!day || !month || !year || !time || !offset) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86'400 + *time - *offset;
}

}  // namespace ruaudit::model
