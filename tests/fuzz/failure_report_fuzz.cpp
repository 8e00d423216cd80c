// Any octets as a failure report, from the carrying mail to the value. Checked besides the sanitizers: every text of
// the value is clean UTF-8, numbers are in their range, defects within their limit, what is no authentication failure
// claims nothing, and the repaired copy of a sample is what the verifiers need.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "jobs/ingest/failure_mail.hpp"
#include "model/failure_sample.hpp"
#include "model/first_field.hpp"
#include "parser/text_decoder.hpp"

using namespace ruaudit;

namespace {

void require(bool condition, const char* rule) {
  if (condition) return;
  std::fprintf(stderr, "broken rule: %s\n", rule);
  std::abort();
}

void require_text(std::string_view text) {
  while (!text.empty()) {
    const auto size = parser::utf8_length(text);
    require(size > 0, "a text is UTF-8");
    require(static_cast<unsigned char>(text[0]) >= ' ' || text[0] == '\t', "a text has no control characters");
    text.remove_prefix(size);
  }
}

void require_texts(const model::FailureReport& report) {
  const auto& claims = report.claims;
  for (const auto* text :
       {&claims.version, &claims.user_agent, &claims.identity_alignment, &claims.dkim_domain, &claims.dkim_identity,
        &claims.dkim_selector, &claims.original_envelope_id, &claims.original_mail_from, &claims.raw_arrival_date,
        &claims.raw_source_ip, &claims.reporting_mta})
    require_text(text->value_or(""));
  for (const auto* list :
       {&claims.authentication_results, &claims.original_rcpt_to, &claims.reported_domains, &claims.reported_uris})
    for (const auto& text : *list) require_text(text);
  for (const auto& field : claims.other_fields) {
    require_text(field.name);
    require_text(field.value);
  }
  for (const auto& record : claims.spf_dns) require_text(record.raw + record.type + record.domain + record.content);
  for (const auto& claim : claims.auth_failures) require_text(claim.raw);
  for (const auto& one : report.redactions) require_text(one.where + one.evidence);
  for (const auto& defect : report.defects) {
    require_text(defect.code + defect.detail);
    require(!defect.code.empty() && defect.detail.size() <= 500, "a defect has a code and a short detail");
  }
  require_text(claims.feedback_type + claims.raw_delivery_result);
  require_text(report.reporter.from + report.reporter.address + report.reporter.domain + report.reporter.subject);
  require_text(report.sample.media_type + report.sample.transfer_encoding);
}

void require_sample(const model::FailureReport& report) {
  const auto repaired = model::repaired_sample(report);
  for (auto at = repaired.octets.find('\n'); at != std::string::npos; at = repaired.octets.find('\n', at + 1))
    require(at > 0 && repaired.octets[at - 1] == '\r', "every line of a repaired sample ends in CRLF");
  require(repaired.octets.size() <= 2 * report.sample.octets.size(), "a repaired sample is at most twice as long");
  require(model::normalised_sample_header(report.sample).find("\r\n\r\n") == std::string::npos,
          "a header has no empty line");
  // The repaired copy drops what stands in front of the first field; the identity keeps it.
  auto sample = report.sample;
  sample.octets.erase(0, model::octets_before_first_field(sample.octets));
  require(repaired.octets.starts_with(model::normalised_sample_header(sample)),
          "the header is that of the repaired sample");
}

#ifdef RUAUDIT_PLANTED_BUG
// Reached only by quoted sentences that name no address.
void planted_bug(const model::FailureReport& report) {
  static const char table[4] = {0, 1, 2, 3};
  for (const auto& defect : report.defects)
    if (defect.code == "failure-prose-quoted" && !report.claims.source_ip)
      std::fprintf(stderr, "%d", table[report.claims.incidents.value_or(1) + 4]);
}
#endif

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string octets(reinterpret_cast<const char*>(data), size);
  parser::FailureLimits limits;
  limits.fields = 40;  // small, so that small inputs reach them
  limits.field_bytes = 300;
  limits.defects = 20;
  const auto report = jobs::read_failure_report(ingest::Bytes::from_string(std::move(octets)), {}, limits);
  const auto incidents = report.claims.incidents.value_or(1);
  require(incidents >= 1 && incidents <= model::max_incidents, "incidents are counted");
  require(report.defects.size() <= limits.defects + 1, "defects keep their limit");
  require((report.sample.extent == model::SampleExtent::none) ==
              (report.sample.octets.find_first_not_of("\r\n \t") == std::string::npos),
          "a sample without octets is none");
  const bool is_none = report.kind == model::FailureKind::bounce || report.kind == model::FailureKind::auto_reply;
  require(!is_none || (!report.claims.source_ip && report.sample.octets.empty()), "what is no report claims nothing");
  require_texts(report);
  require_sample(report);
  require(!model::identity_text(report).empty(), "every report has an identity");
#ifdef RUAUDIT_PLANTED_BUG
  planted_bug(report);
#endif
  return 0;
}
