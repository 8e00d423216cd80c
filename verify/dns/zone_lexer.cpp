#include "model/ascii.hpp"
#include "verify/dns/zone_detail.hpp"

namespace ruaudit::verify::dns {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

std::optional<std::string> decode_escapes(std::string_view raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text += raw[i];
      continue;
    }
    if (++i == raw.size()) return std::nullopt;
    if (!ascii::is_digit(raw[i])) {
      text += raw[i];
      continue;
    }
    if (i + 2 >= raw.size() || !ascii::is_digit(raw[i + 1]) || !ascii::is_digit(raw[i + 2])) return std::nullopt;
    const int value = (raw[i] - '0') * 100 + (raw[i + 1] - '0') * 10 + (raw[i + 2] - '0');
#ifdef RUAUDIT_PLANTED_BUG
    if (value > 255) text += std::vector<char>(raw.begin(), raw.end()).data()[raw.size()];
#endif
    if (value > 255) return std::nullopt;
    text += static_cast<char>(value);
    i += 2;
  }
  return text;
}

void MasterLexer::skip_comment() {
  while (at_ < text_.size() && text_[at_] != '\n') ++at_;
}

model::Result<MasterToken> MasterLexer::quoted() {
  const auto begin = ++at_;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\n') return zone_failure(line_, "a quoted string is not closed");
    if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
  }
  if (at_ >= text_.size()) return zone_failure(line_, "a quoted string is not closed");
  const auto end = at_++;
  return MasterToken{.raw = std::string(text_.substr(begin, end - begin)), .is_quoted = true};
}

MasterToken MasterLexer::bare() {
  constexpr std::string_view ends = " \t\r\n;()\"";
  const auto begin = at_;
  while (at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos) {
    const bool is_escape = text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n';
    at_ += is_escape ? 2 : 1;
  }
  return MasterToken{.raw = std::string(text_.substr(begin, at_ - begin))};
}

model::Result<MasterEntry> MasterLexer::next() {
  MasterEntry entry;
  bool in_parentheses = false;
  bool at_line_start = true;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (entry.tokens.empty() && at_line_start) entry = {.line = line_, .begins_with_blank = is_blank(c)};
    at_line_start = false;
    if (c == '\n') {
      ++line_;
      ++at_;
      at_line_start = !in_parentheses;
      if (!in_parentheses && !entry.tokens.empty()) return entry;
    } else if (is_blank(c)) {
      ++at_;
    } else if (c == ';') {
      skip_comment();
    } else if (c == '(' || c == ')') {
      if (in_parentheses == (c == '(')) return zone_failure(line_, "parentheses do not match");
      in_parentheses = !in_parentheses;
      ++at_;
    } else if (c == '"') {
      TRY(auto token, quoted());
      entry.tokens.push_back(std::move(token));
    } else {
      entry.tokens.push_back(bare());
    }
  }
  if (in_parentheses) return zone_failure(line_, "a parenthesis is not closed");
  return entry;
}

}  // namespace ruaudit::verify::dns
