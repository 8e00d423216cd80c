// Parameters of MIME fields: RFC 2045 section 5.1, RFC 2231 sections 3 and 4.
#include <algorithm>
#include <charconv>
#include <vector>

#include "mail/header_field.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t max_value = 64UL * 1024;  // octets of a field that are looked at
constexpr std::size_t max_parameters = 256;     // of one field
constexpr std::size_t max_section = 99;         // name*99
constexpr std::size_t max_text = 1000;          // octets of a decoded parameter

struct Parameter {
  std::string name;  // lower case, with its RFC 2231 stars
  std::string value;
  bool quoted = false;
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Reads a quoted string from after its quote; folds are removed. An unclosed one reaches to the end.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    if (rest.front() != '\r' && rest.front() != '\n') value += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return value;
}

void skip_comment(std::string_view& rest) {  // at '('
  unsigned depth = 0;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '\\' && rest.size() > 1) rest.remove_prefix(1);
    rest.remove_prefix(1);
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return;
  }
}

// Everything up to the next ';' outside quotes and comments is skipped.
void skip_to_semicolon(std::string_view& rest) {
  while (!rest.empty() && rest.front() != ';') {
    if (rest.front() == '"') {
      rest.remove_prefix(1);
      take_quoted(rest);
    } else if (rest.front() == '(') {
      skip_comment(rest);
    } else {
      rest.remove_prefix(1);
    }
  }
  if (!rest.empty()) rest.remove_prefix(1);
}

std::string_view take_bare(std::string_view& rest) {
  const auto end = std::min(rest.find(';'), rest.size());
  auto value = rest.substr(0, end);
  rest.remove_prefix(end);
  const auto comment = value.find(" (");
  return trimmed(value.substr(0, comment));
}

std::optional<Parameter> take_parameter(std::string_view& rest) {
  while (!rest.empty() && (is_blank(rest.front()) || rest.front() == ';')) rest.remove_prefix(1);
  const auto equals = rest.find_first_of("=;");
  if (equals == std::string_view::npos || rest[equals] == ';') {
    skip_to_semicolon(rest);
    return std::nullopt;
  }
  Parameter result;
  result.name = ascii::lower(trimmed(rest.substr(0, equals)));
  rest.remove_prefix(equals + 1);
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  result.quoted = !rest.empty() && rest.front() == '"';
  if (result.quoted) {
    rest.remove_prefix(1);
    result.value = take_quoted(rest);
  } else {
    result.value = take_bare(rest);
  }
  skip_to_semicolon(rest);
  return result;
}

std::vector<Parameter> parameters(std::string_view value) {
  auto rest = value.substr(0, max_value);
  skip_to_semicolon(rest);
  std::vector<Parameter> result;
  for (std::size_t seen = 0; !rest.empty() && seen < max_parameters; ++seen)
    if (auto one = take_parameter(rest)) result.push_back(std::move(*one));
  return result;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned octet = 0;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(text.data() + i + 1, text.data() + i + 3, octet, 16).ptr == text.data() + i + 3;
    result += escape ? static_cast<char>(octet) : text[i];
    if (escape) i += 2;
  }
  return result;
}

// RFC 2231 section 4: charset'language'text, charset empty when not given.
struct Extended {
  std::string charset;
  std::string octets;
};
Extended take_extended(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) return {"utf-8", percent_decoded(value)};
  return {std::string(value.substr(0, first)), percent_decoded(value.substr(second + 1))};
}

// RFC 2231 section 3: name*0, name*1*, ... joined in order, the first may carry the charset.
std::optional<std::string> joined_sections(const std::vector<Parameter>& all, std::string_view name) {
  std::string octets;
  std::string charset = "utf-8";
  std::size_t found = 0;
  for (; found <= max_section; ++found) {
    const auto plain = std::string(name) + '*' + std::to_string(found);
    const auto part = std::find_if(all.begin(), all.end(),
                                   [&](const Parameter& p) { return p.name == plain || p.name == plain + '*'; });
    if (part == all.end()) break;
    const bool encoded = part->name.back() == '*';
    if (found == 0 && encoded) {
      auto head = take_extended(part->value);
      charset = head.charset;
      octets = head.octets;
    } else {
      octets += encoded ? percent_decoded(part->value) : part->value;
    }
  }
  RUAUDIT_PLANT(found == 3 && charset != "utf-8");
  if (found == 0) return std::nullopt;
  return to_utf8(octets, charset);
}

}  // namespace

std::string leading_token(std::string_view value) {
  std::string result;
  auto rest = value.substr(0, max_value);
  while (!rest.empty() && rest.front() != ';') {
    if (rest.front() == '(') {
      skip_comment(rest);
      continue;
    }
    if (!is_blank(rest.front()) && rest.front() != '"') result += ascii::lower(rest.front());
    rest.remove_prefix(1);
  }
  return result;
}

std::optional<std::string> parameter(std::string_view value, std::string_view name) {
  const auto all = parameters(value);
  const auto extended = std::string(name) + '*';
  for (const auto& one : all) {
    if (one.name != extended) continue;
    const auto decoded = take_extended(one.value);
    return clean_text(to_utf8(decoded.octets, decoded.charset), max_text);
  }
  if (auto joined = joined_sections(all, name)) return clean_text(*joined, max_text);
  for (const auto& one : all)
    if (one.name == name) return decoded_text(one.value, max_text);  // encoded words are not allowed here, but sent
  return std::nullopt;
}

std::optional<std::string> boundary_parameter(std::string_view value) {
  for (auto& one : parameters(value)) {
    if (one.name != "boundary" && one.name != "boundary*0") continue;
    if (!one.quoted) one.value.resize(std::min(one.value.find_first_of(" \t\r\n("), one.value.size()));
    const auto end = one.value.find_last_not_of(" \t");  // RFC 2046 section 5.1.1: never ends with a blank
    one.value.resize(end == std::string::npos ? 0 : end + 1);
    if (!one.value.empty()) return one.value;
  }
  return std::nullopt;
}

}  // namespace ruaudit::ingest
