#include "parser/xml_markup.hpp"

#include <algorithm>
#include <charconv>

#include "model/ascii.hpp"

namespace ruaudit::parser {
namespace {

constexpr bool is_name_start(char c) {
  return ascii::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_name_byte(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_name_byte(text[at])) ++at;
  return at;
}
std::size_t blanks_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_xml_blank(text[at])) ++at;
  return at;
}

// The '>' that ends a start tag; a '<' anywhere in it means that it is none.
Found find_tag_end(std::string_view text, std::size_t& at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '<') return Found::no;
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return Found::yes;
    } else if (c == '"' || c == '\'') {
      quote = c;
    }
  }
  return Found::more;
}

// XML 1.0 section 2.2, production Char.
constexpr bool is_xml_char(std::uint32_t c) {
  return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
         (c >= 0x10000 && c < 0x110000);
}

std::uint32_t named_character(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  return 0;
}

std::uint32_t numbered_character(std::string_view digits) {
  const bool is_hex = digits.starts_with('x');
  if (is_hex) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
  const bool is_whole = done.ec == std::errc() && done.ptr == digits.data() + digits.size();
  return is_whole && is_xml_char(value) ? value : 0;
}

// Takes one `name="value"` from the front of rest; false when there is none.
bool take_attribute(std::string_view& rest, std::string_view& name, std::string_view& value) {
  const std::size_t begin = blanks_end(rest, 0);
  if (begin == 0 || begin == rest.size() || !is_name_start(rest[begin])) return false;
  std::size_t at = name_end(rest, begin);
  name = rest.substr(begin, at - begin);
  at = blanks_end(rest, at);
  if (at == rest.size() || rest[at] != '=') return false;
  at = blanks_end(rest, at + 1);
  if (at == rest.size() || (rest[at] != '"' && rest[at] != '\'')) return false;
  const std::size_t close = rest.find(rest[at], at + 1);
  if (close == std::string_view::npos) return false;
  value = rest.substr(at + 1, close - at - 1);
  rest.remove_prefix(close + 1);
  return true;
}

// Sets is_good and is_plain for one value.
void judge_value(std::string_view value, Attributes& out) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::uint8_t kind = class_of(value[i]);
    if (kind == plain && value[i] != '\t') continue;
    out.is_plain = false;
    const bool is_reference = kind == reference && scan_reference(value.substr(i)).found == Found::yes;
    const bool is_line_break = kind == line_feed || value[i] == '\t' || value[i] == '\r';
    const bool is_letter = kind == marker && !value.substr(i).starts_with(guess_mark);
    if (!is_reference && !is_line_break && !is_letter) out.is_good = false;
  }
}

}  // namespace

bool is_all_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_xml_blank); }

namespace {

const Tag unfinished{Found::more, {}, {}, {}, false, 0};

Tag tag_of(std::string_view text, std::size_t name_at, std::size_t name_end, std::size_t size) {
  return {Found::yes, text.substr(name_at, name_end - name_at), text.substr(0, size), {}, false, size};
}

}  // namespace

Tag scan_start_tag(std::string_view text, std::size_t name_at) {
  if (text.size() < name_at + 1) return unfinished;
  if (!is_name_start(text[name_at])) return {};
  const std::size_t after_name = name_end(text, name_at);
  if (after_name == text.size()) return unfinished;
  if (const char c = text[after_name]; c != '>' && c != '/' && !is_xml_blank(c)) return {};
  std::size_t end = after_name;
  const Found found = find_tag_end(text, end);
  if (found != Found::yes) return {found, {}, {}, {}, false, 0};
  Tag tag = tag_of(text, name_at, after_name, end + 1);
  tag.is_empty = end > after_name && text[end - 1] == '/';
  tag.attributes = text.substr(after_name, end - after_name - (tag.is_empty ? 1 : 0));
  if (end == after_name) tag.attributes = {};
  return tag;
}

Tag scan_end_tag(std::string_view text, std::size_t name_at) {
  if (text.size() > name_at && is_xml_blank(text[name_at])) name_at = blanks_end(text, name_at);
  if (text.size() < name_at + 1) return unfinished;
  if (!is_name_start(text[name_at])) return {};
  const std::size_t after_name = name_end(text, name_at);
  std::size_t end = blanks_end(text, after_name);
  if (end < text.size() && text[end] == '/') end = blanks_end(text, end + 1);
  if (end == text.size()) return unfinished;
  if (text[end] == '<') return tag_of(text, name_at, after_name, end);
  if (text[end] != '>') return {};
  return tag_of(text, name_at, after_name, end + 1);
}

Tag scan_unclosed_start_tag(std::string_view text, std::size_t name_at) {
  if (text.size() < name_at + 1 || !is_name_start(text[name_at])) return {};
  const std::size_t after_name = name_end(text, name_at);
  const std::size_t end = blanks_end(text, after_name);
  if (end == text.size()) return unfinished;
  return text[end] == '<' ? tag_of(text, name_at, after_name, after_name) : Tag{};
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}
std::string_view prefix_of(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
}

Attributes parse_attributes(std::string_view attributes, std::string_view element_name) {
  constexpr std::size_t max_attributes = 64;
  Attributes out;
  std::array<std::string_view, max_attributes> names;
  std::size_t count = 0;
  const std::string own_namespace =
      prefix_of(element_name).empty() ? "xmlns" : "xmlns:" + std::string(prefix_of(element_name));
  for (std::string_view rest = attributes; !is_all_blank(rest);) {
    std::string_view name;
    std::string_view value;
    const auto* const names_end = names.cbegin() + count;
    if (count == max_attributes || !take_attribute(rest, name, value) ||
        std::find(names.cbegin(), names_end, name) != names_end)
      return {false, false, {}, {}};
    names[count++] = name;
    judge_value(value, out);
    if (name == own_namespace) out.xml_namespace = value;
    if (name == "lang" || (name == "xml:lang" && out.lang.empty())) out.lang = value;
  }
  if (!out.is_good) return {false, false, {}, {}};
  return out;
}

Reference scan_reference(std::string_view text) {
  constexpr std::size_t longest = 12;
  const auto end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos) {
    // Until a byte that no reference contains has been seen, more text may decide.
    const auto inside = text.substr(1, longest);
    const bool may_go_on = text.size() < longest && std::all_of(inside.begin(), inside.end(),
                                                                [](char c) { return is_name_byte(c) || c == '#'; });
    return {may_go_on ? Found::more : Found::no, 0, 0};
  }
  const std::string_view name = text.substr(1, end - 1);
  const std::uint32_t code = name.starts_with('#') ? numbered_character(name.substr(1)) : named_character(name);
  return {code == 0 ? Found::no : Found::yes, end + 1, code};
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xc0 | c >> 6);
    add(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    add(0xe0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3f));
    add(0x80 | (c & 0x3f));
  } else {
    add(0xf0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3f));
    add(0x80 | (c >> 6 & 0x3f));
    add(0x80 | (c & 0x3f));
  }
}

bool decode_text(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto next = text.find('&');
    out.append(text.substr(0, next));
    if (next == std::string_view::npos) return true;
    text.remove_prefix(next);
    const Reference found = scan_reference(text);
    if (found.found != Found::yes) return false;
    append_utf8(out, found.code_point);
    text.remove_prefix(found.size);
  }
  return true;
}

}  // namespace ruaudit::parser
