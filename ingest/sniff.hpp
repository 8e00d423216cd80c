// What a payload is, judged only by its first octets: magic numbers, the root of an XML text in any of its encodings,
// the header lines of a mail, JSON keys, base64 of any of these. Names and MIME types are never asked.
#pragma once
#include <cstddef>
#include <string_view>

#include "ingest/payload.hpp"

namespace ruaudit::ingest {

inline constexpr std::size_t sniff_bytes = 64UL * 1024;  // no decision looks further

enum class Prefix : bool { partial, whole };  // whole: nothing follows

struct Sniffed {
  PayloadKind kind = PayloadKind::not_a_report;
  std::size_t skip = 0;  // octets in front that do not belong to it: blank lines, text before a report in a mail
  bool decided = true;   // false: ask again with more octets (never for Prefix::whole or sniff_bytes and more)
};

Sniffed sniff(std::string_view prefix, Prefix extent);

// The value of Feedback-Type when text is a feedback report (header lines with that field among them). RFC 5965.
enum class Feedback : std::uint8_t { none, auth_failure, other };
Feedback feedback_type(std::string_view text);
// The same for a text in which the report stands behind sentences, or that has only the known sentences some receivers
// send instead of one. Looks at the first 8 KiB.
Feedback feedback_in_text(std::string_view text);

}  // namespace ruaudit::ingest
