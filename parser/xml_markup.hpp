// The pieces of XML markup that both engines read in the same way: tags, attributes, references and byte classes
// (XML 1.0 sections 2 to 4). Pure functions over UTF-8 text; nothing here allocates but decode_text.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ruaudit::parser {

enum class Found : std::uint8_t { yes, no, more };  // more: the text ends before it can be told

struct Tag {
  Found found = Found::no;
  std::string_view name;        // qualified, as written
  std::string_view whole;       // with its angle brackets
  std::string_view attributes;  // between name and the end of the tag
  bool is_empty = false;        // <name/>
  std::size_t size = 0;         // of the whole tag
};
// A start tag at the beginning of text (which begins with '<'); its name begins at name_at.
Tag scan_start_tag(std::string_view text, std::size_t name_at = 1);
// An end tag at the beginning of text (which begins with "</"). `</name/>` and one whose '>' is lost in front of the
// next '<' are read, too.
Tag scan_end_tag(std::string_view text, std::size_t name_at = 2);
// A start tag without attributes whose '>' is lost in front of the next '<'.
Tag scan_unclosed_start_tag(std::string_view text, std::size_t name_at = 1);

std::string_view local_name(std::string_view name);
std::string_view prefix_of(std::string_view name);

struct Attributes {
  bool is_good = true;             // well-formed
  bool is_plain = true;            // no references, no line breaks in values
  std::string_view xml_namespace;  // of the element's own prefix, raw value
  std::string_view lang;           // raw value
};
Attributes parse_attributes(std::string_view attributes, std::string_view element_name);

struct Reference {
  Found found = Found::no;
  std::size_t size = 0;
  std::uint32_t code_point = 0;
};
// One of the five predefined entities or a character reference at the beginning of text (which begins with '&').
Reference scan_reference(std::string_view text);

void append_utf8(std::string& out, std::uint32_t code_point);
// Text with its references decoded, appended to out. False where a '&' begins none; out is then undefined.
bool decode_text(std::string_view text, std::string& out);

// Bytes by what they mean in the text of an element.
enum ByteClass : std::uint8_t {
  plain = 0,
  line_feed = 1,
  reference = 2,  // '&'
  markup = 4,     // '<'
  control = 8,    // what XML forbids, and CR
  marker = 16,    // 0xEF: may begin the decoder's mark or a character XML forbids
};
constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 0x20; ++c) classes[c] = control;
  classes['\t'] = plain;
  classes['\n'] = line_feed;
  classes['&'] = reference;
  classes['<'] = markup;
  classes[0xef] = marker;
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> byte_classes = make_byte_classes();
constexpr std::uint8_t class_of(char c) { return byte_classes[static_cast<unsigned char>(c)]; }

// U+FFFE, which no XML text contains: the decoder puts it in front of a character that it had to guess.
inline constexpr std::string_view guess_mark = "\xef\xbf\xbe";
inline constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

constexpr bool is_xml_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_all_blank(std::string_view text);

}  // namespace ruaudit::parser
