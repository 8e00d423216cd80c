#include "model/failure_sample.hpp"

#include <algorithm>

#include "model/first_field.hpp"
#include "model/mbox_line.hpp"

namespace ruaudit::model {
namespace {

constexpr auto npos = std::string_view::npos;

std::string_view without_leading_blank_lines(std::string_view text) {
  const auto first = text.find_first_not_of("\r\n");
  return first == npos ? std::string_view() : text.substr(first);
}

// A byte order mark or NUL, too. The identity of a sample keeps to blank lines: it may not change with what is
// repaired.
std::string_view without_leading_octets(std::string_view text) {
  if (const auto octets = octets_before_first_field(text); octets > 0) return text.substr(octets);
  return without_leading_blank_lines(text);
}

// "From someone Tue Apr 30 02:09:16 2019": the delimiter of an mbox file, no header field (RFC 4155). "From :" is the
// field in its obsolete form: RFC 5322 section 4.5.2.
std::string_view without_mbox_line(std::string_view text) {
  if (!starts_with_mbox_line(text)) return text;
  const auto end = text.find('\n');
  return end == npos ? std::string_view() : text.substr(end + 1);
}

struct Lines {
  std::string text;
  std::size_t changed = 0;
};

// A bare CR is no line end and stays.
Lines with_crlf(std::string_view text) {
  Lines out;
  out.text.reserve(text.size() + text.size() / 32);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const bool is_crlf = end != npos && end > 0 && text[end - 1] == '\r';
    out.text += text.substr(0, is_crlf ? end - 1 : end);
    if (end == npos) break;
    if (!is_crlf) ++out.changed;
    out.text += "\r\n";
    text.remove_prefix(end + 1);
  }
  return out;
}

void append_part(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ' ';
  out += std::to_string(value.size());
  out += '\n';
  out += value;
  out += '\n';
}

std::string other_claims(const FailureReport& report) {
  const FailureClaims& claims = report.claims;
  std::string out;
  append_part(out, "message-id", report.reporter.message_id);
  append_part(out, "feedback-type", claims.feedback_type);
  append_part(out, "mail-from", claims.original_mail_from.value_or(""));
  append_part(out, "envelope-id", claims.original_envelope_id.value_or(""));
  for (const auto& address : claims.original_rcpt_to) append_part(out, "rcpt-to", address);
  for (const auto& domain : claims.reported_domains) append_part(out, "domain", domain);
  for (const auto& field : claims.other_fields) append_part(out, field.name, field.value);
  return out;
}

// The point of time where it can be read, so that two ways of writing it are equal.
std::string arrival_text(const FailureClaims& claims) {
  return claims.arrival_date ? std::to_string(*claims.arrival_date) : claims.raw_arrival_date.value_or("");
}

std::string source_text(const FailureClaims& claims) {
  return claims.source_ip ? claims.source_ip->to_string() : claims.raw_source_ip.value_or("");
}

}  // namespace

RepairedSample repaired_sample(const FailureReport& report) {
  RepairedSample out;
  const FailureSample& sample = report.sample;
  std::string_view text = without_leading_octets(sample.octets);
  if (text.size() != sample.octets.size())
    out.repairs.push_back(
        {"sample-leading-blanks", "blank lines, a byte order mark or NUL before the first field were dropped", 0, 0});
  if (const auto rest = without_mbox_line(text); rest.size() != text.size()) {
    out.repairs.push_back({"sample-mbox-line", std::string(text.substr(0, std::min(text.find('\n'), 400UL))), 0, 0});
    text = rest;
  }
  Lines lines = with_crlf(text);
  if (lines.changed > 0)
    out.repairs.push_back({"sample-line-ends", std::to_string(lines.changed) + " line ends became CRLF", 0, 0});
  if (sample.transfer_encoding == "base64" || sample.transfer_encoding == "quoted-printable")
    out.repairs.push_back({"sample-transfer-encoding", sample.transfer_encoding + " was undone", 0, 0});
  out.octets = std::move(lines.text);
  return out;
}

std::string normalised_sample_header(const FailureSample& sample) {
  const auto text = without_mbox_line(without_leading_blank_lines(sample.octets));
  std::size_t end = 0;  // of the last line before the empty one
  while (end < text.size() && !text.substr(end).starts_with('\n') && !text.substr(end).starts_with("\r\n")) {
    const auto line_end = text.find('\n', end);
    end = line_end == npos ? text.size() : line_end + 1;
  }
  return with_crlf(text.substr(0, end)).text;
}

std::string identity_text(const FailureReport& report) {
  std::string out = "failure-report 1\n";
  const std::string header = normalised_sample_header(report.sample);
  append_part(out, "header", header.empty() ? other_claims(report) : header);
  append_part(out, "source", source_text(report.claims));
  append_part(out, "arrival", arrival_text(report.claims));
  append_part(out, "reporter", report.reporter.address);
  return out;
}

}  // namespace ruaudit::model
