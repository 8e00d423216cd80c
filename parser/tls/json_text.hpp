// The characters of a JSON text for a parser that pulls: UTF-8 whatever the octets were, one window at a time, with the
// line they stand in. What would end a strict parser and can be read is repaired, with a Defect: control characters
// inside a string (as blanks), half of a surrogate pair (as U+FFFD, RFC 8259 section 8.2), a number beyond the range of
// numbers (as a text). A token longer than the limit ends the text. Texts may follow each other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"
#include "parser/text_decoder.hpp"

namespace ruaudit::parser::tls {

// The next octets of the text; empty at its end. They stay until the next call.
using NextOctets = std::function<std::string_view()>;

class JsonText {
 public:
  // max_token: octets between two marks.
  JsonText(NextOctets next, std::size_t max_token) : next_(std::move(next)), max_token_(max_token) {}

  // Also true after a token that is too long.
  bool is_at_end() {
    if (substitute_.empty()) {
      while (at_ == window_.size())
        if (!refill()) return true;
      if (!is_looked_at_) repair();
      is_looked_at_ = true;
    }
    return is_token_too_long();
  }
  // Not at the end:
  [[nodiscard]] char current() {
    const char c = substitute_.empty() ? window_[at_] : substitute_.front();
    if (!is_in_string_ || static_cast<unsigned char>(c) >= ' ') return c;
    has_controls_ = true;
    return ' ';
  }
  void advance();

  // Between two values.
  void mark() { since_mark_ = 0; }
  [[nodiscard]] bool is_token_too_long() const { return since_mark_ > max_token_; }
  // Skips what may stand between two texts: blanks, and the brackets and commas of a list of them. True if something
  // else follows.
  bool find_text();
  // Skips what is not JSON: the next object is found, or the end.
  bool find_object();
  // Where find_text() has stopped: at the beginning of an XML text, "<?xml" or "<feedback".
  [[nodiscard]] bool is_at_markup();
  // From there on: skips that text, up to the end of its root element.
  void skip_markup();
  [[nodiscard]] std::uint32_t line() const { return line_; }
  // What was read differently from how it was written, since the last call.
  std::vector<model::Defect> take_defects();

 private:
  bool refill();
  void begin_text();
  std::string_view next_window();
  void fetch(std::size_t octets);
  void repair();
  void repair_escape();
  void repair_number();
  void take_in(char c);

  NextOctets next_;
  std::size_t max_token_;
  TextDecoder decoder_;
  std::string head_, clean_, joined_;
  std::string_view window_;
  std::string quoted_;           // what stands in the text instead of octets that are gone from the window
  std::string_view substitute_;  // the rest of it
  std::size_t at_ = 0, since_mark_ = 0, told_ = 0;
  std::uint32_t line_ = 1;
  bool has_begun_ = false, is_over_ = false, is_in_string_ = false, is_escaped_ = false;
  bool is_in_number_ = false, is_quoted_number_ = false, is_pair_ = false, is_looked_at_ = false;
  bool has_controls_ = false, has_guesses_ = false, has_half_pairs_ = false, has_huge_numbers_ = false;
};

}  // namespace ruaudit::parser::tls
