// Letters and digits of ASCII. The grammars of mail, DNS and reports fold case for ASCII only (RFC 4343 section 2, RFC
// 5234 section 2.3): octets from 0x80 on are never letters here, whatever the locale.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace ruaudit::ascii {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
[[nodiscard]] constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
[[nodiscard]] constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

[[nodiscard]] constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
[[nodiscard]] constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

inline void lower_in_place(std::string& text) {
  for (char& c : text) c = lower(c);
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out(text);
  lower_in_place(out);
  return out;
}

[[nodiscard]] inline std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = upper(c);
  return out;
}

[[nodiscard]] constexpr bool equal_folded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

[[nodiscard]] constexpr bool starts_folded(std::string_view text, std::string_view beginning) {
  return equal_folded(text.substr(0, beginning.size()), beginning);
}

}  // namespace ruaudit::ascii
