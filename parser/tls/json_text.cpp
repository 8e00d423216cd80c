#include "parser/tls/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "model/ascii.hpp"
#include "parser/xml_markup.hpp"

namespace ruaudit::parser::tls {
namespace {

constexpr std::size_t head_octets = 1024;  // that the decoder decides by
constexpr std::size_t escape_octets = 12;  // of a surrogate pair: \uD83D\uDE00
constexpr std::size_t most_digits = 300;   // of a number that is looked at; longer ones are taken for too large
constexpr std::string_view number_characters = "0123456789+-.eE";

bool is_number_character(char c) { return number_characters.find(c) != std::string_view::npos; }

// The unit of "\uXXXX" at the front; nothing where there is none.
std::optional<unsigned> unit_of(std::string_view text) {
  unsigned unit = 0;
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  const auto read = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  return read.ptr == text.data() + 6 ? std::optional(unit) : std::nullopt;
}

std::string without_marks(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto mark = std::min(text.find(guess_mark, at), text.size());
    clean += text.substr(at, mark - at);
    at = mark == text.size() ? mark : mark + guess_mark.size();
  }
  return clean;
}

// Where an XML text ends, character by character: at the end tag of its root element, or at one that is called as the
// root of a report, whatever was left open in it.
class MarkupEnd {
 public:
  bool take(char c) {
    if (!is_in_tag_) {
      if (c == '<') begin_tag();
      return false;
    }
    const bool is_element = !tag_.empty() && tag_.front() != '!' && tag_.front() != '?';
    const bool is_end = c == '>' && quote_ == 0 && (is_element || is_end_of_special());
    if (is_end) return end_tag();
    if (is_element && tag_.front() != '/' && (c == '"' || c == '\''))
      quote_ = quote_ == 0 ? c : quote_ == c ? '\0' : quote_;
    if (tag_.size() < enough) tag_ += c;
    before_last_ = std::exchange(last_, c);
    return false;
  }

 private:
  static constexpr std::size_t enough = 16;

  void begin_tag() {
    is_in_tag_ = true;
    tag_.clear();
    quote_ = last_ = before_last_ = 0;
  }

  [[nodiscard]] bool is_end_of_special() const {
    if (tag_.starts_with("!--")) return last_ == '-' && before_last_ == '-' && tag_.size() >= 5;
    if (tag_.starts_with("![CDATA[")) return last_ == ']' && before_last_ == ']';
    return true;
  }

  bool end_tag() {
    is_in_tag_ = false;
    if (tag_.empty() || tag_.front() == '!' || tag_.front() == '?') return false;
    if (tag_.front() == '/')
      return --depth_ <= 0 || ascii::equal_folded(tag_.substr(0, tag_.find_first_of(" \t\r\n")), "/feedback");
    if (last_ != '/') ++depth_;
    return depth_ == 0;
  }

  std::string tag_;
  int depth_ = 0;
  char quote_ = 0, last_ = 0, before_last_ = 0;
  bool is_in_tag_ = false;
};

}  // namespace

std::string_view JsonText::next_window() {
  std::string_view octets = next_();
  const bool is_end = octets.empty();
  if (!has_begun_) {
    if (!is_end && head_.size() < head_octets) {
      head_ += octets;
      if (head_.size() < head_octets) return {};
      octets = {};
    }
    has_begun_ = true;
    octets = std::string_view(head_).substr(decoder_.begin(head_));
  }
  std::string_view window = decoder_.decode(octets, is_end);
  is_over_ = is_end;
  if (window.find(guess_mark) == std::string_view::npos) return window;
  has_guesses_ = true;
  clean_ = without_marks(window);
  return clean_;
}

// False: nothing more comes.
bool JsonText::refill() {
  if (is_over_) return false;
  window_ = next_window();
  at_ = 0;
  return !window_.empty() || !is_over_;
}

// At least so many octets stand in the window, unless the text ends before.
void JsonText::fetch(std::size_t octets) {
  if (window_.size() - at_ >= octets || is_over_) return;
  std::string joined(window_.substr(at_));
  while (joined.size() < octets && !is_over_) joined += next_window();
  joined_ = std::move(joined);
  window_ = joined_;
  at_ = 0;
}

void JsonText::repair() {
  const char c = window_[at_];
  if (is_quoted_number_) {
    if (is_number_character(c)) return;
    is_quoted_number_ = false;
    substitute_ = quoted_ = '"';
  } else if (is_in_string_) {
    if (c == '\\' && !is_escaped_) repair_escape();
  } else if (!is_in_number_ && (c == '-' || (c >= '0' && c <= '9'))) {
    repair_number();
  }
}

void JsonText::repair_escape() {
  const auto is_high = [](unsigned unit) { return unit >= 0xd800 && unit < 0xdc00; };
  const auto is_low = [](unsigned unit) { return unit >= 0xdc00 && unit < 0xe000; };
  if (is_pair_) {  // its second half
    is_pair_ = false;
    return;
  }
  fetch(escape_octets);
  const auto text = window_.substr(at_, escape_octets);
  const auto unit = unit_of(text);
  if (!unit || (!is_high(*unit) && !is_low(*unit))) return;
  const auto second = unit_of(text.substr(6));
  is_pair_ = is_high(*unit) && second && is_low(*second);
  if (is_pair_) return;
  has_half_pairs_ = true;
  at_ += 6;
  substitute_ = quoted_ = "\\ufffd";
}

void JsonText::repair_number() {
  fetch(most_digits + 1);
  const auto text = window_.substr(at_, most_digits + 1);
  const auto length = std::min(text.find_first_not_of(number_characters), text.size());
  is_in_number_ = true;
  if (length <= most_digits && std::isfinite(std::strtod(std::string(text.substr(0, length)).c_str(), nullptr))) return;
  has_huge_numbers_ = is_quoted_number_ = true;
  is_in_number_ = false;
  substitute_ = quoted_ = '"';
}

void JsonText::advance() {
  char c = 0;
  if (substitute_.empty()) {
    c = window_[at_++];
    if (c == '\n') ++line_;
    is_in_number_ = is_in_number_ && is_number_character(c);
  } else {
    c = substitute_.front();
    substitute_.remove_prefix(1);
  }
  is_looked_at_ = false;
  ++since_mark_;
  take_in(c);
}

void JsonText::take_in(char c) {
  if (is_escaped_)
    is_escaped_ = false;
  else if (c == '"')
    is_in_string_ = !is_in_string_;
  else if (c == '\\')
    is_escaped_ = is_in_string_;
}

void JsonText::begin_text() {
  is_in_string_ = is_escaped_ = is_quoted_number_ = is_in_number_ = is_pair_ = is_looked_at_ = false;
  substitute_ = {};
}

bool JsonText::find_object() {
  begin_text();
  do {
    const auto at = window_.find('{', at_);
    const auto end = std::min(at, window_.size());
    line_ += static_cast<std::uint32_t>(std::count(window_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   window_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end;
    if (at == std::string_view::npos) continue;
    mark();
    return true;
  } while (refill());
  return false;
}

// A record separator stands in front of each text of a sequence (RFC 7464 section 2.2).
bool JsonText::find_text() {
  is_in_string_ = is_escaped_ = is_quoted_number_ = is_in_number_ = is_pair_ = false;
  while (!is_at_end()) {
    const char c = current();
    if (std::string_view(" \t\r\n,[]\x1e\0", 9).find(c) == std::string_view::npos) {
      mark();
      return true;
    }
    advance();
  }
  return false;
}

bool JsonText::is_at_markup() {
  constexpr std::string_view root = "<feedback";
  if (!substitute_.empty()) return false;
  fetch(root.size());
  const auto rest = window_.substr(at_);
  return ascii::starts_folded(rest, "<?xml") || ascii::starts_folded(rest, root);
}

void JsonText::skip_markup() {
  begin_text();
  MarkupEnd end;
  do {
    while (at_ < window_.size()) {
      const char c = window_[at_++];
      if (c == '\n') ++line_;
      if (end.take(c)) return mark();
    }
  } while (refill());
}

std::vector<model::Defect> JsonText::take_defects() {
  const auto& found = decoder_.defects();
  std::vector<model::Defect> defects(found.begin() + static_cast<std::ptrdiff_t>(told_), found.end());
  told_ = found.size();
  if (has_guesses_) defects.push_back({"not-utf8", "read as Windows-1252", 0, 0});
  if (has_controls_) defects.push_back({"tls-control-character", "in a string; read as a blank", 0, 0});
  if (has_half_pairs_) defects.push_back({"tls-half-surrogate", "in a string; read as U+FFFD", 0, 0});
  if (has_huge_numbers_) defects.push_back({"tls-number-too-large", "read as a text", 0, 0});
  has_guesses_ = has_controls_ = has_half_pairs_ = has_huge_numbers_ = false;
  return defects;
}

}  // namespace ruaudit::parser::tls
