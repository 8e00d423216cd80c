// Bytes of a report -> UTF-8 without byte order marks. The bytes decide, not the declaration: UTF-16 and UTF-32 are
// told by their mark or their NULs (XML 1.0 appendix F). Else the text is UTF-8 up to the first bytes beyond ASCII: if
// these are not UTF-8 and a legacy set is declared (charset_converter.hpp), that set reads all that follows. In
// everything else a byte that is not UTF-8 is read as Windows-1252. Where that was a guess (no 8-bit set was declared)
// xml_markup's guess_mark stands in front of the run, so that the engine can tell the place. U+FFFE and U+FFFF become
// U+FFFD. Valid UTF-8 is passed on uncopied.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"
#include "parser/charset_converter.hpp"
#include "parser/xml_markup.hpp"

namespace ruaudit::parser {

// The octets of the UTF-8 character at the front of text, 0 when there is no whole one (RFC 3629 section 4).
std::size_t utf8_length(std::string_view text);

class TextDecoder {
 public:
  // The first bytes of the text (all of them, or at least 1 KiB): decides the encoding and returns how many octets of
  // byte order marks to leave out.
  std::size_t begin(std::string_view head);

  // The next bytes as UTF-8, whole characters only. The view is valid until the next call and while bytes are.
  std::string_view decode(std::string_view bytes, bool is_final);

  // What begin() found (line 1), and what was only known at the end.
  [[nodiscard]] const std::vector<model::Defect>& defects() const { return defects_; }
  [[nodiscard]] std::vector<model::Defect> final_defects() const;

 private:
  enum class Encoding : std::uint8_t { utf8, utf16_le, utf16_be, utf32_le, utf32_be };

  std::string_view decode_utf8(std::string_view bytes, bool is_final);
  std::string_view decode_undecided(std::string_view bytes, bool is_final);
  std::string_view repair_utf8(std::string_view bytes, std::size_t valid, bool is_final);
  std::string_view decode_wide(std::string_view bytes, bool is_final);
  void guess(unsigned char byte);
  void put_unit(std::uint32_t unit);
  void defect(std::string_view code, std::string_view detail);

  Encoding encoding_ = Encoding::utf8;
  std::string declared_;  // lower case
  std::string carry_;     // the beginning of a character, or what is needed to tell the set by
  // The declared legacy set, while it may still be needed; is_legacy_: it reads the text from here on.
  std::optional<CharsetConverter> legacy_;
  bool is_legacy_ = false;
  std::string joined_, out_;
  std::uint32_t high_surrogate_ = 0;
  bool is_single_byte_declared_ = false;
  bool has_multibyte_ = false;  // valid UTF-8 beyond ASCII was seen
  bool is_guessing_ = false;    // the last character was a guess
  std::vector<model::Defect> defects_;
};

// Undoes one level of HTML escaping in a stream (X13).
class HtmlUnescaper {
 public:
  std::string_view decode(std::string_view text, bool is_final);
  // From here on tags that are not escaped are those of the page around the report, as are blanks that do not break.
  void leave_out_tags() { leaves_out_tags_ = true; }
  [[nodiscard]] bool has_left_out_tags() const { return has_left_out_tags_; }

 private:
  void put_plain(std::string_view text);
  std::size_t put_reference(std::string_view text, const Reference& reference);

  std::string carry_, joined_, out_;
  bool leaves_out_tags_ = false, has_left_out_tags_ = false, in_tag_ = false;
};

}  // namespace ruaudit::parser
