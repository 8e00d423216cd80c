// Takes away the marks that a mail program puts in front of the lines of a mail that is answered or forwarded: "> ",
// ">> ", "> > ". As many as the first line has, and one blank after each if it has any; a line that has fewer, because
// it was wrapped, loses those that it has. Any split of the input gives the same output.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ruaudit::ingest {

class QuotedLinesDecoder {
 public:
  void decode(std::string_view text, std::string& out);
  void finish(std::string&) {}

 private:
  std::size_t depth_ = 0;  // marks of the first line, once it is over
  std::size_t taken_ = 0;  // marks of this line
  bool is_first_line_ = true, is_in_marks_ = true, is_behind_mark_ = false;
  bool has_blanks_ = false;  // the first line has some between or behind its marks
};

// Where the marks begin in front of what stands at `at`; npos where it has none.
std::size_t quoting_before(std::string_view text, std::size_t at);

}  // namespace ruaudit::ingest
