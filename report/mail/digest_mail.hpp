// A digest as a mail: multipart/alternative of text and HTML (RFC 2046 section 5.1.4), 7-bit throughout, so that no
// server on the way has to change an octet that a signature covers. Composed with mimetic. The same draft gives the
// same octets.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace ruaudit::report {

struct MailDraft {
  std::string from;  // "ruaudit <reports@example.org>"
  std::vector<std::string> to;
  std::string subject;     // UTF-8
  std::string message_id;  // "<...@example.org>"
  std::int64_t date = 0;   // epoch seconds
  std::string list_id;     // "lune-shop.example": what filters sort by; RFC 2919
  std::string language;    // "fr"
  std::string text, html;  // UTF-8
};

// CRLF at line ends, lines of at most 998 octets.
std::string compose(const MailDraft& draft);

}  // namespace ruaudit::report
