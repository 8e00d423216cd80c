#include "parser/tls/json_text.hpp"

#include "parser/xml_markup.hpp"

namespace ruaudit::parser::tls {
namespace {

constexpr std::size_t head_octets = 1024;  // that the decoder decides by

}  // namespace

bool JsonText::refill() {
  std::string_view octets = next_();
  const bool is_end = octets.empty();
  if (!has_begun_) {
    if (!is_end && head_.size() < head_octets) {
      head_ += octets;
      if (head_.size() < head_octets) return true;
      octets = {};
    }
    has_begun_ = true;
    octets = std::string_view(head_).substr(decoder_.begin(head_));
  }
  window_ = decoder_.decode(octets, is_end);
  at_ = 0;
  if (window_.find(guess_mark) != std::string_view::npos) {
    has_guesses_ = true;
    clean_ = window_;
    for (auto at = clean_.find(guess_mark); at != std::string::npos; at = clean_.find(guess_mark, at))
      clean_.erase(at, guess_mark.size());
    window_ = clean_;
  }
  is_over_ = is_end;
  return !window_.empty() || !is_end;
}

void JsonText::advance() {
  const char c = window_[at_++];
  ++since_mark_;
  if (c == '\n') ++line_;
  if (is_escaped_)
    is_escaped_ = false;
  else if (c == '"')
    is_in_string_ = !is_in_string_;
  else if (c == '\\')
    is_escaped_ = is_in_string_;
}

// A record separator stands in front of each text of a sequence (RFC 7464 section 2.2).
bool JsonText::find_text() {
  is_in_string_ = is_escaped_ = false;
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

std::vector<model::Defect> JsonText::take_defects() {
  const auto& found = decoder_.defects();
  std::vector<model::Defect> defects(found.begin() + static_cast<std::ptrdiff_t>(told_), found.end());
  told_ = found.size();
  if (has_guesses_) defects.push_back({"not-utf8", "read as Windows-1252", 0, 0});
  if (has_controls_) defects.push_back({"tls-control-character", "in a string; read as a blank", 0, 0});
  has_guesses_ = has_controls_ = false;
  return defects;
}

}  // namespace ruaudit::parser::tls
