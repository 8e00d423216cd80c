#include "jobs/anonymise/anonymiser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/sniff.hpp"
#include "mail/transfer_decode.hpp"

namespace ruaudit::jobs {
namespace {

using ingest::PayloadKind;

constexpr unsigned max_depth = 8;

tl::unexpected<model::Error> unsupported(std::string_view what) {
  return model::failure("anonymise-unsupported", fmt::format("{} cannot be anonymised", what),
                        "unpack it by other means, or leave it out");
}

// What is cleaned word by word.
bool is_text(PayloadKind kind) {
  switch (kind) {
    case PayloadKind::aggregate_xml:
    case PayloadKind::other_xml:
    case PayloadKind::failure_report:
    case PayloadKind::other_feedback:
    case PayloadKind::delivery_status:
    case PayloadKind::html:
    case PayloadKind::json:
    case PayloadKind::tls_report:
    case PayloadKind::text:
      return true;
    default:
      return false;
  }
}

}  // namespace

model::Result<std::string> Anonymiser::anything(std::string_view octets, unsigned depth) {
  if (depth > max_depth) return unsupported(fmt::format("packing that is more than {} deep", max_depth));
  const auto sniffed =
      ingest::sniff(octets.substr(0, ingest::sniff_bytes),
                    octets.size() <= ingest::sniff_bytes ? ingest::Prefix::whole : ingest::Prefix::partial);
  if (is_text(sniffed.kind) && octets.find('\0') != std::string_view::npos)
    return model::failure("anonymise-unsupported", "text in UTF-16 or UTF-32 cannot be anonymised",
                          "convert it to UTF-8 (iconv) first");
  switch (sniffed.kind) {
    case PayloadKind::gzip:
      return behind_prefix(octets.substr(0, sniffed.skip), gzip(octets.substr(sniffed.skip), depth));
    case PayloadKind::zip:
      return behind_prefix(octets.substr(0, sniffed.skip), zip(octets.substr(sniffed.skip), depth));
    case PayloadKind::base64:
      return base64(octets, depth);
    case PayloadKind::aggregate_xml:
    case PayloadKind::other_xml:
      return xml(octets);
    case PayloadKind::mail:
      return mail(octets, depth);
    case PayloadKind::mbox:
      return mbox(octets, depth);
    case PayloadKind::failure_report:
    case PayloadKind::other_feedback:
      return ingest::feedback_type(octets) != ingest::Feedback::none ? feedback(octets) : prose(octets);
    case PayloadKind::delivery_status:
      return feedback(octets);
    case PayloadKind::html:
      return html(octets);
    case PayloadKind::json:
    case PayloadKind::tls_report:
      return json(octets);
    case PayloadKind::wrapped_report:
      if (octets.find("&amp;") != std::string_view::npos) return unsupported(model::to_text(sniffed.kind));
      return json(octets);
    case PayloadKind::text:
      return words(octets);
    case PayloadKind::empty:
      return std::string(octets);
    default:
      return unsupported(model::to_text(sniffed.kind));
  }
}

// What stood in front of an archive, as a byte order mark or words, is there again: it may be the fault.
model::Result<std::string> Anonymiser::behind_prefix(std::string_view prefix, model::Result<std::string> packed) const {
  if (packed && !prefix.empty()) packed->insert(0, redactor_.words(prefix));
  return packed;
}

std::string Anonymiser::replacement(std::string_view octets) const {
  using namespace std::string_view_literals;
  constexpr std::array marks = {"%PDF-1"sv,           "\x89PNG\r\n\x1a\n"sv,  "\xff\xd8\xff"sv,
                                "GIF89a"sv,           "7z\xbc\xaf\x27\x1c"sv, "BZh9"sv,
                                "\x28\xb5\x2f\xfd"sv, "Rar!\x1a\x07"sv,       "MSCF"sv,
                                "\x1f\x9d\x90"sv,     "begin 644 "sv,         "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv};
  const auto* const mark =
      std::find_if(marks.begin(), marks.end(), [&](std::string_view one) { return octets.starts_with(one); });
  std::string out(mark == marks.end() ? std::string_view() : *mark);
  if (octets.find('\0') != std::string_view::npos) out += '\0';
  out += redactor_.token(octets);
  // A uuencoded file is one only with its lines.
  return octets.starts_with("begin 644 ") ? out + "\r\n#86)C\r\n`\r\nend\r\n" : out;
}

model::Result<std::string> Anonymiser::base64(std::string_view octets, unsigned depth) {
  ingest::Base64Decoder decoder;
  std::string plain;
  decoder.decode(octets, plain);
  decoder.finish(plain);
  TRY(const auto cleaned, anything(plain, depth + 1));
  return to_base64_lines(cleaned, octets.find("\r\n") != std::string_view::npos ? "\r\n" : "\n");
}

std::string to_base64_lines(std::string_view octets, std::string_view line_end) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (at + i < octets.size() ? static_cast<unsigned char>(octets[at + i]) : 0U);
    const std::size_t have = std::min<std::size_t>(3, octets.size() - at);
    for (std::size_t i = 0; i < 4; ++i) out += i <= have ? digits[bits >> (18 - 6 * i) & 63U] : '=';
    column += 4;
    if (column < 76 || at + 3 >= octets.size()) continue;
    out += line_end;
    column = 0;
  }
  return out;
}

std::string to_quoted_printable(std::string_view octets) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const std::string_view soft_break = octets.find("\r\n") != std::string_view::npos ? "=\r\n" : "=\n";
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    const char c = octets[at];
    if (c == '\n' || (c == '\r' && octets.substr(at, 2) == "\r\n")) {
      out += c;
      column = c == '\n' ? 0 : column;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    const auto rest = octets.substr(at + 1, 2);
    const bool ends_line = rest.empty() || rest.starts_with("\n") || rest == "\r\n";
    const bool is_plain = (octet > 32 && octet < 127 && c != '=') || ((c == ' ' || c == '\t') && !ends_line);
    if (column > 72) {
      out += soft_break;
      column = 0;
    }
    if (is_plain) {
      out += c;
      ++column;
    } else {
      out += '=';
      out += digits[octet >> 4U];
      out += digits[octet & 15U];
      column += 3;
    }
  }
  return out;
}

}  // namespace ruaudit::jobs
