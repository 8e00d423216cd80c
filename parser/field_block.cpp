#include "parser/field_block.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/text_decoder.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_empty_line(std::string_view line) { return line.find_first_not_of(" \t\r") == npos; }

}  // namespace

std::size_t field_name_size(std::string_view line) {
  std::size_t size = 0;
  while (size < line.size() && line[size] > ' ' && line[size] < 127 && line[size] != ':') ++size;
  const auto colon = line.find_first_not_of(" \t", size);
  return size > 0 && colon != npos && line[colon] == ':' ? size : 0;
}

std::string_view FieldBlockReader::take_line() {
  const auto end = text_.find('\n', at_);
  const auto line = text_.substr(at_, end == npos ? npos : end - at_);
  at_ = end == npos ? text_.size() : end + 1;
  ++line_;
  return line;
}

std::optional<FieldLine> FieldBlockReader::next() {
  if (is_over_ || at_ >= text_.size()) return std::nullopt;
  const auto begin = at_;
  const auto line = take_line();
  if (is_empty_line(line)) {
    is_over_ = true;
    return std::nullopt;
  }
  FieldLine field{{}, {}, line_};
  const auto name = field_name_size(line);
  auto end = begin + line.size();
  while (name > 0 && at_ < text_.size() && is_blank(text_[at_])) {
    const auto mark = at_;
    const auto more = take_line();
    if (is_empty_line(more)) {  // a line of blanks folds nothing; RFC 5322 section 3.2.2
      at_ = mark;
      --line_;
      break;
    }
    end = mark + more.size();
  }
  const auto value = name > 0 ? text_.find(':', begin + name) + 1 : begin;
  field.name = text_.substr(begin, name);
  field.value = text_.substr(value, end - value);
  if (field.value.ends_with('\r')) field.value.remove_suffix(1);
  return field;
}

FieldText field_text(std::string_view raw, std::size_t limit) {
  FieldText out;
  raw = trimmed(raw);
  while (!raw.empty()) {
    const auto size = utf8_length(raw);
    const auto character = raw.substr(0, std::max<std::size_t>(size, 1));
    raw.remove_prefix(character.size());
    if (character == "\r" && raw.starts_with('\n')) continue;
    if (character == "\n") continue;
    const bool is_control = size == 1 && (character[0] < ' ' || character[0] == 127) && character[0] != '\t';
    out.is_invalid = out.is_invalid || size == 0 || is_control;
    const std::string_view shown = size == 0 ? "\xEF\xBF\xBD" : is_control ? " " : character;
    if (out.text.size() + shown.size() > limit) {
      out.is_cut = true;
      break;
    }
    out.text += shown;
  }
  out.text = std::string(trimmed(out.text));
  return out;
}

std::size_t find_folded(std::string_view text, std::string_view lower_needle) {
  const auto same = [](char x, char y) { return ascii::lower(x) == y; };
  const auto at = std::search(text.begin(), text.end(), lower_needle.begin(), lower_needle.end(), same);
  return at == text.end() ? npos : static_cast<std::size_t>(at - text.begin());
}

}  // namespace ruaudit::parser
