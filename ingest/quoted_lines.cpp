#include "ingest/quoted_lines.hpp"

namespace ruaudit::ingest {

void QuotedLinesDecoder::decode(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (is_in_marks_ && c == '>' && (is_first_line_ || taken_ < depth_)) {
      ++taken_;
      is_behind_mark_ = true;
      continue;
    }
    if (is_in_marks_ && c == ' ' && is_behind_mark_ && (is_first_line_ || has_blanks_)) {
      has_blanks_ = true;
      is_behind_mark_ = false;
      continue;
    }
    if (is_in_marks_ && is_first_line_) depth_ = taken_;
    is_in_marks_ = c == '\n';
    is_first_line_ = is_first_line_ && c != '\n';
    if (c == '\n') taken_ = 0;
    is_behind_mark_ = false;
    out += c;
  }
}

std::size_t quoting_before(std::string_view text, std::size_t at) {
  const auto line_end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const auto begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  const auto front = text.substr(begin, at - begin);
  const auto mark = front.find('>');
  const bool are_marks = mark != std::string_view::npos && front.find_first_not_of("> \t") == std::string_view::npos;
  return are_marks ? begin + mark : std::string_view::npos;
}

}  // namespace ruaudit::ingest
