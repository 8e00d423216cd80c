#include "mail/header_field.hpp"

#include <algorithm>
#include <cstring>

#include "model/ascii.hpp"

namespace ruaudit::ingest {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

// "ContentType", "Content_Type" and "Content Type" for "content-type".
bool is_misspelling(std::string_view name, std::string_view right) {
  std::string bare;
  for (const char c : name)
    if (c != '-' && c != '_' && !is_blank(c)) bare += ascii::lower(c);
  std::string want;
  for (const char c : right)
    if (c != '-') want += c;
  return bare == want;
}

void take_field(PartFields& fields, const HeaderField& field) {
  struct Row {
    std::string_view name;
    std::string_view PartFields::*member;
  };
  static constexpr Row rows[] = {{"content-type", &PartFields::content_type},
                                 {"content-transfer-encoding", &PartFields::transfer_encoding},
                                 {"content-disposition", &PartFields::disposition}};
  for (const auto& row : rows) {
    const bool exact = ascii::equal_folded(field.name, row.name);
    if (!exact && !is_misspelling(field.name, row.name)) continue;
    if (!(fields.*row.member).empty()) return;  // the first one counts
    fields.*row.member = field.value;
    fields.misspelt = fields.misspelt || !exact;
    return;
  }
}

}  // namespace

std::size_t field_name_length(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && line[n] > ' ' && line[n] < 127 && line[n] != ':') ++n;
  std::size_t colon = n;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  return n > 0 && colon < line.size() && line[colon] == ':' ? n : 0;
}

std::string_view FieldReader::take_line() {
  const auto end = rest_.find('\n');
  const auto line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  return line;
}

std::optional<HeaderField> FieldReader::next() {
  while (!rest_.empty()) {
    const char* const begin = rest_.data();
    const auto line = take_line();
    const auto name = field_name_length(line);
    if (name == 0) continue;
    const char* end = line.data() + line.size();
    while (!rest_.empty() && is_blank(rest_.front())) {
      const auto more = take_line();
      end = more.data() + more.size();
    }
    if (end > begin && end[-1] == '\r') --end;
    const auto colon = line.find(':', name) + 1;
    return HeaderField{line.substr(0, name),
                       {begin + colon, static_cast<std::size_t>(end - begin) -
                                           std::min(colon, static_cast<std::size_t>(end - begin))}};
  }
  return std::nullopt;
}

PartFields part_fields(std::string_view block) {
  PartFields fields;
  FieldReader reader(block);
  while (const auto field = reader.next())
    if (ascii::lower(field->name.front()) == 'c' && field->name.size() < 64) take_field(fields, *field);
  return fields;
}

bool contains_folded(std::string_view text, std::string_view lower_needle) {
  const auto same = [](char x, char y) { return ascii::lower(x) == y; };
  return std::search(text.begin(), text.end(), lower_needle.begin(), lower_needle.end(), same) != text.end();
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace ruaudit::ingest
