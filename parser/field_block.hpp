// Reads "Name: value" lines with folding, as mail headers and feedback reports have them (RFC 5322 section 2.2), and
// makes clean UTF-8 of a value. Views into the text; lines that are not fields are handed out as such, nothing is
// dropped. A line ends in LF or CRLF. Work is linear in the text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::parser {

struct FieldLine {
  std::string_view name;   // empty: a line that is not a field; value is then the whole line
  std::string_view value;  // raw, with folds, without the last line end
  std::uint32_t line = 0;  // 1-based, in the text given
};

class FieldBlockReader {
 public:
  explicit FieldBlockReader(std::string_view text) : text_(text) {}
  // The next field; nothing at the first empty line or at the end.
  std::optional<FieldLine> next();
  // After the empty line, or at the end.
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view take_line();

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
  bool is_over_ = false;
};

// The length of a field name that starts line and is followed by a colon (blanks before it allowed), else 0.
std::size_t field_name_size(std::string_view line);

// Folding and blanks around the value removed, octets outside UTF-8 as U+FFFD, control characters as blanks, cut to
// limit. is_changed says that something other than folding was altered.
struct FieldText {
  std::string text;
  bool is_invalid = false;  // octets outside UTF-8, or control characters
  bool is_cut = false;
};
FieldText field_text(std::string_view raw, std::size_t limit);

std::size_t find_folded(std::string_view text, std::string_view lower_needle);  // npos when absent

}  // namespace ruaudit::parser
