// Mails: the header field by field, every leaf part by what it is, everything between the parts kept in its place.
#include <algorithm>
#include <array>

#include "ingest/mime_split.hpp"
#include "ingest/sniff.hpp"
#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/anonymise/content_field.hpp"
#include "jobs/anonymise/harmless.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

// What holds a mail together, beside the fields that Redactor::header() knows.
constexpr std::array<std::string_view, 6> structural_fields = {
    "content-type", "contenttype", "content-transfer-encoding", "content-disposition", "mime-version", "content-id"};

bool is_structural(std::string_view name) {
  return std::any_of(structural_fields.begin(), structural_fields.end(),
                     [&](std::string_view one) { return ascii::equal_folded(one, name); });
}

bool has_prefix(std::string_view media_type, std::string_view prefix) { return media_type.starts_with(prefix); }

// Where the next "From " line after an empty line begins.
std::size_t member_end(std::string_view octets) {
  constexpr std::string_view mark = "\nFrom ";
  for (auto at = octets.find(mark); at != std::string_view::npos; at = octets.find(mark, at + 1)) {
    const auto before = octets.substr(0, at);
    if (before.ends_with('\n') || before.ends_with("\n\r")) return at + 1;
  }
  return octets.size();
}

std::string_view line_end_of(std::string_view text) {
  return text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
}

// The line ends that a body closes with: an empty line behind a mail is what ends it in an mbox.
std::string_view blank_end(std::string_view body) {
  const auto last = body.find_last_not_of("\r\n");
  return body.substr(last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

std::string Anonymiser::field(std::string_view name, std::string_view raw) {
  const auto colon = raw.find(':') + 1;
  const auto value = raw.substr(colon);
  const std::string head = field_name(raw.substr(0, colon - 1), redactor_) + ":";
  if (ascii::equal_folded(name, "subject"))
    return head +
           (ingest::contains_folded(raw, "report domain:") ? report_subject(value, redactor_) : redactor_.words(value));
  if (ascii::equal_folded(name, "content-id"))
    return head + (value.find('@') == std::string_view::npos ? redactor_.words(value) : people(value, redactor_));
  if (is_structural(name)) return head + content_value(value, redactor_);
  const std::string cleaned = redactor_.header(raw);
  return head + cleaned.substr(std::min(cleaned.find(':') + 1, cleaned.size()));
}

std::string Anonymiser::mail_header(std::string_view block) {
  std::string out;
  for (std::size_t at = 0; at < block.size();) {
    auto end = at;
    do {
      const auto line = block.find('\n', end);
      end = line == std::string_view::npos ? block.size() : line + 1;
    } while (end < block.size() && (block[end] == ' ' || block[end] == '\t'));
    const auto raw = block.substr(at, end - at);
    at = end;
    const auto length = ingest::field_name_length(raw);
    const auto name = ingest::trimmed(raw.substr(0, length == 0 ? 0 : std::min(raw.find(':'), raw.size())));
    std::string cleaned = length == 0 ? redactor_.words(raw) : field(name, raw);
    counts_.fields += cleaned == raw ? 0 : 1;
    out += cleaned;
  }
  return out;
}

// Preamble, epilogue and delimiters: "--" begins a delimiter, the rest is nobody's part.
std::string Anonymiser::between_parts(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto line = text.find('\n', at);
    const auto end = line == std::string_view::npos ? text.size() : line + 1;
    const auto whole = text.substr(at, end - at);
    out += whole.starts_with("--") ? boundary_words(whole, redactor_) : redactor_.words(whole);
    at = end;
  }
  return out;
}

std::string Anonymiser::leaf(std::string_view media_type, std::string_view octets, unsigned depth) {
  // Text of two octets a letter is not read word by word.
  const bool is_plain = octets.find('\0') == std::string_view::npos;
  const bool is_fields =
      has_prefix(media_type, "message/feedback-report") || has_prefix(media_type, "message/delivery-status");
  if (is_fields && is_plain) return feedback(octets);
  const bool is_message = has_prefix(media_type, "message/") || has_prefix(media_type, "text/rfc822");
  if (is_message)
    if (auto cleaned = mail(octets, depth + 1)) return *cleaned;
  const bool is_text = is_plain && (has_prefix(media_type, "text/plain") || media_type.empty());
  if (is_text && ingest::feedback_type(octets) != ingest::Feedback::none) return feedback(octets);
  if (is_text && ingest::feedback_in_text(octets) != ingest::Feedback::none) return prose(octets);
  if (auto cleaned = anything(octets, depth + 1)) return *cleaned;
  ++counts_.replaced;
  return replacement(octets);
}

model::Result<std::string> Anonymiser::part_body(std::string_view header, std::string_view body, unsigned depth) {
  const auto fields = ingest::part_fields(header);
  const std::string type = ingest::leading_token(fields.content_type);
  const std::string encoding = ingest::leading_token(fields.transfer_encoding);
  if (encoding == "base64") {
    return to_base64_lines(leaf(type, ingest::decoded<ingest::Base64Decoder>(body), depth), line_end_of(body)) +
           std::string(blank_end(body));
  }
  if (encoding == "quoted-printable")
    return to_quoted_printable(leaf(type, ingest::decoded<ingest::QuotedPrintableDecoder>(body), depth));
  return leaf(type, body, depth);
}

model::Result<std::string> Anonymiser::mail(std::string_view octets, unsigned depth) {
  const auto bytes = ingest::Bytes::from_string(std::string(octets));
  const auto parts = ingest::split_mail(bytes, limits_);
  if (parts.error) return model::failure(*parts.error);
  if (depth > limits_.nesting)
    return model::failure("nesting-too-deep", "mails in mails beyond the limit", "take the innermost out");
  std::string out = mail_header(octets.substr(0, parts.header.end));
  std::size_t done = parts.header.end;
  for (const auto& part : parts.parts) {
    // Of a mail without parts, header and part header are the same octets.
    if (part.header.begin >= done) {
      out += between_parts(octets.substr(done, part.header.begin - done));
      out += mail_header(part.header.of(octets));
      done = part.header.end;
    }
    if (part.body.begin < done) continue;
    out += octets.substr(done, part.body.begin - done);  // the empty line
    TRY(const auto body, part_body(part.header.of(octets), part.body.of(octets), depth));
    out += body;
    done = part.body.end;
  }
  return out + between_parts(octets.substr(done));
}

// Members end where the next "From " line begins after an empty line; the lines themselves keep domain and date.
model::Result<std::string> Anonymiser::mbox(std::string_view octets, unsigned depth) {
  std::string out;
  while (!octets.empty()) {
    const auto line = std::min(octets.find('\n'), octets.size() - 1) + 1;
    out += from_line(octets.substr(0, line), redactor_);
    octets.remove_prefix(line);
    const auto end = member_end(octets);
    TRY(const auto cleaned, mail(octets.substr(0, end), depth + 1));
    out += cleaned;
    octets.remove_prefix(end);
  }
  return out;
}

}  // namespace ruaudit::jobs
