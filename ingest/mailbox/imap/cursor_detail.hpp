// A position in an ImapLine: takes atoms, strings, numbers and lists off its front. // RFC 3501 section 9
#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/imap/response.hpp"
#include "ingest/mailbox/server_text.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct ImapString {  // NIL: no octets at all
  std::optional<std::string> octets;
  bool is_streamed = false;
};

class ImapCursor {
 public:
  ImapCursor(const ImapLine& line, std::uint64_t nesting_limit) : line_(line), nesting_limit_(nesting_limit) {}

  [[nodiscard]] std::string_view rest() const { return std::string_view(line_.text).substr(position_); }
  [[nodiscard]] char peek() const { return position_ < line_.text.size() ? line_.text[position_] : '\0'; }
  bool take(char c);
  void skip_spaces();
  std::string_view atom();       // up to a blank, a parenthesis, a quote or the end; may be empty
  std::string_view attribute();  // the same, but a section in brackets belongs to it: BODY[HEADER.FIELDS (X)]<0>
  model::Result<std::uint64_t> number(std::uint64_t most);
  model::Result<ImapString> nstring();              // NIL, "quoted" or a literal
  model::Result<std::string> astring();             // the same without NIL, or an atom
  model::Result<char> separator();                  // NIL or a quoted character
  model::Result<void> skip_value();                 // whatever it is, lists as a whole
  model::Result<std::vector<std::string>> words();  // "(a b c)"
  // For a second try at the same place.
  struct Mark {
    std::size_t position = 0;
    std::size_t next_literal = 0;
  };
  [[nodiscard]] Mark mark() const { return {position_, next_literal_}; }
  void go_back(Mark to) {
    position_ = to.position;
    next_literal_ = to.next_literal;
  }
  [[nodiscard]] model::Error malformed(std::string_view wanted) const;

 private:
  bool at_literal() const;
  model::Result<std::string> quoted();
  model::Result<ImapString> literal();

  const ImapLine& line_;
  std::uint64_t nesting_limit_;
  std::size_t position_ = 0;
  std::size_t next_literal_ = 0;
};

}  // namespace ruaudit::ingest::mailbox
