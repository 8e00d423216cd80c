#include "verify/authres/lexer_detail.hpp"

namespace ruaudit::verify::authres {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

bool Lexer::take(char c) {
  if (peek() != c || at_end()) return false;
  ++at_;
  return true;
}

void Lexer::skip(std::vector<std::string>* into) {
  while (!at_end()) {
    if (is_blank(text_[at_])) {
      ++at_;
    } else if (text_[at_] == '(') {
      auto text = comment();
      if (into != nullptr) into->push_back(std::move(text));
    } else {
      return;
    }
  }
}

// RFC 5322 section 3.2.2: comments nest and may hold quoted pairs. A folded line end becomes one blank.
std::string Lexer::comment() {
  std::string out;
  std::size_t depth = 0;
  bool has_odd_quotes = false, is_closed = false;
  for (; !at_end(); ++at_) {
    char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      out += text_[++at_];
      continue;
    }
    if (c == '(' && depth++ == 0) continue;
#ifdef RUAUDIT_PLANTED_BUG
    if (depth == 4) return std::string(1, std::vector<char>(out.begin(), out.end()).data()[out.size() + 1]);
#endif
    if (c == '"') has_odd_quotes = !has_odd_quotes;
    if (c == ')' && --depth == 0) {
      ++at_;
      is_closed = true;
      break;
    }
    if (c == '\r' || c == '\n' || c == '\t') c = ' ';
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  is_torn_ |= has_odd_quotes || !is_closed;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Lexer::word(std::string_view stops) {
  const auto begin = at_;
  while (!at_end() && !is_blank(text_[at_]) && stops.find(text_[at_]) == std::string_view::npos) ++at_;
  return std::string(since(begin));
}

std::string Lexer::quoted() {
  std::string out;
  if (!take('"')) return out;
  bool is_closed = false;
  for (; !at_end() && !is_closed; ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      is_closed = true;
      continue;
    }
    if (c == '\r' || c == '\n') continue;  // folding inside: the blank after it stays
    if (c == '\\' && at_ + 1 < text_.size()) ++at_;
    out += text_[at_];
  }
  is_torn_ |= !is_closed;
  return out;
}

std::string_view Lexer::rest_of_result() {
  const auto begin = at_;
  while (!at_end() && text_[at_] != ';') {
    if (text_[at_] == '(')
      (void)comment();
    else if (text_[at_] == '"')
      (void)quoted();
    else
      ++at_;
  }
  return since(begin);
}

}  // namespace ruaudit::verify::authres
