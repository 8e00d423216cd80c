// The address of a path as SMTP has it, out of Original-Mail-From and Original-Rcpt-To. RFC 5965 sections 3.2 and 3.3
// define both as the reverse-path and forward-path of RFC 5321 section 4.1.2, alone: reporters also copy the parameters
// of the command (section 4.1.1.11), the command itself, or the way in which a header names people.
#pragma once
#include <string>
#include <string_view>

namespace ruaudit::parser {

struct MailPath {
  std::string address{};  // without <>; empty: the null path
  // More than the path was there: parameters, a name, a type, the command, a source route (obsolete, RFC 5321 appendix
  // C). Comments are no more.
  bool has_more = false;
  bool operator==(const MailPath&) const = default;
};

// Blanks, "<", ">" and ":" inside a quoted local part belong to it; an address that is not quoted although it has
// blanks stays as it is. `text` is unfolded and trimmed.
MailPath mail_path(std::string_view text);

}  // namespace ruaudit::parser
