// Reading header fields where they lie: views into the untouched block, nothing unfolded or copied before it is asked
// for. Lines that are not fields are skipped. RFC 5322 section 2.2, RFC 2045 section 5, RFC 2231, RFC 2047.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::ingest {

// The length of "Name" when line starts with a field name and a colon (blanks before the colon allowed), else 0.
std::size_t field_name_length(std::string_view line);

struct HeaderField {
  std::string_view name;
  std::string_view value;  // raw, with folds, without the last line end
};

// Walks the fields of a block in order.
class FieldReader {
 public:
  explicit FieldReader(std::string_view block) : rest_(block) {}
  std::optional<HeaderField> next();

 private:
  std::string_view take_line();
  std::string_view rest_;
};

// The fields of a part that say how to unpack it. "ContentType:" and its like are accepted as misspellings.
struct PartFields {
  std::string_view content_type;
  std::string_view transfer_encoding;
  std::string_view disposition;
  bool misspelt = false;
};
PartFields part_fields(std::string_view block);

// Lower-case "type/subtype" (or the only token of other fields), without parameters, comments and blanks.
std::string leading_token(std::string_view value);
// A parameter: quoted or not, split and percent-encoded after RFC 2231, decoded to UTF-8. Own code, because a ';' or an
// escaped quote inside quotes must not end it.
std::optional<std::string> parameter(std::string_view value, std::string_view name);
// The boundary parameter, octet for octet.
std::optional<std::string> boundary_parameter(std::string_view value);

// Folding removed, encoded words decoded, as clean UTF-8 of at most limit octets.
std::string decoded_text(std::string_view value, std::size_t limit);
// Octets of a charset as UTF-8; unknown charsets are read as windows-1252.
std::string to_utf8(std::string_view octets, std::string_view charset);
// Valid UTF-8 without control characters (they become blanks, invalid octets U+FFFD), cut at a character.
std::string clean_text(std::string_view text, std::size_t limit);

bool contains_folded(std::string_view text, std::string_view lower_needle);
std::string_view trimmed(std::string_view text);

}  // namespace ruaudit::ingest
