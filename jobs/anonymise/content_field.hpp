// Content- fields of MIME: the tokens and parameters that say nothing about people stay, everything else is replaced,
// in its order and form. Pure.
#pragma once
#include <string>
#include <string_view>

#include "store/failure/redaction.hpp"

namespace ruaudit::jobs {

// "utf-8", "multipart/mixed", "7bit": the token in front of the parameters of a Content- field, each word of it that is
// known.
[[nodiscard]] std::string content_token(std::string_view token, const store::Redactor& redactor);
// The value of a Content- field: token, comments, parameters (RFC 2045 section 5.1, RFC 2231), in their order and form.
[[nodiscard]] std::string content_value(std::string_view value, const store::Redactor& redactor);
// Of a boundary and of the lines that it makes: the same words are replaced by the same. Words of less than four
// letters stay, so that boundaries that differ still do.
[[nodiscard]] std::string boundary_words(std::string_view text, const store::Redactor& redactor);
}  // namespace ruaudit::jobs
