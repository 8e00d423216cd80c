// Quotes of the configuration file, shared by the reader of lines and the readers of values.
#pragma once
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::config {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_quote(char c) { return c == '"' || c == '\''; }

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

struct Quoted {
  std::string text;
  std::size_t octets = 0;  // with both quotes
};

// `text` begins with a quote. Errors: a quote that does not end, a backslash before anything but " and \.
model::Result<Quoted> read_quoted(std::string_view text);

}  // namespace ruaudit::config
