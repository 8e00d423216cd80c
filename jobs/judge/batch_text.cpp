#include "jobs/judge/batch_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ruaudit::jobs {
namespace {

using nlohmann::json;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// "\udXYY" at `at` with X between low and high.
bool is_surrogate(std::string_view line, std::size_t at, char low, char high) {
  if (at + 6 > line.size() || line[at] != '\\' || line[at + 1] != 'u' || (line[at + 2] | 0x20) != 'd') return false;
  const char kind = static_cast<char>(line[at + 3] | 0x20);
  return kind >= low && kind <= high && is_hex(line[at + 4]) && is_hex(line[at + 5]);
}

// The code point at `at` of UTF-8 that is known to be valid, and its length.
std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned first = octet(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 1 || at + length > text.size()) return {first, 1};
  char32_t value = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6U) | (octet(i) & 0x3fU);
  return {value, length};
}

constexpr char32_t first_octet_escape = 0x10ff80;

struct Readings {
  std::string as_text{}, as_octets{};
  bool is_beyond_octets = false;  // a code point that is no octet
};

Readings read_both(std::string_view text) {
  Readings out;
  out.as_text.reserve(text.size());
  out.as_octets.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto [value, length] = code_point(text, i);
    if (value >= first_octet_escape) {
      out.as_text += static_cast<char>(value & 0xffU);
      out.is_beyond_octets = true;  // who escapes octets so writes the rest as text
    } else {
      out.as_text += text.substr(i, length);
      out.is_beyond_octets = out.is_beyond_octets || value > 0xff;
      out.as_octets += static_cast<char>(value & 0xffU);
    }
    i += length;
  }
  return out;
}

bool is_utf8(const std::string& octets) {
  try {
    return !json(octets).dump().empty();
  } catch (const json::exception&) {
    return false;
  }
}

std::string_view header_of(std::string_view mail) {
  return mail.substr(0, std::min(mail.find("\n\n"), mail.find("\r\n\r\n")));
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string with_octet_escapes(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] != '\\') {
      out += line[i++];
    } else if (is_surrogate(line, i, '8', 'b') || (line[i + 1 < line.size() ? i + 1 : i] != 'u')) {
      const bool is_pair = is_surrogate(line, i, '8', 'b');
      const std::size_t length = is_pair ? 12 : 2;  // the low half goes with the high one
      out += line.substr(i, length);
      i += std::min(length, line.size() - i);
    } else if (is_surrogate(line, i, 'c', 'c') && line[i + 4] >= '8') {
      out += "\\udbff\\udf";
      out += line.substr(i + 4, 2);
      i += 6;
    } else {
      out += line.substr(i, 2);
      i += 2;
    }
  }
  return out;
}

std::vector<std::string> octets_of_text(std::string_view text, bool is_escaped) {
  if (is_ascii(text)) return {std::string(text)};
  Readings readings = read_both(text);
  if (readings.is_beyond_octets || !is_escaped) return {std::move(readings.as_text)};
  if (is_utf8(readings.as_octets)) return {std::move(readings.as_octets)};
  if (!is_utf8(std::string(header_of(readings.as_octets))))
    return {std::move(readings.as_text), std::move(readings.as_octets)};
  return {std::move(readings.as_octets), std::move(readings.as_text)};
}

}  // namespace ruaudit::jobs
