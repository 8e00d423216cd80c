#include "ingest/sniff.hpp"

#include <algorithm>
#include <array>

#include "ingest/mbox.hpp"
#include "ingest/sniff_detail.hpp"
#include "mail/header_field.hpp"
#include "model/text_form.hpp"

namespace ruaudit::ingest {

namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view octets;
  PayloadKind kind;
};
constexpr Magic magics[] = {
    {"\x1f\x8b"sv, PayloadKind::gzip},
    {"PK\x03\x04"sv, PayloadKind::zip},
    {"PK\x05\x06"sv, PayloadKind::zip},
    {"PK\x07\x08"sv, PayloadKind::zip},
    {"7z\xBC\xAF\x27\x1C"sv, PayloadKind::seven_zip},
    {"\xFD"
     "7zXZ\0"sv,
     PayloadKind::xz},
    {"\x28\xB5\x2F\xFD"sv, PayloadKind::zstd},
    {"Rar!\x1A\x07"sv, PayloadKind::rar},
    {"\x1F\x9D"sv, PayloadKind::compress},
    {"MSCF\0\0\0\0"sv, PayloadKind::cabinet},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, PayloadKind::msg},
    {"\x78\x9F\x3E\x22"sv, PayloadKind::tnef},
    {"!BDN"sv, PayloadKind::outlook_store},
    {"\xCF\xAD\x12\xFE"sv, PayloadKind::outlook_store},
    {"-----BEGIN PGP MESSAGE"sv, PayloadKind::pgp},
    {"-----BEGIN PGP SIGNATURE"sv, PayloadKind::signature},
    {"-----BEGIN PKCS7"sv, PayloadKind::smime},
    {"-----BEGIN CMS"sv, PayloadKind::smime},
    {"%PDF-"sv, PayloadKind::not_a_report},
    {"\x89PNG\r\n"sv, PayloadKind::not_a_report},
    {"\xFF\xD8\xFF"sv, PayloadKind::not_a_report},
    {"GIF8"sv, PayloadKind::not_a_report},
};

constexpr std::size_t tar_block = 512;

// The checksum of a tar header, with its own field counted as blanks; true for "ustar" and the older forms alike.
bool is_tar(std::string_view p) {
  if (p.size() < tar_block || p[0] == '\0') return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar_block; ++i)
    sum += i >= 148 && i < 156 ? unsigned{' '} : static_cast<unsigned char>(p[i]);
  unsigned want = 0;
  std::size_t digits = 0;
  for (const char c : p.substr(148, 8)) {
    if (c < '0' || c > '7') {
      if (digits > 0) break;
      if (c != ' ' && c != '\0') return false;
      continue;
    }
    want = want * 8 + static_cast<unsigned>(c - '0');
    ++digits;
  }
  return digits > 0 && want == sum;
}

// A CMS ContentInfo (RFC 5652): SEQUENCE, then the OID 1.2.840.113549.1.7.n. A detached signature holds no content.
std::optional<PayloadKind> sniff_cms(std::string_view p) {
  static constexpr auto oid = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv;
  static constexpr auto detached = "\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"sv;
  if (p.empty() || p[0] != '\x30') return std::nullopt;
  const auto head = p.substr(0, 40);
  if (head.find(oid) == std::string_view::npos) {
    const bool authenticated =
        head.find("\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01"sv) != std::string_view::npos;
    return authenticated ? std::optional(PayloadKind::smime) : std::nullopt;
  }
  return p.substr(0, 200).find(detached) != std::string_view::npos ? PayloadKind::signature : PayloadKind::smime;
}

// An encrypted OpenPGP message starts with a public-key encrypted session key packet, version 3 (RFC 4880, 5.1).
bool is_binary_pgp(std::string_view p) {
  if (p.size() < 5) return false;
  switch (static_cast<unsigned char>(p[0])) {
    case 0x84:
      return p[2] == 3;
    case 0x85:
      return p[3] == 3 && static_cast<unsigned char>(p[1]) <= 8;
    case 0xC1:
      return p[2] == 3 || p[3] == 3;
    default:
      return false;
  }
}

bool is_binary(std::string_view p) {
  const auto head = p.substr(0, 1024);
  const auto odd = std::count_if(head.begin(), head.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
  });
  return odd * 20 > static_cast<std::ptrdiff_t>(head.size());
}

}  // namespace

std::optional<PayloadKind> sniff_magic(std::string_view p) {
  for (const auto& magic : magics)
    if (p.substr(0, magic.octets.size()) == magic.octets) return magic.kind;
  if (p.size() > 9 && p.substr(0, 3) == "BZh" && p[3] >= '1' && p[3] <= '9' &&
      (p.substr(4, 6) == "1AY&SY" || p.substr(4, 4) == "\x17\x72\x45\x38"))
    return PayloadKind::bzip2;
  if (p.size() > 13 && p.substr(0, 3) == "\x5D\0\0"sv && (p[12] == '\0' || p[12] == '\xFF')) return PayloadKind::lzma;
  if (is_tar(p)) return PayloadKind::tar;
  if (is_binary_pgp(p)) return PayloadKind::pgp;
  return sniff_cms(p);
}

Thin thinned(std::string_view p) {
  Thin result;
  const auto form = model::text_form(p);
  if (form.width > 1) {
    result.width = form.width;
    result.offset = form.mark;
    for (std::size_t i = form.mark + (form.is_little ? 0 : form.width - 1); i < p.size(); i += form.width)
      result.storage += p[i];
    result.text = result.storage;
    return result;
  }
  while (p.substr(result.offset, 3) == "\xEF\xBB\xBF") result.offset += 3;
  result.text = p.substr(result.offset);
  return result;
}

Sniffed sniff(std::string_view prefix, Prefix extent) { return sniff_within(prefix, extent, sniffed_layers); }

Sniffed sniff_within(std::string_view prefix, Prefix extent, unsigned layers) {
  prefix = prefix.substr(0, sniff_bytes);
  if (prefix.size() == sniff_bytes) extent = Prefix::whole;
  if (prefix.size() < tar_block && extent == Prefix::partial) return {PayloadKind::not_a_report, 0, false};
  if (const auto kind = sniff_magic(prefix)) return {*kind, 0, true};
  if (starts_mmdf(prefix)) return {PayloadKind::mbox, 0, true};
  const auto blank = std::min(prefix.find_first_not_of("\r\n\t "), prefix.size());  // blank lines before an archive
  if (blank > 0)
    if (const auto kind = sniff_magic(prefix.substr(blank))) return {*kind, blank, true};
  if (starts_stored_block(prefix))
    if (const auto packed = find_packed(prefix, layers)) return *packed;
  auto thin = thinned(prefix);
  const bool is_noise = thin.width == 1 && is_binary(thin.text) && !sniff_header(thin.text) &&
                        thin.text.find("<feedback") == std::string_view::npos;
  if (is_noise) {
    if (const auto packed = find_packed(prefix, layers)) return *packed;
    return {PayloadKind::not_a_report, 0, extent == Prefix::whole};
  }
  auto result = sniff_text(thin.text, extent);
  // A brace is no mark either: deflate data of a text behind a byte order mark begins with one.
  const bool is_nothing =
      result.decided && (result.kind == PayloadKind::text || result.kind == PayloadKind::not_a_report ||
                         result.kind == PayloadKind::json);
  if (is_nothing && result.skip == 0)
    if (const auto packed = find_packed(prefix, layers)) return *packed;
  const bool is_undone_by_octets =
      result.kind == PayloadKind::quoted_lines || result.kind == PayloadKind::quoted_printable;
  if (thin.width > 1 && is_undone_by_octets) result.kind = PayloadKind::aggregate_xml;
  if (thin.width > 1)
    result.skip = 0;
  else if (result.skip > 0)
    result.skip += thin.offset;
  return result;
}

}  // namespace ruaudit::ingest
