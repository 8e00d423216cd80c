#include "parser/failure/mail_path.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/failure/values.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;

// The same text with quoted octets made harmless, so that what divides can be searched for. A quote that does not end
// is a plain octet.
std::string without_quoted(std::string_view text) {
  std::string out(text);
  for (std::size_t at = text.find('"'); at != npos; at = text.find('"', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
    if (end >= text.size()) break;
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(end) + 1, 'q');
    at = end;
  }
  return out;
}

bool is_keyword(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "SIZE=100", "SMTPUTF8". RFC 5321 section 4.1.2: esmtp-param
bool is_parameter(std::string_view word) {
  const auto equals = word.find('=');
  if (!is_keyword(word.substr(0, equals))) return false;
  return equals != npos || std::none_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// A parameter of MAIL and RCPT that some extension defines: in the place of the path another word with '=' is a path.
bool is_known_parameter(std::string_view word) {
  constexpr std::string_view keywords[] = {"AUTH",      "BODY", "BY",          "CONPERM",  "ENVID",   "HOLDFOR",
                                           "HOLDUNTIL", "MTRK", "MT-PRIORITY", "NOTIFY",   "ORCPT",   "REQUIRETLS",
                                           "RET",       "RRVS", "SIZE",        "SMTPUTF8", "SOLICIT", "TRANSID"};
  const auto keyword = word.substr(0, word.find('='));
  return std::any_of(std::begin(keywords), std::end(keywords),
                     [keyword](std::string_view known) { return ascii::equal_folded(keyword, known); });
}

// The command, or the type of an address as RFC 3464 section 2.3.2 writes it.
std::string_view without_command(std::string_view text) {
  constexpr std::string_view heads[] = {"mail from:", "rcpt to:", "from:", "to:", "rfc822;", "mailto:"};
  for (const auto head : heads)
    if (ascii::starts_folded(text, head)) return trimmed(text.substr(head.size()));
  return text;
}

// Without the parameters at its end.
std::string_view without_parameters(std::string_view text) {
  const std::string plain = without_quoted(text);
  std::size_t end = 0;  // of what is no parameter
  for (std::size_t at = 0; at < text.size();) {
    const auto word_end = std::min(plain.find_first_of(" \t", at), text.size());
    const auto word = std::string_view(plain).substr(at, word_end - at);
    const bool is_path = at == 0 && (word.find('=') == npos || !is_known_parameter(word));
    if (!word.empty() && (is_path || !is_parameter(word))) end = word_end;
    at = word_end + 1;
  }
  return text.substr(0, end);
}

// "@relay.example,@other.example:someone@example.org"
std::string_view without_route(std::string_view path) {
  if (!path.starts_with('@')) return path;
  const auto colon = path.find(':');
  return colon == npos ? path : trimmed(path.substr(colon + 1));
}

MailPath path_of(std::string_view path, bool has_more) {
  const auto address = without_route(path);
  return {std::string(address), has_more || address.size() != path.size()};
}

}  // namespace

MailPath mail_path(std::string_view text) {
  const std::string whole = without_comments(text);
  text = whole;
  const std::string plain = without_quoted(text);
  const auto open = plain.find('<');
  if (open != npos) {
    const auto close = std::min(plain.find('>', open), text.size());
    const auto before = trimmed(text.substr(0, open));
    const auto inside = trimmed(text.substr(open + 1, close - open - 1));
    const bool has_behind = close < text.size() && !trimmed(text.substr(close + 1)).empty();
    const bool is_before = inside.find('@') == npos && before.find('@') != npos;
    const auto path = close < text.size() ? inside : without_parameters(inside);
    if (!is_before) return path_of(path, !before.empty() || has_behind || path.size() != inside.size());
    text = before;
  }
  const auto path = without_parameters(without_command(text));
  return path_of(path, path.size() != whole.size());
}

}  // namespace ruaudit::parser
