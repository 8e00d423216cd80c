// Made-up failure reports with planted words, and their way into a database.
#pragma once
#include <string>

#include "model/failure_report.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/reader.hpp"
#include "store/failure/result_writer.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {

// What people would not want to be found: each word stands in the places that its kind of word has in real reports.
struct Plant {
  std::string local = "plantedlocal";
  std::string name = "Plantedname";
  std::string subject = "plantedsubject";
  std::string body = "plantedbody";
};

inline std::string sample_of(const Plant& plant, unsigned seed, const std::string& line_end = "\r\n") {
  std::string text = "Received: from sender.example (sender.example [192.0.2." + std::to_string(seed % 250) +
                     "]) by mx.receiver.example with ESMTP id a" + std::to_string(seed) + " for <" + plant.local +
                     "@example.net>; Thu, 01 Jan 2026 09:00:00 +0000\n"
                     "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; i=" +
                     plant.local + "@example.com;\n\th=From:Subject; bh=abc=; b=def=; z=Subject:" + plant.subject +
                     "\nFrom: \"" + plant.name + "\" <" + plant.local + "@example.com>\nTo: " + plant.local +
                     "@example.net\nSubject: " + plant.subject + "\nX-Note: " + plant.subject +
                     "\nDate: Thu, 01 Jan 2026 08:59:00 +0000\nMessage-ID: <" + plant.local + "." +
                     std::to_string(seed) + "@example.com>\n\n";
  for (unsigned n = 0; n <= seed * 7 % 200; ++n) text += plant.body + " line " + std::to_string(seed + n) + "\n";
  std::string out;
  for (const char c : text) out += c == '\n' ? line_end : std::string(1, c);
  return out;
}

inline model::FailureReport make_failure(unsigned seed, const Plant& plant = {}) {
  model::FailureReport report;
  report.kind = model::FailureKind::auth_failure;
  report.container = model::FailureContainer::multipart_report;
  report.dialect = model::FailureDialect::standard;
  auto& claims = report.claims;
  claims.feedback_type = "auth-failure";
  claims.auth_failures = {{model::AuthFailure::dmarc, "dmarc"}};
  claims.identity_alignment = "none";
  claims.delivery_result = model::DeliveryResult::reject;
  claims.raw_delivery_result = "reject";
  claims.authentication_results = {"mx.receiver.example; spf=fail smtp.mailfrom=" + plant.local + "@example.com"};
  claims.dkim_identity = plant.local + "@example.com";
  claims.dkim_canonicalized_header = "subject:" + plant.subject + "\r\n";
  claims.dkim_canonicalized_body = plant.body + "\r\n";
  claims.original_envelope_id = plant.local;
  claims.original_mail_from = plant.local + "@example.com";
  claims.original_rcpt_to = {plant.local + "@example.net"};
  claims.arrival_date = 1'767'258'000 + seed;  // 2026-01-01 09:00
  claims.source_ip = model::IpAddress::v4(0xC0000200U + seed % 23);
  claims.reported_domains = {"example.com"};
  claims.reported_uris = {"https://example.com/" + plant.subject + "?" + plant.local};
  claims.incidents = 1 + seed % 3;
  claims.other_fields = {{"X-Copied-Subject", plant.subject}, {"SPF Alignment", "no"}};
  report.reporter.domain = "receiver.example";
  report.reporter.address = "dmarc@receiver.example";
  report.reporter.from = "Reports <dmarc@receiver.example>";
  report.reporter.subject = "FW: " + plant.subject;
  report.reporter.message_id = "<r" + std::to_string(seed) + "@receiver.example>";
  report.reporter.date_epoch = 1'767'260'000;
  report.sample.octets = sample_of(plant, seed);
  report.sample.extent = model::SampleExtent::full;
  report.sample.media_type = "message/rfc822";
  report.redactions = {{"To", plant.local}};
  report.defects = {{"failure-field-odd", plant.subject, 0, 7}};
  return report;
}

// The mail that would carry it, twice: as it is and in base64.
std::string base64(const std::string& octets);
inline std::string carrier_of(const model::FailureReport& report) {
  return "From: dmarc@receiver.example\r\nSubject: " + report.reporter.subject +
         "\r\nMessage-ID: " + report.reporter.message_id + "\r\n\r\n" + report.sample.octets + "\r\n" +
         base64(report.sample.octets);
}

inline EncodedFailure encoded(const model::FailureReport& report) {
  auto hasher = Hasher::create();
  return encode_failure(report, {report.claims.arrival_date.value_or(1'767'260'000), "example.com"}, *hasher);
}

// One item with the report; its name is its content.
inline model::Result<PartResult> ingest_failure(Writer& writer, const std::string& content,
                                                const model::FailureReport& report,
                                                SamplePolicy policy = SamplePolicy::headers) {
  auto item = make_item(content);
  item.locator = "mail " + std::to_string(content.size());
  TRY_VOID(writer.begin_item(item));
  TRY(const auto result, writer.add_failure({PartKind::failure, "1"}, encoded(report), policy));
  OriginalChunker chunker(content);
  while (auto chunk = chunker.next()) TRY_VOID(writer.add_chunk(Extent::full, *chunk));
  TRY_VOID(writer.end_item());
  return result;
}

inline FailureResult make_result(std::int64_t failure_key, const Plant& plant = {}) {
  FailureResult result;
  result.failure_key = failure_key;
  result.verified_at = result.judged_at = result.dns_time = 1'767'300'000;
  result.tool_version = "test";
  result.dmarc = "fail";
  result.conclusion = "own_sender_broken";
  result.mechanism = "dkim";
  result.confidence = "high";
  result.reason = "body-changed";
  result.summary = "the body changed after " + plant.local + "@example.com signed it";
  result.details = R"({"mail_from":")" + plant.local + R"(@example.com"})";
  result.evidence = {{"fact", "the key of s1._domainkey.example.com verifies the header"},
                     {"header-change", "Subject: " + plant.subject},
                     {"body-change", "line 3: " + plant.body}};
  KeptSignature signature;
  signature.field = "dkim-signature";
  signature.domain = "example.com";
  signature.selector = "s1";
  signature.algorithm = "rsa-sha256";
  signature.value = "v=1; d=example.com; i=" + plant.local + "@example.com";
  signature.header_input = "subject:" + plant.subject + "\r\n";
  result.signatures = {signature};
  result.answers = {{"s1._domainkey.example.com", "TXT", "k" + std::to_string(failure_key), "{}"}};
  return result;
}

}  // namespace ruaudit::store::test
