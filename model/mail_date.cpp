#include "model/mail_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace ruaudit::model {
namespace {

constexpr std::size_t max_text = 1000;
constexpr std::size_t max_words = 12;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Words outside comments; a comma divides as a blank does.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    const bool is_divider = depth > 0 || c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (c == ')' && depth > 0) --depth;
    if (!is_divider)
      out.back() += lower(c);
    else if (!out.back().empty() && out.size() <= max_words)
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::optional<int> number(std::string_view digits, std::size_t most) {
  if (digits.empty() || digits.size() > most || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<int> month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (word.substr(0, 3) == names[i]) return static_cast<int>(i) + 1;
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
  auto words = words_of(text.substr(0, max_text));
  if (!words.empty() && !is_digit(words[0][0])) words.erase(words.begin());  // the day's name
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
