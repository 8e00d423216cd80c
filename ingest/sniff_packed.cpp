// Packed data without a magic at its start: zlib and raw deflate streams, and archives behind octets of something else.
// A few octets prove nothing, so each candidate is unpacked a little way.
#include <algorithm>

#include "ingest/gunzip.hpp"
#include "ingest/sniff_detail.hpp"
#include "mail/header_field.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t max_candidates = 16;  // of each magic
constexpr auto npos = std::string_view::npos;

unsigned octet(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

// RFC 1950 section 2.2: method 8, a window of at most 32 KiB, a check sum of 31, no dictionary.
bool has_zlib_header(std::string_view p) {
  const unsigned first = octet(p, 0), second = octet(p, 1);
  return p.size() > 2 && (first & 0x0fU) == 8 && first >> 4 <= 7 && (first * 256 + second) % 31 == 0 &&
         (second & 0x20U) == 0;
}

bool is_zip_entry(std::string_view p) {  // APPNOTE 4.3.7
  const unsigned version = octet(p, 4), method = octet(p, 8) + 256 * octet(p, 9);
  const unsigned name = octet(p, 26) + 256 * octet(p, 27);
  return p.starts_with("PK\x03\x04") && p.size() > 30 && version <= 63 && method <= 98 && name > 0 && name <= 4096;
}

bool is_gzip_member(std::string_view p) {
  return p.starts_with("\x1f\x8b\x08") && (octet(p, 3) & 0xe0U) == 0 && !inflate_head(p, DeflateForm::gzip).empty();
}

// {"name": - as every JSON report begins.
bool starts_json_object(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto quote = text.find_first_not_of(blanks, 1);
  if (quote == npos || text[quote] != '"') return false;
  const auto end = text.find('"', quote + 1);
  const auto colon = end == npos ? npos : text.find_first_not_of(blanks, end + 1);
  return colon != npos && text[colon] == ':';
}

// What any octets unpack to by chance is not a report: nothing tells raw deflate data from others, and of a few letters
// one text in some hundred is such data. So it has to begin as a report does, with octets enough to be no accident.
bool starts_report(std::string_view head) {
  const auto begin = head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  const std::string narrow = begin == 0 ? thinned(head).storage : std::string();  // UTF-16 and UTF-32
  const auto text = narrow.empty() ? head.substr(std::min(begin, head.size())) : std::string_view(narrow);
  if (text.starts_with('{')) return starts_json_object(text);
  if (!text.starts_with('<')) return false;
  return ascii::equal_folded(text.substr(0, 5), "<?xml") || text.starts_with("<!DOCTYPE") ||
         contains_folded(text, "feedback");
}

// Enough of a report, or of something that may hold one.
bool is_promising(std::string_view head, unsigned layers) {
  if (starts_report(head)) return true;
  if (layers == 0) return false;
  if (is_gzip_member(head) || is_zip_entry(head)) return true;
  constexpr std::size_t enough = 64;       // for lines that look like a mail's by no accident
  constexpr std::size_t whole_head = 512;  // less is all that there is
  const auto extent = head.size() < whole_head ? Prefix::whole : Prefix::partial;
  const auto found = head.size() < enough ? Sniffed{} : sniff_within(head, extent, layers - 1);
  return found.decided && (found.kind == PayloadKind::mail || found.kind == PayloadKind::mbox);
}

// A zlib stream of a report, or of a raw deflate stream of one.
bool is_promising_zlib(std::string_view p, unsigned layers) {
  if (!has_zlib_header(p)) return false;
  const std::string head = inflate_head(p, DeflateForm::zlib);
  return is_promising(head, layers) || is_promising(inflate_head(head, DeflateForm::raw), layers);
}

template <class Holds>
std::size_t find_candidate(std::string_view text, std::string_view magic, Holds holds) {
  std::size_t tried = 0;
  for (auto at = text.find(magic); at != npos && tried < max_candidates; at = text.find(magic, at + 1), ++tried)
    if (holds(text.substr(at))) return at;
  return npos;
}

}  // namespace

bool starts_stored_block(std::string_view prefix) {
  const std::size_t at = has_zlib_header(prefix) ? 2 : 0;
  const unsigned length = octet(prefix, at + 1) + 256 * octet(prefix, at + 2);
  const unsigned complement = octet(prefix, at + 3) + 256 * octet(prefix, at + 4);
  return prefix.size() > at + 5 && octet(prefix, at) <= 1 && length > 0 && (length ^ complement) == 0xffffU;
}

DeflateForm deflate_form(std::string_view packed) {
  if (packed.starts_with("\x1f\x8b")) return DeflateForm::gzip;
  return is_promising_zlib(packed, sniffed_layers) ? DeflateForm::zlib : DeflateForm::raw;
}

std::optional<Sniffed> find_packed(std::string_view prefix, unsigned layers) {
  const auto gzip = find_candidate(prefix, "\x1f\x8b\x08"sv, is_gzip_member);
  const auto zip = find_candidate(prefix, "PK\x03\x04"sv, is_zip_entry);
  if (gzip != npos || zip != npos)
    return gzip < zip ? Sniffed{PayloadKind::gzip, gzip, true} : Sniffed{PayloadKind::zip, zip, true};
  const auto blank = std::min(prefix.find_first_not_of("\xEF\xBB\xBF\r\n\t "), prefix.size());
  for (const std::size_t at : {std::size_t{0}, blank}) {
    const std::string_view rest = prefix.substr(at);
    if (is_promising_zlib(rest, layers)) return Sniffed{PayloadKind::gzip, at, true};
    if (is_promising(inflate_head(rest, DeflateForm::raw), layers)) return Sniffed{PayloadKind::gzip, at, true};
  }
  return std::nullopt;
}

}  // namespace ruaudit::ingest
