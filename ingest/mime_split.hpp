// Cuts a mail into its leaf parts as octet ranges into the untouched mail, so that signatures can still be checked on
// them. Iterative, one pass, one stack of open multiparts; delimiters count at line starts only, an unclosed inner
// multipart does not swallow the outer's parts. CRLF, LF and mixed line ends. message/rfc822 parts are leaves here.
// RFC 2046 section 5.1. Limits: mime_depth, mime_parts, header_bytes.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "model/defect.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, size()); }
  bool operator==(const Range&) const = default;
};

struct MimePart {
  std::string number;  // "1", "2.1"; empty when the mail is not a multipart
  Range header;        // without the empty line
  Range body;          // without the line end that belongs to the next delimiter
};

struct MailParts {
  Range header;  // of the mail itself
  std::vector<MimePart> parts;
  std::vector<model::Defect> defects;  // "mime-unclosed", "mime-no-delimiter", "content-type-misspelt"
  std::optional<model::Error> error;   // a limit: parts holds what was found before it
};

// The header block at the start of a mail, as split_mail() finds it.
Range mail_header_range(const Bytes& mail, const UnpackLimits& limits);

// Drops mapped pages behind itself.
MailParts split_mail(const Bytes& mail, const UnpackLimits& limits);

}  // namespace ruaudit::ingest
