#include "report/text_layout.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "report/safe_text.hpp"

namespace ruaudit::report {

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string grouped_in(std::int64_t number, std::size_t width) {
  std::string text = grouped(number);
  for (int exponent = 3; text.size() >= width && exponent <= 18; exponent += 3) {
    const std::int64_t tenths = number / 100;  // of the current unit
    number /= 1000;
    text = fmt::format("{}.{}e{}", grouped(number), std::abs(tenths) % 10, exponent);
  }
  return fit_right(text, width);
}

std::string count_text(std::int64_t number, std::string_view noun) {
  return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string address_count(std::int64_t number) { return grouped(number) + (number == 1 ? " address" : " addresses"); }

std::string percent_text(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return "-";
  // Integer arithmetic in thousandths: rounding must not turn 99.96 % into 100 %.
  const auto thousandths =
      static_cast<std::int64_t>(static_cast<long double>(part) * 1000 / static_cast<long double>(whole));
  return fmt::format("{}.{}%", thousandths / 10, thousandths % 10);
}

bool is_share(std::int64_t part, std::int64_t whole, int percent) {
  return static_cast<long double>(part) * 100 >= static_cast<long double>(whole) * percent;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string wrapped(std::string_view first_indent, std::string_view indent, std::string_view paragraph) {
  std::string text(first_indent);
  std::size_t used = display_width(first_indent);
  bool at_line_start = true;
  while (!paragraph.empty()) {
    const auto blank = std::min(paragraph.find(' '), paragraph.size());
    const std::string word = cut(paragraph.substr(0, blank), text_width - display_width(indent));
    paragraph.remove_prefix(std::min(blank + 1, paragraph.size()));
    const auto width = display_width(word);
    if (!at_line_start && used + 1 + width > text_width) {
      text.append("\n").append(indent);
      used = display_width(indent);
      at_line_start = true;
    }
    if (!at_line_start) text += ' ';
    used += width + (at_line_start ? 0 : 1);
    text += word;
    at_line_start = false;
  }
  return text + "\n";
}

std::string painted(std::string_view text, Paint paint, Colour colour) {
  if (colour == Colour::never) return std::string(text);
  constexpr std::string_view codes[] = {"\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[31m"};
  return std::string(codes[static_cast<std::size_t>(paint)]).append(text).append("\x1b[0m");
}

Paint paint_of_rate(std::int64_t part, std::int64_t whole) {
  if (is_share(part, whole, 98)) return Paint::good;
  return is_share(part, whole, 90) ? Paint::middling : Paint::bad;
}

}  // namespace ruaudit::report
