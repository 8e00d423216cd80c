#include "parser/plain_number.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

constexpr std::size_t longest = 64;
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

// Full-width digits, signs and points (U+FF01 to U+FF5E) as their ASCII, no-break and thin spaces as blanks.
std::string in_ascii(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : static_cast<unsigned char>(0);
    };
    if (byte(i) == 0xef && (byte(i + 1) == 0xbc || byte(i + 1) == 0xbd) && byte(i + 2) != 0) {
      const unsigned low = (byte(i + 1) - 0xbcU) * 64 + (byte(i + 2) & 0x3fU);
      out += static_cast<char>(low + 0x20);
      i += 2;
    } else if (byte(i) == 0xc2 && byte(i + 1) == 0xa0) {
      out += ' ';
      ++i;
    } else if (byte(i) == 0xe2 && byte(i + 1) == 0x80 && (byte(i + 2) == 0xaf || byte(i + 2) == 0x89)) {
      out += ' ';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "1'234'567" without its marks; empty when the groups are not of three digits, or when the mark may be a point.
std::string without_groups(std::string_view text) {
  const auto at = text.find_first_not_of("0123456789");
  if (at == std::string_view::npos || at == 0 || at > 3) return {};
  const char mark = text[at];
  if (std::string_view(" '_,.").find(mark) == std::string_view::npos) return {};
  std::string digits(text.substr(0, at));
  std::size_t groups = 0;
  for (std::string_view rest = text.substr(at); !rest.empty(); rest.remove_prefix(4), ++groups) {
    if (rest.front() != mark || rest.size() < 4 || !is_all_digits(rest.substr(1, 3))) return {};
    digits += rest.substr(1, 3);
  }
  return groups > 1 || (mark != ',' && mark != '.') ? digits : std::string();
}

// Digits with a point and an exponent: the point is moved, what stays behind it is the fraction.
PlainNumber scientific(std::string_view text) {
  const auto mark = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, mark);
  std::size_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view power = text.substr(mark + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    if (!is_all_digits(power) || power.size() > 2) return {};
    exponent = static_cast<std::size_t>(*whole_number(power));
  }
  const auto point = mantissa.find_first_of(".,");
  std::string whole(mantissa.substr(0, point));
  std::string fraction(point == std::string_view::npos ? std::string_view{} : mantissa.substr(point + 1));
  const bool has_point = point != std::string_view::npos;
  if (!is_all_digits(whole) || (!fraction.empty() && !is_all_digits(fraction))) return {};
  const bool may_be_group = mark == std::string_view::npos && fraction.size() == 3 && whole.size() <= 3 && whole != "0";
  if (may_be_group) return {};
  for (; exponent > 0; --exponent) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  const bool is_whole = fraction.find_first_not_of('0') == std::string::npos;
  const auto value = whole_number(whole);
  return {std::min(value.value_or(largest), largest), has_point || mark != std::string_view::npos, is_whole};
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view digits) {
  std::int64_t value = 0;
  const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || !ascii::is_digit(digits.front()) || done.ptr != digits.data() + digits.size() ||
      done.ec != std::errc())
    return std::nullopt;
  return value;
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

std::string_view without_punctuation(std::string_view text) {
  constexpr std::string_view before = "\"'`(<{", behind = "\"'`)>}.,;";
  while (!text.empty() && before.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && behind.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return trimmed(text);
}

PlainNumber plain_number(std::string_view text) {
  if (text.size() > longest) return {};
  if (is_all_digits(text)) return {std::min(whole_number(text).value_or(largest), largest)};
  const std::string ascii = in_ascii(text);
  std::string_view number = without_punctuation(ascii);
  if (number.starts_with('+')) number.remove_prefix(1);
  if (const std::string digits = without_groups(number); !digits.empty())
    return {std::min(whole_number(digits).value_or(largest), largest)};
  return scientific(number);
}

}  // namespace ruaudit::parser
