#include "jobs/ingest/failure_mail.hpp"

#include <algorithm>

#include "ingest/mime_split.hpp"
#include "ingest/sniff.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"
#include "model/mbox_line.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t max_fields = 1000;
constexpr std::size_t max_value = 2000;
constexpr std::size_t max_token = 200;
constexpr std::size_t probe_octets = 4096;

// Base64 holds none of the octets that every header line has: a colon, or a blank inside the line.
bool is_base64_body(std::string_view body) {
  const auto head = ingest::trimmed(body.substr(0, probe_octets));
  return std::all_of(head.begin(), head.end(),
                     [](char c) {
                       return ingest::is_base64_octet(c) || c == '=' || c == '\r' || c == '\n' || c == ' ' || c == '\t';
                     }) &&
         head.substr(0, head.find('\n')).find_first_of(" \t") == std::string_view::npos;
}

// Every "=" begins an escape or ends its line (RFC 2045 section 6.7). A header that is only labelled so has "d=" and
// "b=" in its signatures.
bool is_quoted_printable_body(std::string_view body) {
  const auto is_hex = [](char c) { return ascii::is_hex_digit(c); };
  const auto head = body.substr(0, 64UL * 1024);
  for (auto at = head.find('='); at != std::string_view::npos && at + 2 < head.size(); at = head.find('=', at + 1)) {
    const bool is_escape = is_hex(head[at + 1]) && is_hex(head[at + 2]);
    const bool is_soft_end = head.find_first_not_of(" \t\r", at + 1) == head.find('\n', at + 1);
    if (!is_escape && !is_soft_end) return false;
  }
  return true;
}

bool is_message(std::string_view media_type) {
  return media_type.starts_with("message/") || media_type.starts_with("text/rfc822");
}

// Undoes the declared encoding unless the octets belie it.
std::string part_octets(parser::FailurePart& part, std::string_view body, std::vector<model::Defect>& defects) {
  const bool is_base64 = part.transfer_encoding == "base64";
  const bool is_quoted = part.transfer_encoding == "quoted-printable";
  const bool is_true =
      is_base64 ? is_base64_body(body) : !is_quoted || !is_message(part.media_type) || is_quoted_printable_body(body);
  if (is_true && is_base64) return ingest::decoded<ingest::Base64Decoder>(body);
  if (is_true && is_quoted) return ingest::decoded<ingest::QuotedPrintableDecoder>(body);
  if (!is_true) {
    defects.push_back({"transfer-encoding-mismatch",
                       "declared as " + part.transfer_encoding + ", but the octets are not; used as they are", 0, 0});
    part.transfer_encoding.clear();
  }
  return std::string(body);
}

parser::FailurePart read_part(const ingest::MimePart& part, std::string_view mail,
                              std::vector<model::Defect>& defects) {
  const auto fields = ingest::part_fields(part.header.of(mail));
  const auto token = [](std::string_view value) { return ingest::clean_text(ingest::leading_token(value), max_token); };
  parser::FailurePart out{.media_type = token(fields.content_type),
                          .transfer_encoding = token(fields.transfer_encoding),
                          .name = {},
                          .octets = {}};
  auto name = ingest::parameter(fields.disposition, "filename");
  if (!name || name->empty()) name = ingest::parameter(fields.content_type, "name");
  out.name = name.value_or("");
  out.octets = part_octets(out, part.body.of(mail), defects);
  const auto charset = ingest::parameter(fields.content_type, "charset").value_or("");
  const bool has_mark = out.octets.starts_with("\xFF\xFE") || out.octets.starts_with("\xFE\xFF");
  if (ingest::contains_folded(charset, "utf-16") || (has_mark && !is_message(out.media_type)))
    out.octets = ingest::to_utf8(out.octets, has_mark ? "UTF-16" : charset);
  return out;
}

std::vector<model::NamedValue> read_header(std::string_view block) {
  std::vector<model::NamedValue> out;
  ingest::FieldReader reader(block);
  while (const auto field = reader.next()) {
    if (out.size() >= max_fields) break;
    out.push_back({ingest::clean_text(field->name, max_value), ingest::decoded_text(field->value, max_value)});
  }
  return out;
}

// Feedback fields or sentences with no mail around them.
bool is_bare(std::string_view text) {
  if (ingest::field_name_length(text) == 0) return true;
  if (ingest::feedback_type(text) == ingest::Feedback::none) return false;
  const auto block = text.substr(0, std::min(text.find("\n\n"), text.find("\n\r\n")));
  ingest::FieldReader reader(block);
  for (std::size_t i = 0; i < max_fields; ++i) {
    const auto field = reader.next();
    if (!field) break;
    if (ascii::equal_folded(field->name, "received") || ascii::equal_folded(field->name, "mime-version")) return false;
  }
  return true;
}

ingest::Bytes without_mbox_line(const ingest::Bytes& octets) {
  const auto text = octets.view();
  if (!model::starts_with_mbox_line(text)) return octets;
  const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
  return octets.slice(end, text.size() - end);
}

}  // namespace

parser::FailureMail take_apart(const ingest::Bytes& octets, const ingest::UnpackLimits& limits) {
  const auto bytes = without_mbox_line(octets);
  const auto text = bytes.view();
  parser::FailureMail mail;
  if (is_bare(text)) {
    mail.parts.push_back({.media_type = {}, .transfer_encoding = {}, .name = {}, .octets = std::string(text)});
    return mail;
  }
  auto cut = ingest::split_mail(bytes, limits);
  mail.defects = std::move(cut.defects);
  if (cut.error) mail.defects.push_back({cut.error->code, cut.error->message, 0, 0});
  const auto block = cut.header.of(text);
  mail.header = read_header(block);
  const auto type = ingest::part_fields(block).content_type;
  mail.media_type = ingest::leading_token(type);
  mail.report_type = ascii::lower(ingest::parameter(type, "report-type").value_or(""));
  for (const auto& part : cut.parts) mail.parts.push_back(read_part(part, text, mail.defects));
  return mail;
}

model::FailureReport read_failure_report(const ingest::Bytes& octets, const ingest::UnpackLimits& limits,
                                         const parser::FailureLimits& report_limits) {
  return parser::parse_failure_report(take_apart(octets, limits), report_limits);
}

}  // namespace ruaudit::jobs
