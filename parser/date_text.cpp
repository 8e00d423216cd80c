#include "parser/date_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

#include "mail/mail_date.hpp"
#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/plain_number.hpp"

namespace ruaudit::parser {
namespace {

using Seconds = std::optional<std::int64_t>;

Seconds midnight_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int64_t>(std::chrono::sys_days(date).time_since_epoch().count()) * 86'400;
}

// Reads a fixed number of digits from the front of text.
Seconds take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits || !is_all_digits(text.substr(0, digits))) return std::nullopt;
  const auto value = whole_number(text.substr(0, digits));
  text.remove_prefix(digits);
  return value;
}
bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool names_utc(std::string_view text) {
  const std::string name = ascii::lower(text);
  return name.empty() || name == "z" || name == "utc" || name == "gmt";
}

// "Z", "+hh:mm", "-hhmm", "+hh", "GMT+hhmm", "+0000 UTC" or nothing, in seconds east of UTC.
Seconds zone_offset(std::string_view text) {
  if (names_utc(text)) return 0;
  if (names_utc(text.substr(0, 3))) text.remove_prefix(3);
  const bool is_west = text.front() == '-';
  if (!take_char(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  const bool has_colon = take_char(text, ":");
  const auto minutes = text.empty() && !has_colon ? Seconds(0) : take_number(text, 2);
  if (!names_utc(trimmed(text)) || !hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  return (is_west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

// "hh:mm[:ss[.f]][zone]" or "hhmm[ss]..." in seconds of the day, less the zone's offset.
Seconds time_of_day(std::string_view text) {
  const auto hour = take_number(text, 2);
  take_char(text, ":");
  const auto minute = take_number(text, 2);
  Seconds second = 0;
  if (take_char(text, ":") || (text.size() >= 2 && is_all_digits(text.substr(0, 2)))) second = take_number(text, 2);
  if (!hour || !minute || !second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
  if (take_char(text, ".,"))
    while (!text.empty() && ascii::is_digit(text.front())) text.remove_prefix(1);
  std::int64_t half_day = 0;
  const std::string_view rest = trimmed(text);
  const std::string half = ascii::lower(rest.substr(0, 2));
  if (half == "am" || half == "pm") {
    if (*hour < 1 || *hour > 12) return std::nullopt;
    half_day = (half == "pm" ? 12 : 0) - (*hour == 12 ? 12 : 0);
    text = rest.substr(2);
  }
  const auto offset = zone_offset(trimmed(text));
  if (!offset) return std::nullopt;
  return (*hour + half_day) * 3600 + *minute * 60 + *second - *offset;
}

// ISO 8601, with '-', '/', '.' or nothing between year, month and day.
Seconds iso8601(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool has_dash = take_char(text, "-/.");
  const auto month = take_number(text, 2);
  if (has_dash && !take_char(text, "-/.")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!year || !month || !day) return std::nullopt;
  const auto midnight = midnight_of(*year, *month, *day);
  if (!midnight) return std::nullopt;
  if (text.empty() || text == "Z") return midnight;
  if (ascii::is_digit(text.front())) {  // 14 digits, 12, or 10
    if (text.size() != 2 && text.size() != 4 && text.size() != 6) return std::nullopt;
    const auto time = time_of_day(text.size() == 2 ? std::string(text) + "00" : std::string(text));
    return time ? Seconds(*midnight + *time) : std::nullopt;
  }
  if (!take_char(text, "Tt _-")) return std::nullopt;
  const auto time = time_of_day(trimmed(text));
  return time ? Seconds(*midnight + *time) : std::nullopt;
}

std::int64_t month_number(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
  const std::string name = ascii::lower(word);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name.size() >= 3 && names[i].starts_with(name)) return static_cast<std::int64_t>(i) + 1;
  return 0;
}

// The words of a date in which the month has a name ("Thu Jan 01 00:00:00 UTC 2026", "January 1, 2026 3:04 pm",
// "Thu Jan 01 2026 00:00:00 GMT+0100 (CET)"), in any order.
class WrittenDate {
 public:
  Seconds read(std::string_view text) {
    text = text.substr(0, text.find('('));
    while (!text.empty()) {
      const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n,;-/."), text.size());
      text.remove_prefix(begin);
      const std::size_t end = std::min(text.find_first_of(" \t\r\n,;/"), text.size());
      if (end > 0 && !take_word(text.substr(0, end))) return std::nullopt;
      text.remove_prefix(end);
    }
    if (month_ == 0 || !day_ || !year_) return std::nullopt;
    const auto midnight = midnight_of(*year_, month_, *day_);
    if (!midnight) return std::nullopt;
    if (time_.empty()) return zone_.empty() ? midnight : std::nullopt;
    const auto time = time_of_day((time_.find(':') == 1 ? "0" : "") + time_ + half_ + zone_);
    return time ? Seconds(*midnight + *time) : std::nullopt;
  }

 private:
  bool take_word(std::string_view word) {
    while (word.size() > 1 && word.ends_with('.')) word.remove_suffix(1);
    if (ascii::is_letter(word.front())) return take_name(word);
    if (word.find(':') != std::string_view::npos) return set(time_, word);
    if (const auto dash = word.find('-'); dash != std::string_view::npos && dash > 0)  // 01-Jan-2026
      return take_word(word.substr(0, dash)) && (dash + 1 == word.size() || take_word(word.substr(dash + 1)));
    if (word.front() == '+' || word.front() == '-') return set(zone_, word);
    if (word.ends_with("st") || word.ends_with("nd") || word.ends_with("rd") || word.ends_with("th"))
      word.remove_suffix(2);
    const auto number = whole_number(word);
    if (!number) return false;
    Seconds& target = word.size() == 4 ? year_ : day_;
    if (target || (word.size() != 4 && (*number < 1 || *number > 31))) return false;
    target = number;
    return true;
  }

  bool take_name(std::string_view word) {
    if (const auto dash = word.find('-'); dash != std::string_view::npos && month_number(word.substr(0, dash)) != 0)
      return take_name(word.substr(0, dash)) && take_word(word.substr(dash + 1));
    const std::string name = ascii::lower(word);
    if (name == "am" || name == "pm") return set(half_, name);
    if (name == "utc" || name == "gmt" || name == "z" || name.starts_with("utc+") || name.starts_with("gmt+") ||
        name.starts_with("utc-") || name.starts_with("gmt-"))
      return zone_.empty() ? set(zone_, word) : true;
    if (month_number(word) != 0 && month_ == 0) {
      month_ = month_number(word);
      return true;
    }
    constexpr std::array<std::string_view, 7> days{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};
    return name == "at" || name == "of" || std::any_of(days.begin(), days.end(), [&](std::string_view day) {
             return name.size() >= 3 && day.starts_with(name);
           });
  }

  static bool set(std::string& field, std::string_view word) {
    if (!field.empty()) return false;
    field = word;
    return true;
  }

  std::int64_t month_ = 0;
  Seconds day_, year_;
  std::string time_, half_, zone_;
};

Seconds written_date(std::string_view text) {
  constexpr std::size_t longest = 100;
  if (text.size() > longest || std::none_of(text.begin(), text.end(), ascii::is_letter)) return std::nullopt;
  if (const auto date = WrittenDate().read(text)) return date;
  return model::parse_mail_date(text);
}

// Splits "123.45" into its whole part; empty when what follows the point is no digits.
std::string_view before_point(std::string_view text) {
  const auto point = text.find_first_of(".,");
  if (point == std::string_view::npos || point == 0) return {};
  const std::string_view fraction = text.substr(point + 1);
  return fraction.empty() || is_all_digits(fraction) ? text.substr(0, point) : std::string_view{};
}

struct Scaled {
  std::int64_t value;
  std::string_view code;
};

// How version 1 told seconds, milli- and microseconds apart.
std::optional<Scaled> scaled_by_size(std::int64_t value, std::string_view code) {
  constexpr std::int64_t first_millisecond = 100'000'000'000;  // year 5138 in seconds
  if (value > first_millisecond * 100'000) return std::nullopt;
  if (value > first_millisecond * 1'000) return Scaled{value / 1'000'000, "date-microseconds"};
  if (value > first_millisecond) return Scaled{value / 1'000, "date-milliseconds"};
  return Scaled{value, code};
}

// The reading of identity version 1; never to be changed.
namespace version_1 {

Seconds zone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z" || text == "UTC" || text == "GMT") return 0;
  const bool is_west = text.front() == '-';
  if (!take_char(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  take_char(text, ":");
  const auto minutes = take_number(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return (is_west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

Seconds time(std::string_view text) {
  const auto hour = take_number(text, 2);
  take_char(text, ":");
  const auto minute = take_number(text, 2);
  Seconds second = 0;
  if (take_char(text, ":")) second = take_number(text, 2);
  if (!hour || !minute || !second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
  if (take_char(text, ".,"))
    while (!text.empty() && ascii::is_digit(text.front())) text.remove_prefix(1);
  const auto offset = zone(trimmed(text));
  if (!offset) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second - *offset;
}

Seconds iso(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool has_dash = take_char(text, "-/");
  const auto month = take_number(text, 2);
  if (has_dash && !take_char(text, "-/")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const std::chrono::year_month first{std::chrono::year(static_cast<int>(*year)),
                                      std::chrono::month(static_cast<unsigned>(*month))};
  const auto days = std::chrono::sys_days(first / std::chrono::day(1)).time_since_epoch().count() + *day - 1;
  const std::int64_t midnight = static_cast<std::int64_t>(days) * 86'400;  // 31 February is 3 March
  if (text.empty() || text == "Z") return midnight;
  if (!take_char(text, "Tt ")) return std::nullopt;
  const auto of_day = time(text);
  return of_day ? Seconds(midnight + *of_day) : std::nullopt;
}

Seconds read(std::string_view text) {
  const auto scaled = [](std::int64_t value) {
    const auto made = scaled_by_size(value, {});
    return made ? Seconds(made->value) : std::nullopt;
  };
  if (const auto value = whole_number(text); value && text.size() != 8) return scaled(*value);
  if (const auto value = whole_number(before_point(text))) return scaled(*value);
  if (const auto value = iso(text)) return value;
  if (const auto value = whole_number(text)) return scaled(*value);
  return std::nullopt;
}

}  // namespace version_1

class Reading {
 public:
  Reading(std::string_view text, std::int64_t latest) : text_(text), latest_(latest) {}

  // The first reading that can be the time of a report.
  ReadDate run() {
    const bool is_plain = is_all_digits(text_);
    if (is_plain && text_.size() == 8) offer(iso8601(text_), "date-iso8601");
    const auto number = plain_number(text_);
    if (number.value) offer_scaled(*number.value, is_plain ? std::string_view{} : number_code(number.has_fraction));
    if (is_plain && (text_.size() == 10 || text_.size() == 12 || text_.size() == 14))
      offer(iso8601(text_), "date-iso8601");
    if (!is_plain) {
      offer(iso8601(text_), "date-iso8601");
      offer(written_date(text_), "date-written");
    }
    if (found_) return *found_;
    return {std::nullopt, std::nullopt, is_any_ ? "date-implausible" : "date-unreadable"};
  }

 private:
  std::string_view number_code(bool has_fraction) const {
    return !before_point(text_).empty() && has_fraction ? "date-fraction" : "date-notation";
  }
  void offer(const Seconds& value, std::string_view code) {
    is_any_ = is_any_ || value.has_value();
    if (!found_ && value && *value >= first_report_date && *value <= latest_) found_ = ReadDate{value, {}, code};
  }
  void offer_scaled(std::int64_t value, std::string_view code) {
    offer(value, code);
    offer(value / 1'000, "date-milliseconds");
    offer(value / 1'000'000, "date-microseconds");
    offer(value / 1'000'000'000, "date-nanoseconds");
  }

  std::string_view text_;
  std::int64_t latest_;
  std::optional<ReadDate> found_;
  bool is_any_ = false;
};

}  // namespace

ReadDate parse_date(std::string_view text, std::int64_t latest) {
  text = text.substr(0, 200);
  ReadDate read = Reading(text, latest).run();
  read.identity = version_1::read(text);
  return read;
}

}  // namespace ruaudit::parser
