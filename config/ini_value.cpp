// The values of a configuration file: quotes, lists, and UTF-8 (RFC 3629 section 4).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/ini.hpp"
#include "config/ini_quote_detail.hpp"

namespace ruaudit::config {
namespace {

model::Result<std::string> item_value(std::string_view item) {
  if (item.empty()) return model::failure("config", "the list has an empty item", "remove the extra comma");
  if (!is_quote(item.front())) return std::string(item);
  TRY(auto quoted, read_quoted(item));
  if (quoted.octets != item.size())
    return model::failure("config", "there is text after the closing quote",
                          "put quotes around the whole value; single quotes may contain double ones");
  return std::move(quoted.text);
}

// Where the item at the front of `value` ends: at a comma outside quotes, or at the end.
model::Result<std::size_t> end_of_item(std::string_view value) {
  std::size_t from = std::min(value.find_first_not_of(" \t"), value.size());
  if (from < value.size() && is_quote(value[from])) {
    TRY(const auto quoted, read_quoted(value.substr(from)));
    from += quoted.octets;
  }
  return std::min(value.find(',', from), value.size());
}

// One row of the table of well-formed sequences: lead octets, number of octets, bounds of the second.
struct Utf8Row {
  unsigned char first, last;
  std::size_t octets;
  unsigned char low, high;
};
constexpr std::array<Utf8Row, 9> utf8_rows = {{{0x00, 0x7F, 1, 0, 0},
                                               {0xC2, 0xDF, 2, 0x80, 0xBF},
                                               {0xE0, 0xE0, 3, 0xA0, 0xBF},
                                               {0xE1, 0xEC, 3, 0x80, 0xBF},
                                               {0xED, 0xED, 3, 0x80, 0x9F},
                                               {0xEE, 0xEF, 3, 0x80, 0xBF},
                                               {0xF0, 0xF0, 4, 0x90, 0xBF},
                                               {0xF1, 0xF3, 4, 0x80, 0xBF},
                                               {0xF4, 0xF4, 4, 0x80, 0x8F}}};

// Octets of the well-formed sequence at the front; 0: there is none.
std::size_t utf8_sequence(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (const Utf8Row& row : utf8_rows) {
    if (octet(0) < row.first || octet(0) > row.last) continue;
    if (text.size() < row.octets) return 0;
    if (row.octets > 1 && (octet(1) < row.low || octet(1) > row.high)) return 0;
    for (std::size_t i = 2; i < row.octets; ++i)
      if (octet(i) < 0x80 || octet(i) > 0xBF) return 0;
    return row.octets;
  }
  return 0;
}

}  // namespace

model::Result<Quoted> read_quoted(std::string_view text) {
  const char quote = text.front();
  Quoted out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    char c = text[i];
    if (c == quote) {
      out.octets = i + 1;
      return out;
    }
    if (c == '\\' && quote == '"') {
#ifdef RUAUDIT_PLANTED_BUG
      c = text.data()[++i];  // one past the text when it ends in a backslash
#else
      c = i + 1 < text.size() ? text[++i] : '\0';
#endif
      if (c != '"' && c != '\\')
        return model::failure("config", "in double quotes a backslash may only precede '\"' and '\\'",
                              "double it, or use single quotes");
    }
    out.text += c;
  }
  return model::failure("config", "the quote is not closed", "a value that begins with a quote must end with it");
}

model::Result<std::string> scalar_value(std::string_view value) {
  value = trimmed(value);
  if (value.empty()) return model::failure("config", "the value is empty");
  return item_value(value);
}

model::Result<std::vector<std::string>> list_value(std::string_view value, const IniLimits& limits) {
  std::vector<std::string> items;
  for (bool is_more = true; is_more;) {
    if (items.size() == limits.items)
      return model::failure("config", fmt::format("the list has more than {} items", limits.items));
    TRY(const auto end, end_of_item(value));
    TRY(auto item, item_value(trimmed(value.substr(0, end))));
    items.push_back(std::move(item));
    is_more = end < value.size();
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return items;
}

std::string quoted_where_needed(std::string_view text) {
  const bool is_plain =
      !text.empty() && text == trimmed(text) && text.find_first_of("\"',#;") == std::string_view::npos;
  if (is_plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t octets = utf8_sequence(text);
    if (octets == 0) return false;
    text.remove_prefix(octets);
  }
  return true;
}

}  // namespace ruaudit::config
