#include "store/failure/permitted.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::store {
namespace {

// Fields of the text dialects that hold no words of the sample.
constexpr std::array<std::string_view, 8> plain_fields = {
    "spf alignment", "dkim alignment", "dmarc results", "dmarc result", "spf", "dkim", "dmarc", "sender domain"};

bool is_plain_field(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(plain_fields.begin(), plain_fields.end(), folded) != plain_fields.end();
}

void cut_to_headers(model::FailureReport& report) {
  report.claims.dkim_canonicalized_body.reset();
  auto& sample = report.sample;
  if (sample.extent == model::SampleExtent::none) return;
  sample.octets.resize(header_size(sample.octets));
  sample.octets.shrink_to_fit();
  sample.extent = model::SampleExtent::headers;
}

void redact(std::optional<std::string>& text, const Redactor& redactor) {
  if (text) text = redactor.addresses(*text);
}

// "https://host" of "https://host/path?for=somebody".
std::string without_path(std::string_view uri, const Redactor& redactor) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) return redactor.addresses(uri);
  const auto path = uri.find_first_of("/?#", scheme + 3);
  return redactor.addresses(uri.substr(0, path));
}

void redact_claims(model::FailureClaims& claims, const Redactor& redactor) {
  for (auto& claim : claims.auth_failures) claim.raw = redactor.addresses(claim.raw);
  redact(claims.identity_alignment, redactor);
  claims.raw_delivery_result = redactor.addresses(claims.raw_delivery_result);
  for (auto& value : claims.authentication_results) value = redactor.addresses(value);
  if (claims.dkim_identity) claims.dkim_identity = redactor.address(*claims.dkim_identity);
  claims.dkim_canonicalized_header.reset();
  if (claims.original_envelope_id) claims.original_envelope_id = redactor.token(*claims.original_envelope_id);
  if (claims.original_mail_from) claims.original_mail_from = redactor.address(*claims.original_mail_from);
  for (auto& value : claims.original_rcpt_to) value = redactor.address(value);
  redact(claims.raw_source_ip, redactor);
  for (auto& value : claims.reported_domains) value = redactor.addresses(value);
  for (auto& value : claims.reported_uris) value = without_path(value, redactor);
  redact(claims.reporting_mta, redactor);
  for (auto& field : claims.other_fields)
    field.value = is_plain_field(field.name) ? redactor.addresses(field.value) : redactor.token(field.value);
}

void redact_reporter(model::FailureReporter& reporter, const Redactor& redactor) {
  reporter.address = redactor.address(reporter.address);
  reporter.from = reporter.address;
  reporter.subject = redactor.token(reporter.subject);
  reporter.message_id = redactor.addresses(reporter.message_id);
}

// The header block redacted, and one line in the place of a body: equal bodies stay equal.
void redact_sample(model::FailureSample& sample, const Redactor& redactor) {
  if (sample.extent == model::SampleExtent::none) return;
  const std::string_view octets = sample.octets;
  const auto size = header_size(octets);
  const auto body = octets.substr(size);
  std::string out = redactor.header(octets.substr(0, size));
  if (!body.empty()) out += redactor.token(body) + "\r\n";
  sample.octets = std::move(out);
}

}  // namespace

std::size_t header_size(std::string_view octets) {
  std::size_t at = octets.find_first_not_of("\r\n");
  while (at != std::string_view::npos) {
    const auto line = octets.find('\n', at);
    if (line == std::string_view::npos) break;
    at = line + 1;
    const auto rest = octets.substr(at);
    if (rest.starts_with("\r\n")) return at + 2;
    if (rest.starts_with("\n")) return at + 1;
  }
  return octets.size();
}

model::FailureReport permitted(model::FailureReport report, SamplePolicy policy, const Redactor& redactor) {
  if (policy == SamplePolicy::full) return report;
  if (policy == SamplePolicy::headers) {
    cut_to_headers(report);
    return report;
  }
  report.claims.dkim_canonicalized_body.reset();
  redact_claims(report.claims, redactor);
  redact_reporter(report.reporter, redactor);
  redact_sample(report.sample, redactor);
  for (auto& trace : report.redactions) trace.evidence.clear();
  for (auto& defect : report.defects) defect.detail.clear();
  if (report.sample.extent == model::SampleExtent::full) report.sample.extent = model::SampleExtent::headers;
  if (policy == SamplePolicy::none) {
    report.sample.octets = {};
    report.sample.extent = model::SampleExtent::none;
  }
  return report;
}

}  // namespace ruaudit::store
