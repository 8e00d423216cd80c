#include "jobs/judge/batch_head.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jobs/judge/batch_text.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::jobs {
namespace {

using nlohmann::json;

// After the quote that ends the string whose first quote is at `at`.
std::size_t behind_string(std::string_view line, std::size_t at) {
  for (++at; at < line.size() && line[at] != '"';) at += line[at] == '\\' ? 2U : 1U;
  RUAUDIT_PLANT(at > line.size());  // a line that ends in an escape
  return std::min(at + 1, line.size());
}

std::size_t behind_blanks(std::string_view line, std::size_t at) {
  return std::min(line.find_first_not_of(" \t\r\n", at), line.size());
}

// After the value at `at`: the comma or bracket that ends it.
std::size_t behind_value(std::string_view line, std::size_t at) {
  for (int depth = 0; at < line.size();) {
    at = std::min(line.find_first_of("\"{}[],", at), line.size());
    if (at == line.size()) break;
    const char c = line[at];
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    depth += (c == '{' || c == '[' ? 1 : 0) - (c == '}' || c == ']' ? 1 : 0);
    at = c == '"' ? behind_string(line, at) : at + 1;
  }
  return at;
}

std::optional<json> small_value(std::string_view text) {
  if (text.size() > max_head_octets ||
      std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; }) > 100)
    return std::nullopt;
  json value = json::parse(with_octet_escapes(text), nullptr, false);
  return value.is_discarded() ? std::nullopt : std::optional(std::move(value));
}

void take_member(const json& name, std::string_view text, BatchHead& head) {
  if (name == "id") {
    const auto value = small_value(text);
    head.id = value ? value->dump(-1, ' ', false, json::error_handler_t::replace) : "null";
  } else if (name == "message_file") {
    const auto value = small_value(text);
    head.message_file.reset();
    if (value && value->is_string()) head.message_file = octets_of_text(value->get<std::string>(), false).front();
  }
}

}  // namespace

BatchHead batch_head(std::string_view line) {
  BatchHead head;
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  std::size_t at = behind_blanks(line, 0);
  if (at == line.size() || line[at] != '{') return head;
  while ((at = behind_blanks(line, at + 1)) < line.size() && line[at] == '"') {
    const std::size_t end = behind_string(line, at);
    const auto name = small_value(line.substr(at, end - at));
    at = behind_blanks(line, end);
    if (at == line.size() || line[at] != ':') return head;
    const std::size_t begin = at + 1;
    at = behind_value(line, begin);
    if (name) take_member(*name, line.substr(begin, at - begin), head);
    if (at == line.size() || line[at] != ',') return head;
  }
  return head;
}

}  // namespace ruaudit::jobs
