// Distinguishes the line that separates the mails of an mbox file from the field From. In: text at the start of a line.
// Out: yes or no; nothing is read beyond the first line.
#pragma once
#include <string_view>

namespace ruaudit::model {

// "From someone@example.com Tue Apr 30 02:09:16 2019" (RFC 4155 appendix A). "From : someone@example.com" is a field:
// blanks may stand before its colon (RFC 5322 section 4.5.2).
[[nodiscard]] constexpr bool starts_with_mbox_line(std::string_view text) {
  if (!text.starts_with("From ")) return false;
  const auto next = text.find_first_not_of(" \t", 4);
  return next == std::string_view::npos || text[next] != ':';
}

}  // namespace ruaudit::model
