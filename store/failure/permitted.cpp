#include "store/failure/permitted.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "model/first_field.hpp"

namespace ruaudit::store {
namespace {

// Fields of the text dialects that hold no words of the sample.
constexpr std::array<std::string_view, 8> plain_fields = {
    "spf alignment", "dkim alignment", "dmarc results", "dmarc result", "spf", "dkim", "dmarc", "sender domain"};

bool is_plain_field(std::string_view name) {
  std::string folded(name);
  ascii::lower_in_place(folded);
  return std::find(plain_fields.begin(), plain_fields.end(), folded) != plain_fields.end();
}

void cut_to_headers(model::FailureReport& report) {
  report.claims.dkim_canonicalized_body.reset();
  auto& sample = report.sample;
  if (sample.extent == model::SampleExtent::none) return;
  sample.octets = header_fields(sample.octets);
  sample.extent = model::SampleExtent::headers;
}

void redact(std::optional<std::string>& text, const Redactor& redactor) {
  if (text) text = redactor.known_words(*text);
}

// "https://host" of "https://host/path?for=somebody".
std::string without_path(std::string_view uri, const Redactor& redactor) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) return redactor.addresses(uri);
  const auto path = uri.find_first_of("/?#", scheme + 3);
  return redactor.addresses(uri.substr(0, path));
}

// A record of DNS is public; anything else in its place is not known to be.
void redact_record(model::ClaimedRecord& claim, const Redactor& redactor) {
  for (const std::string_view sign : {"v=spf1", "v=DKIM1", "p=", "dkim="})
    if (claim.content.starts_with(sign)) return;
  for (auto* text : {&claim.raw, &claim.type, &claim.domain, &claim.content}) *text = redactor.known_words(*text);
}

void redact_claims(model::FailureClaims& claims, const Redactor& redactor) {
  claims.feedback_type = redactor.known_words(claims.feedback_type);
  for (auto& claim : claims.auth_failures) claim.raw = redactor.known_words(claim.raw);
  claims.raw_delivery_result = redactor.known_words(claims.raw_delivery_result);
  for (auto* text : {&claims.version, &claims.identity_alignment, &claims.raw_source_ip, &claims.raw_arrival_date,
                     &claims.reporting_mta})
    redact(*text, redactor);
  for (auto& value : claims.authentication_results) value = redactor.known_words(value);
  redact(claims.dkim_domain, redactor);
  for (auto& record : claims.spf_dns) redact_record(record, redactor);
  for (auto* record : {&claims.dkim_selector_dns, &claims.dkim_adsp_dns})
    if (*record) redact_record(**record, redactor);
  if (claims.user_agent) claims.user_agent = redactor.addresses(*claims.user_agent);
  if (claims.dkim_identity) claims.dkim_identity = redactor.address(*claims.dkim_identity);
  claims.dkim_canonicalized_header.reset();
  if (claims.original_envelope_id) claims.original_envelope_id = redactor.token(*claims.original_envelope_id);
  if (claims.original_mail_from) claims.original_mail_from = redactor.address(*claims.original_mail_from);
  for (auto& value : claims.original_rcpt_to) value = redactor.address(value);
  for (auto& value : claims.reported_domains) value = redactor.known_words(value);
  for (auto& value : claims.reported_uris) value = without_path(value, redactor);
  for (auto& field : claims.other_fields)
    field.value = is_plain_field(field.name) ? redactor.known_words(field.value) : redactor.token(field.value);
}

void redact_reporter(model::FailureReporter& reporter, const Redactor& redactor) {
  reporter.address = redactor.address(reporter.address);
  reporter.from = reporter.address;
  reporter.subject = redactor.token(reporter.subject);
  reporter.message_id = redactor.addresses(reporter.message_id);
}

// After the empty line that ends the header block.
std::string_view body_of(std::string_view octets) {
  const auto first = octets.find_first_not_of("\r\n");
  if (first == std::string_view::npos) return {};
  for (auto at = octets.find('\n', first); at != std::string_view::npos; at = octets.find('\n', at + 1)) {
    const auto rest = octets.substr(at + 1);
    if (rest.starts_with("\r\n")) return rest.substr(2);
    if (rest.starts_with("\n")) return rest.substr(1);
  }
  return {};
}

// The header block redacted, and one line in the place of a body: equal bodies stay equal.
void redact_sample(model::FailureSample& sample, const Redactor& redactor) {
  if (sample.extent == model::SampleExtent::none) return;
  const std::string_view octets = sample.octets;
  const auto body = body_of(octets);
  std::string out = redactor.header(header_fields(octets));
  if (!body.empty()) out += redactor.token(body) + "\r\n";
  sample.octets = std::move(out);
}

}  // namespace

std::string header_fields(std::string_view octets) {
  std::string out;
  bool is_field = false, is_broken = false;
  for (std::size_t at = model::octets_before_first_field(octets); at < octets.size();) {
    const auto end = std::min(octets.find('\n', at), octets.size() - 1) + 1;
    const auto line = octets.substr(at, end - at);
    at = end;
    if (line == "\n" || line == "\r\n") {
      if (out.empty()) continue;
      return out.append(line);
    }
    if (line.front() != ' ' && line.front() != '\t') {
      const bool is_named = model::starts_with_field(line);
      is_broken = is_broken || (!is_named && !out.empty());
      is_field = is_named && (!is_broken || is_common_field(line.substr(0, line.find(':'))));
    }
    if (is_field) out += line;
  }
  return out;
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
