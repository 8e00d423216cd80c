// The lines of a base64 body (RFC 2045 section 6.8) as the octets that they stand for, and back, octet for octet: a
// kept mail is mostly a packed report in base64, which as text costs a third more room and does not compress.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::store {

// Shorter runs are not worth a chunk of their own.
inline constexpr std::size_t min_base64_lines = 1024;

struct Base64Lines {
  std::size_t begin = 0;  // where the first line begins in the text
  std::size_t size = 0;   // octets of the lines with their ends
  // Quanta in a full line (1 octet), how lines end (1 octet: 1 all in CRLF, 2 the last one has no end, or their sum),
  // then what the lines stand for.
  std::string data;
};

// The first run of lines of equal length and equal ends, the last of which may be shorter, that begins in the first
// `max` octets of `text` and that written_lines() gives back exactly. At most `max` octets are taken. None: there is no
// such run.
std::optional<Base64Lines> find_base64_lines(std::string_view text, std::size_t max);

// The lines again: `size` octets, or nothing where `data` is damaged.
std::optional<std::string> written_lines(std::string_view data, std::size_t size);

}  // namespace ruaudit::store
