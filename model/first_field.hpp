// Recognises what precedes a mail without being part of it: a byte order mark, NUL octets, blank lines, which
// proxies, editors and exports put there. In: the octets of a mail. Out: how many of them to drop; 0 also where what
// follows is not a header field, for then a blank line may be the end of an empty header. Work is linear in what is
// dropped.
#pragma once
#include <cstddef>
#include <string_view>

#include "model/mbox_line.hpp"

namespace ruaudit::model {

// "Name:" or "Name :" at the start of a line, of printable US-ASCII (RFC 5322 section 2.2).
[[nodiscard]] constexpr bool starts_with_field(std::string_view text) {
  constexpr std::size_t longest_name = 998;  // RFC 5322 section 2.1.1
  std::size_t at = 0;
  while (at < text.size() && at < longest_name && text[at] > ' ' && text[at] < 0x7f && text[at] != ':') ++at;
  if (at == 0) return false;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at < text.size() && text[at] == ':';
}

[[nodiscard]] constexpr std::size_t octets_before_first_field(std::string_view text) {
  constexpr std::string_view marks[] = {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};  // U+FEFF in UTF-8 and UTF-16
  std::size_t at = 0;
  for (bool is_moving = true; is_moving;) {
    is_moving = false;
    for (const auto mark : marks)
      if (text.substr(at).starts_with(mark)) {
        at += mark.size();
        is_moving = true;
      }
    const auto next = text.find_first_not_of(std::string_view("\r\n\t \0", 5), at);
    if (next != std::string_view::npos && next > at) {
      at = next;
      is_moving = true;
    }
  }
  const auto rest = text.substr(at);
  return starts_with_field(rest) || starts_with_mbox_line(rest) ? at : 0;
}

}  // namespace ruaudit::model
