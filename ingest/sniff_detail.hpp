// The two halves of sniffing: formats with magic octets, and texts.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ingest/gunzip.hpp"
#include "ingest/sniff.hpp"

namespace ruaudit::ingest {

// The format whose magic stands at the start of prefix.
std::optional<PayloadKind> sniff_magic(std::string_view prefix);
// Text in UTF-16 or UTF-32 thinned to its low octets; other text as it is, without a UTF-8 byte order mark.
struct Thin {
  std::string storage;
  std::string_view text;
  std::size_t width = 1;   // octets per character
  std::size_t offset = 0;  // octets of byte order marks before text
};
Thin thinned(std::string_view prefix);
// Packed data without a magic at the start of prefix: zlib, raw deflate, a gzip or zip behind other octets.
// All three forms of deflate have the kind gzip; deflate_form() tells them apart.
// What is inside is looked at for at most this many layers: a stream can be made that unpacks to itself.
inline constexpr unsigned sniffed_layers = 2;
std::optional<Sniffed> find_packed(std::string_view prefix, unsigned layers);
// Whether a zlib or raw deflate stream begins here whose first block is stored as it is (RFC 1951 section 3.2.4): it
// looks like the text that it holds, with octets between.
bool starts_stored_block(std::string_view prefix);
// sniff() with so many layers of packing left to look through.
Sniffed sniff_within(std::string_view prefix, Prefix extent, unsigned layers);
DeflateForm deflate_form(std::string_view packed);
bool is_container(PayloadKind kind);
// Whether the lines at the start of text end in CR alone.
bool has_bare_returns(std::string_view text);
Sniffed sniff_text(std::string_view text, Prefix extent);
// Where a report begins in a text around it: its XML declaration if there is one, else its root. What is escaped is
// only looked for in a whole prefix.
struct WrappedReport {
  std::size_t at = std::string_view::npos;
  PayloadKind kind = PayloadKind::aggregate_xml;  // else what must be undone before, or cannot be
  bool is_escaped = false;
};
WrappedReport find_report(std::string_view text, Prefix extent);
// The same of an SMTP TLS report: the brace with which it begins.
WrappedReport find_tls_report(std::string_view text);
// Whether what stands at `at` is the first in its CDATA section.
bool is_in_cdata(std::string_view text, std::size_t at);
// Whether both parts that a report must have are named, in whatever notation.
bool claims_report(std::string_view text);
// Whether a report is encoded as quoted-printable, and nothing undid it.
bool is_quoted_printable(std::string_view text);
// Header lines at the start of text: mail, failure_report, other_feedback or delivery_status.
std::optional<PayloadKind> sniff_header(std::string_view text);

}  // namespace ruaudit::ingest
