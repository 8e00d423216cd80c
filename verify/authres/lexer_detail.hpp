// Characters of one Authentication-Results value: blanks and comments skipped, words and quoted strings taken. Inside
// of authres; a view of the value enters, pieces of it leave. Comments may nest to any depth: they are counted, there
// is no recursion.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::verify::authres {

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::string_view since(std::size_t begin) const { return text_.substr(begin, at_ - begin); }
  void rewind(std::size_t position) { at_ = position; }

  // Skips one character when it is c.
  bool take(char c);
  // Skips blanks and comments (CFWS); comments' texts go to into, when there is one.
  void skip(std::vector<std::string>* into = nullptr);
  // Characters up to a blank or one of stops.
  std::string word(std::string_view stops);
  // The inside of a quoted string at the current place; an unclosed one ends with the text.
  std::string quoted();
  // Whether a comment held an odd number of quotes, or a comment or quoted string had no end: its writer took something
  // over that was not made for a comment, and where the comment ends may be a stranger's choice.
  [[nodiscard]] bool is_torn() const { return is_torn_; }
  // Everything up to the next semicolon outside comments and quoted strings.
  std::string_view rest_of_result();

 private:
  std::string comment();

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_torn_ = false;
};

}  // namespace ruaudit::verify::authres
