#include "report/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ruaudit::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

struct CodePoint {
  char32_t value = 0;
  std::size_t octets = 1;
  bool is_valid = false;
};

// RFC 3629: the first code point of text; an invalid octet counts as one.
CodePoint first_code_point(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0U) != 0x80) return {};
    value = (value << 6) | (octet(i) & 0x3FU);
  }
  const bool is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (is_overlong || is_surrogate || value > 0x10FFFF) return {};
  return {value, length, true};
}

struct Range {
  char32_t first, last;
};
template <std::size_t n>
bool is_in(char32_t value, const std::array<Range, n>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [value](const Range& range) { return value >= range.first && value <= range.last; });
}

// C0, DEL and C1; soft hyphen; joiners and fillers that nobody sees; zero-width and bidirectional marks; separators;
// overrides and isolates; BOM; tags.
constexpr std::array<Range, 18> harmful{{{0x00, 0x1F},
                                         {0x7F, 0x9F},
                                         {0xAD, 0xAD},
                                         {0x34F, 0x34F},
                                         {0x61C, 0x61C},
                                         {0x115F, 0x1160},
                                         {0x17B4, 0x17B5},
                                         {0x180B, 0x180F},
                                         {0x200B, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2060, 0x206F},
                                         {0x2800, 0x2800},
                                         {0x3164, 0x3164},
                                         {0xFEFF, 0xFEFF},
                                         {0xFFA0, 0xFFA0},
                                         {0xFFF0, 0xFFFB},
                                         {0x1D173, 0x1D17A},
                                         {0xE0000, 0xE0FFF}}};

constexpr std::array<Range, 7> combining{{{0x300, 0x36F},
                                          {0x483, 0x489},
                                          {0x591, 0x5BD},
                                          {0x1AB0, 0x1AFF},
                                          {0x20D0, 0x20FF},
                                          {0xFE00, 0xFE0F},
                                          {0xFE20, 0xFE2F}}};

constexpr std::array<Range, 9> wide{{{0x1100, 0x115F},
                                     {0x2E80, 0xA4CF},
                                     {0xAC00, 0xD7A3},
                                     {0xF900, 0xFAFF},
                                     {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60},
                                     {0xFFE0, 0xFFE6},
                                     {0x1F300, 0x1FAFF},
                                     {0x20000, 0x3FFFD}}};

std::size_t width_of(char32_t value) {
  if (value < 0x300) return 1;
  if (is_in(value, combining)) return 0;
  return is_in(value, wide) ? 2 : 1;
}

template <class Keep>
std::string filtered(std::string_view text, Keep keep) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (point.is_valid && (!is_in(point.value, harmful) || keep(point.value)))
      result += text.substr(0, point.octets);
    else
      result += replacement;
    text.remove_prefix(point.octets);
  }
  return result;
}

}  // namespace

std::string harmless(std::string_view text) {
  return filtered(text, [](char32_t) { return false; });
}

std::string csv_cell(std::string_view text) {
  const std::string safe = filtered(text, [](char32_t c) { return c == '\t' || c == '\r' || c == '\n'; });
  std::string cell;
  if (!safe.empty() && std::string_view("=+-@\t\r").find(safe.front()) != std::string_view::npos) cell = "'";
  cell += safe;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto point = first_code_point(text);
    width += point.is_valid ? width_of(point.value) : 1;
    text.remove_prefix(point.octets);
  }
  return width;
}

std::string cut(std::string_view text, std::size_t width) {
  std::string safe = harmless(text);
  if (display_width(safe) <= width) return safe;
  if (width == 0) return {};
  std::size_t used = 0, at = 0;
  while (at < safe.size()) {
    const auto point = first_code_point(std::string_view(safe).substr(at));
    const auto next = width_of(point.value);
    if (used + next > width - 1) break;
    used += next;
    at += point.octets;
  }
  return safe.substr(0, at).append(ellipsis);
}

std::string fit_left(std::string_view text, std::size_t width) {
  std::string fitted = cut(text, width);
  return fitted.append(width - std::min(width, display_width(fitted)), ' ');
}

std::string fit_right(std::string_view text, std::size_t width) {
  const std::string fitted = cut(text, width);
  return std::string(width - std::min(width, display_width(fitted)), ' ') + fitted;
}

}  // namespace ruaudit::report
