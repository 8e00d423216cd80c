// What the JSON strings of a batch line stand for: text or octets. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::jobs {

// JSON in which a lone \udc80..\udcff, which Python's surrogateescape writes for an octet that is not UTF-8 and JSON
// readers refuse, is U+10FF80..U+10FFFF.
std::string with_octet_escapes(std::string_view line);

// The octets that a JSON string stands for. ASCII is itself. Code points above U+00FF, or octets of UTF-8 in the line
// itself, show that the string is text: UTF-8. Where all are below U+0100 and escaped, each may be one octet (\u00XX):
// it is, where the octets are UTF-8; else both readings are possible and both are given: octets first, but text first
// where the octets of the header are not UTF-8, which RFC 6532 wants of it. `is_escaped` says that the line itself is
// ASCII. U+10FF80..U+10FFFF, which parse_batch_line() puts for a lone \udc80..\udcff, are the octets 80..ff in all
// readings.
std::vector<std::string> octets_of_text(std::string_view text, bool is_escaped);

[[nodiscard]] bool is_ascii(std::string_view text);

}  // namespace ruaudit::jobs
