// Which part of a mail is the report, which the sample, and what is no failure report at all.
#include <catch2/catch.hpp>

#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;
using model::FailureContainer;
using model::FailureDialect;
using model::FailureKind;
using model::SampleExtent;
using parser::FailureMail;
using parser::parse_failure_report;

namespace {

FailureMail with_parts(std::vector<parser::FailurePart> parts, std::string media_type = "multipart/mixed") {
  return {usual_header(), std::move(media_type), {}, std::move(parts), {}};
}

void set_header(FailureMail& mail, const std::string& name, const std::string& value) {
  mail.header.push_back({name, value});
}

}  // namespace

// RFC 5965 section 2
TEST_CASE("the report is found whatever its part is called") {
  struct Case {
    std::string what;
    FailureMail mail;
    FailureContainer container;
    std::vector<std::string> defects;
  };
  const auto message = part("message/rfc822", usual_sample);
  const Case cases[] = {
      {"as the RFC says", arf(), FailureContainer::multipart_report, {}},
      {"multipart/mixed",
       with_parts({part("message/feedback-report", usual_fields, "base64"), message}),
       FailureContainer::repacked,
       {"failure-report-repacked"}},
      {"octet-stream",
       with_parts({part("application/octet-stream", usual_fields), message}),
       FailureContainer::sniffed,
       {"failure-report-mislabelled"}},
      {"text/plain",
       with_parts({part("text/plain", usual_fields), message}, "multipart/report"),
       FailureContainer::sniffed,
       {"failure-report-mislabelled"}},
      {"behind sentences",
       with_parts({part("text/plain", "A report follows.\r\n\r\n" + usual_fields), message}),
       FailureContainer::sniffed,
       {"failure-report-mislabelled"}},
      {"no type",
       with_parts({part("", usual_fields + "\r\n" + usual_sample)}, ""),
       FailureContainer::sniffed,
       {"failure-report-mislabelled", "failure-sample-inline"}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    const auto report = parse_failure_report(one.mail);
    CHECK(report.kind == FailureKind::auth_failure);
    CHECK(report.container == one.container);
    CHECK(codes(report.defects) == one.defects);
    CHECK(report.sample.octets == usual_sample);
    CHECK(report.claims.source_ip == *model::IpAddress::parse("198.51.100.66"));
  }
}

TEST_CASE("a bare report has no reporter, and may carry its sample behind its fields") {
  FailureMail bare;
  bare.parts = {part("", usual_fields + "\r\n" + usual_sample)};
  const auto report = parse_failure_report(bare);
  CHECK(report.container == FailureContainer::bare);
  CHECK(report.reporter == model::FailureReporter{});
  CHECK(report.sample.octets == usual_sample);
  CHECK(report.sample.extent == SampleExtent::full);
}

TEST_CASE("what follows the fields is a sample only when it looks like one") {
  for (const std::string rest : {"Note: sent by a machine.\r\n", "-- \r\nlist footer\r\n", ""}) {
    CAPTURE(rest);
    FailureMail bare;
    bare.parts = {part("", usual_fields + "\r\n" + rest)};
    const auto report = parse_failure_report(bare);
    CHECK(report.sample == model::FailureSample{});
    CHECK(has(report.defects, "failure-no-sample"));
  }
}

TEST_CASE("fields beyond the limit are no sample") {
  parser::FailureLimits limits;
  limits.fields = 3;
  FailureMail bare;
  bare.parts = {part("", "Feedback-Type: auth-failure\r\nVersion: 1\r\nUser-Agent: x\r\nFrom: a\r\nTo: b\r\n")};
  CHECK(parse_failure_report(bare, limits).sample == model::FailureSample{});
  bare.parts[0].octets += "\r\n" + usual_sample;
  CHECK(parse_failure_report(bare, limits).sample.octets == usual_sample);
}

TEST_CASE("the sample is the part that says so, else the one that looks like mail") {
  struct Case {
    std::string what;
    std::vector<parser::FailurePart> parts;
    std::vector<std::string> defects;
  };
  const auto fields = part("message/feedback-report", usual_fields);
  const Case cases[] = {
      {"before the report", {part("message/rfc822", usual_sample), fields}, {}},
      {"international", {fields, part("message/global", usual_sample)}, {}},
      {"headers beside the message",
       {fields, part("text/rfc822-headers", "From: x"), part("message/rfc822", usual_sample)},
       {}},
      {"octet-stream", {fields, part("application/octet-stream", usual_sample)}, {"failure-sample-mislabelled"}},
      {"text",
       {part("text/plain", "See below.\r\n"), fields, part("text/plain", usual_sample)},
       {"failure-sample-mislabelled"}},
      {"two messages",
       {fields, part("message/rfc822", usual_sample), part("message/rfc822", "From: b@example.com\r\n")},
       {"failure-more-samples"}},
      {"headers of two messages",
       {fields, part("text/rfc822-headers", usual_sample), part("text/rfc822-headers", "From: b@example.com\r\n")},
       {"failure-more-samples", "failure-sample-has-body"}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    const auto report = parse_failure_report(with_parts(one.parts, "multipart/report"));
    CHECK(report.sample.octets == usual_sample);
    CHECK(codes(report.defects) == one.defects);
  }
}

TEST_CASE("the extent of a sample is what is there, not what its type says") {
  struct Case {
    std::string type, octets;
    SampleExtent extent;
    std::vector<std::string> defects;
  };
  const std::string header = "From: a@example.com\r\nTo: b@example.net\r\n";
  // SHA-256 of the empty body: simple, and relaxed with folds.
  const std::string empty = "DKIM-Signature: v=1; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=QQ==\r\n" + header;
  const std::string folded =
      "dkim-signature: v=1; bh=47DEQpj8HBSa+/TImW+\r\n\t5JCeuQeRkm5NMpJWZG3hSuFU=;b=\r\n" + header;
  const std::string limited = "DKIM-Signature: v=1; l=0; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\r\n" + header;
  const std::string other = "DKIM-Signature: v=1; bh=QQ==\r\n";
  const Case cases[] = {
      {"message/rfc822", empty + "\r\n", SampleExtent::full, {}},
      {"message/rfc822", folded, SampleExtent::full, {}},
      {"message/rfc822", other + empty + "\r\n", SampleExtent::headers, {"failure-sample-no-body"}},
      {"message/rfc822", limited + "\r\n", SampleExtent::headers, {"failure-sample-no-body"}},
      {"text/rfc822-headers", empty + "\r\n", SampleExtent::headers, {}},
      {"message/rfc822", header + "\r\nHello\r\n", SampleExtent::full, {}},
      {"message/rfc822", header + "\r\n", SampleExtent::headers, {"failure-sample-no-body"}},
      {"message/rfc822", header, SampleExtent::headers, {"failure-sample-no-body"}},
      {"text/rfc822-headers", header, SampleExtent::headers, {}},
      {"text/rfc822-headers", header + "\r\n\r\n", SampleExtent::headers, {}},
      {"text/rfc822-headers", header + "\r\nHello\r\n", SampleExtent::full, {"failure-sample-has-body"}},
      {"message/rfc822", "", SampleExtent::none, {"failure-sample-empty"}},
      {"text/rfc822-headers", " \r\n", SampleExtent::none, {"failure-sample-empty"}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.type, one.octets);
    const auto report = parse_failure_report(
        with_parts({part("message/feedback-report", usual_fields), part(one.type, one.octets)}, "multipart/report"));
    CHECK(report.sample.extent == one.extent);
    CHECK(report.sample.octets == one.octets);
    CHECK(codes(report.defects) == one.defects);
  }
}

TEST_CASE("a report with nothing attached says so") {
  const auto report =
      parse_failure_report(with_parts({part("message/feedback-report", usual_fields)}, "multipart/report"));
  CHECK(report.kind == FailureKind::auth_failure);
  CHECK(report.sample == model::FailureSample{});
  CHECK(codes(report.defects) == std::vector<std::string>{"failure-no-sample"});
}

TEST_CASE("a second feedback report in a mail is not lost without a word") {
  auto mail = arf();
  mail.parts.push_back(part("message/feedback-report", "Feedback-Type: auth-failure\r\nSource-IP: 192.0.2.77\r\n"));
  const auto report = parse_failure_report(mail);
  CHECK(report.claims.source_ip == *model::IpAddress::parse("198.51.100.66"));
  REQUIRE(codes(report.defects) == std::vector<std::string>{"failure-feedback-repeated"});
  CHECK(report.defects[0].detail.find("192.0.2.77") != std::string::npos);
}

TEST_CASE("the producer is told by what it alone writes") {
  struct Case {
    std::string what, agent, from, delivery;
    FailureDialect dialect;
  };
  const Case cases[] = {
      {"any", "Some/1", "a@receiver.example", "delivered", FailureDialect::standard},
      {"opendmarc", "OpenDMARC-Filter/1.4.2", "a@receiver.example", "delivered", FailureDialect::opendmarc},
      {"netease", "NtesDmarcReporter/1.0", "abuse@163.com", "delivered", FailureDialect::netease},
      {"linkedin", "Lua/1.0", "dmarc-noreply@linkedin.com", "delivered", FailureDialect::linkedin},
      {"no linkedin", "Lua/1.0", "a@notlinkedin.com", "delivered", FailureDialect::standard},
      {"symantec", "Lua/1.0", "a@receiver.example", "smg-policy-action", FailureDialect::symantec},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    auto mail = arf("Feedback-Type: auth-failure\r\nUser-Agent: " + one.agent + "\r\nDelivery-Result: " + one.delivery +
                    "\r\n");
    mail.header[0].value = one.from;
    CHECK(parse_failure_report(mail).dialect == one.dialect);
  }
}

TEST_CASE("a bounce is a bounce, whatever it quotes") {
  const std::string status =
      "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@example.net\r\nStatus: 5.1.1\r\n";
  const std::string prose =
      "A message claiming to be from you has failed the published DMARC policy.\r\n\r\nSender IP Address: "
      "192.0.2.1\r\n";
  std::vector<FailureMail> mails = {
      with_parts({part("text/plain", "Undeliverable."), part("message/delivery-status", status),
                  part("message/rfc822", usual_sample)},
                 "multipart/report"),
      with_parts({part("text/plain", prose), part("message/delivery-status", status)}, "multipart/report"),
      with_parts({part("text/plain", prose), part("application/octet-stream", status)}),
      with_parts({part("text/plain", prose + usual_fields)}, "text/plain"),
      with_parts({part("text/plain", "A report.\r\n\r\n" + usual_fields)}, "multipart/report"),
      with_parts({part("text/plain", "Hi. This is the qmail-send program at mx.example.\r\n\r\n" + prose)}),
  };
  set_header(mails[3], "X-Failed-Recipients", "a@example.net");
  mails[4].report_type = "delivery-status";
  for (std::size_t i = 0; i < mails.size(); ++i) {
    CAPTURE(i);
    const auto report = parse_failure_report(mails[i]);
    CHECK(report.kind == FailureKind::bounce);
    CHECK(report.claims.source_ip == std::nullopt);
    CHECK(report.sample.octets.empty());
    CHECK(missing(report).empty());
  }
  const auto fields = parse_failure_report(mails[0]).claims.other_fields;
  REQUIRE(fields.size() == 3);
  CHECK(fields[2] == model::NamedValue{"Status", "5.1.1"});
}

TEST_CASE("an automatic answer is one, but a report that a machine submits is not") {
  const std::string prose = "> A message claiming to be from you has failed the published DMARC policy.\r\n";
  auto answer = with_parts({part("text/plain", "I am away.\r\n" + prose)}, "text/plain");
  set_header(answer, "Auto-Submitted", "auto-replied");
  CHECK(parse_failure_report(answer).kind == FailureKind::auth_failure);  // so does Exim submit its reports
  auto by_reference = answer;
  set_header(by_reference, "In-Reply-To", "<1@example.com>");
  CHECK(parse_failure_report(by_reference).kind == FailureKind::auto_reply);
  auto by_subject = answer;
  by_subject.header[2].value = "Automatic reply: DMARC report";
  CHECK(parse_failure_report(by_subject).kind == FailureKind::auto_reply);
  by_subject.header[2].value = "Abwesenheitsnotiz: DMARC report";
  CHECK(parse_failure_report(by_subject).kind == FailureKind::auto_reply);
  by_subject.header[2].value = "Automatische Antwort: DMARC report";
  CHECK(parse_failure_report(by_subject).kind == FailureKind::auto_reply);
  // A gateway that reports in answer to the mail itself: nothing stands in front of its sentence.
  auto gateway = by_reference;
  gateway.parts[0].octets = "\r\n" + prose.substr(2) + "\r\n  Sender IP Address: 192.0.2.1\r\n";
  CHECK(parse_failure_report(gateway).kind == FailureKind::auth_failure);
  gateway.parts[0].octets = "I am away.\r\n\r\n" + prose.substr(2);
  CHECK(parse_failure_report(gateway).kind == FailureKind::auto_reply);
  gateway.parts[0].octets = usual_fields;
  CHECK(parse_failure_report(gateway).kind == FailureKind::auth_failure);
  gateway.parts[0].octets = "I am away.\r\n\r\n" + usual_fields;
  CHECK(parse_failure_report(gateway).kind == FailureKind::auto_reply);
  gateway.parts[0].octets = "I am away.\r\n";
  CHECK(parse_failure_report(gateway).kind == FailureKind::auto_reply);
  auto report = arf();
  set_header(report, "Auto-Submitted", "auto-replied");
  set_header(report, "In-Reply-To", "<1@example.com>");
  CHECK(parse_failure_report(report).kind == FailureKind::auth_failure);
}

TEST_CASE("what taking the mail apart has shown stays with the report") {
  auto mail = arf();
  mail.defects = {{"mime-unclosed", "multipart", 0, 0}};
  CHECK(codes(parse_failure_report(mail).defects) == std::vector<std::string>{"mime-unclosed"});
}

TEST_CASE("a mail without parts is no report") {
  CHECK(parse_failure_report(FailureMail{}).kind == FailureKind::unknown);
  CHECK(parse_failure_report(with_parts({})).kind == FailureKind::unknown);
}
