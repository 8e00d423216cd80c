// The encodings inside tags: base64string and dkim-quoted-printable (RFC 6376 sections 2.10, 2.11). Both ignore
// folding white space; nullopt says that the text is not of the encoding.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::verify::dkim {

// Padding may be missing (the grammar of base64string does not force it), but nothing may follow it.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> decode_quoted_printable(std::string_view text);

}  // namespace ruaudit::verify::dkim
