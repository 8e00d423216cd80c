// Turns a report or a mail into one that is safe to share: every word of people (local parts, names, subjects, texts,
// free fields) is replaced by a keyed hash or a made-up word of its length, everything a reader of reports looks at
// stays: structure of mail, archives and XML, names of fields and elements, domains, addresses of hosts, dates,
// results, counts. Packed and encoded layers are opened and made again. In and out: octets. What it does not know how
// to clean is refused or replaced, never passed on. Bounded: depth of packing, and the limits of unpacking
// (ingest/limits.hpp).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/limits.hpp"
#include "model/result.hpp"
#include "store/failure/redaction.hpp"

namespace ruaudit::jobs {

struct AnonymiserCounts {
  std::int64_t fields = 0;    // of headers and feedback reports
  std::int64_t texts = 0;     // parts or elements of free text
  std::int64_t xml = 0;       // XML texts gone through
  std::int64_t replaced = 0;  // parts of an unknown kind, removed as a whole
};

class Anonymiser {
 public:
  explicit Anonymiser(store::Redactor redactor, const ingest::UnpackLimits& limits = {})
      : redactor_(std::move(redactor)), limits_(limits) {}

  // Errors: "anonymise-unsupported" (what it is, and that it cannot be cleaned), and those of unpacking.
  model::Result<std::string> run(std::string_view octets) { return anything(octets, 0); }
  [[nodiscard]] const AnonymiserCounts& counts() const { return counts_; }

 private:
  model::Result<std::string> anything(std::string_view octets, unsigned depth);
  model::Result<std::string> gzip(std::string_view octets, unsigned depth);  // archive.cpp
  model::Result<std::string> zip(std::string_view octets, unsigned depth);   // archive.cpp
  [[nodiscard]] model::Result<std::string> behind_prefix(std::string_view prefix,
                                                         model::Result<std::string> packed) const;
  model::Result<std::string> base64(std::string_view octets, unsigned depth);
  model::Result<std::string> mail(std::string_view octets, unsigned depth);  // mail.cpp
  model::Result<std::string> mbox(std::string_view octets, unsigned depth);  // mail.cpp
  model::Result<std::string> part_body(std::string_view header, std::string_view body, unsigned depth);
  std::string leaf(std::string_view media_type, std::string_view octets, unsigned depth);
  std::string between_parts(std::string_view text);
  std::string mail_header(std::string_view block);  // mail.cpp
  std::string field(std::string_view name, std::string_view raw);
  // In place of what cannot be cleaned: only what identifies its kind stays.
  [[nodiscard]] std::string replacement(std::string_view octets) const;
  std::string feedback(std::string_view text);  // text.cpp
  std::string feedback_value(std::string_view name, std::string_view value);
  std::string prose(std::string_view text);
  std::string words(std::string_view text);
  std::string xml(std::string_view text);  // xml.cpp
  std::string xml_markup(std::string_view whole, std::string_view element);
  std::string escaped_report(std::string_view text);
  std::string html(std::string_view text);
  std::string json(std::string_view text);

  store::Redactor redactor_;
  ingest::UnpackLimits limits_;
  AnonymiserCounts counts_;
};

// RFC 2045 sections 6.7 and 6.8: lines of 76.
std::string to_base64_lines(std::string_view octets, std::string_view line_end);
std::string to_quoted_printable(std::string_view octets);

}  // namespace ruaudit::jobs
