// The characters of a JSON text for a parser that pulls: UTF-8 whatever the octets were, one window at a time, with the
// line they stand in. Control characters inside a string, which JSON forbids and people write, are read as blanks. A
// token longer than the limit ends the text. Texts may follow each other.
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

  // Also true behind a token that is too long.
  bool is_at_end() {
    while (at_ == window_.size())
      if (is_over_ || !refill()) return true;
    return is_token_too_long();
  }
  // Not at the end:
  [[nodiscard]] char current() {
    const char c = window_[at_];
    if (!is_in_string_ || static_cast<unsigned char>(c) >= ' ') return c;
    has_controls_ = true;
    return ' ';
  }
  void advance();

  // Between two values.
  void mark() { since_mark_ = 0; }
  [[nodiscard]] bool is_token_too_long() const { return since_mark_ > max_token_; }
  // Skips what may stand between two texts: blanks, and the brackets and commas of a list of them. True where something
  // else stands.
  bool find_text();
  void skip_rest() { window_ = {}, at_ = 0, is_over_ = true; }
  [[nodiscard]] std::uint32_t line() const { return line_; }
  // What was read otherwise than it was written, since the last call.
  std::vector<model::Defect> take_defects();

 private:
  bool refill();

  NextOctets next_;
  std::size_t max_token_;
  TextDecoder decoder_;
  std::string head_, clean_;
  std::string_view window_;
  std::size_t at_ = 0, since_mark_ = 0, told_ = 0;
  std::uint32_t line_ = 1;
  bool has_begun_ = false, is_over_ = false, is_in_string_ = false, is_escaped_ = false;
  bool has_controls_ = false, has_guesses_ = false;
};

}  // namespace ruaudit::parser::tls
