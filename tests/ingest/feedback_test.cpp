// Failure reports, TLS reports and bounces are recognised as what they are, also when they were re-encoded.
#include <catch2/catch.hpp>

#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
using Texts = std::vector<std::string>;
const std::string fields =
    "Feedback-Type: auth-failure\r\nUser-Agent: x/1\r\nVersion: 1\r\nAuth-Failure: dmarc\r\n"
    "Arrival-Date: Tue, 3 Jun 2025 10:00:00 +0200\r\nSource-IP: 192.0.2.1\r\n";
const std::string words = part_of("Content-Type: text/plain", "This is a failure report.\r\n");

std::string utf16(const std::string& ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) out += std::string{c, '\0'};
  return out;
}

std::string sample() {  // the failed mail itself carries an aggregate report
  return mail_of({attachment(gzip_of(report))}, "mixed", "sample");
}
}  // namespace

TEST_CASE("a failure report is delivered whole and its sample is not searched for reports") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"as the RFC says", mail_of({words, part_of("Content-Type: message/feedback-report", fields),
                                   part_of("Content-Type: message/rfc822", sample())},
                                  "report; report-type=feedback-report")},
      {"repacked in base64", mail_of({words, attachment(fields, "report", "message/feedback-report"),
                                      attachment(sample(), "m.eml", "message/rfc822")})},
      {"octet-stream", mail_of({words, attachment(fields, "ATT1.dat"), attachment(sample(), "ATT2.dat")})},
      {"octet-stream with a byte order mark",
       mail_of({words, attachment("\xEF\xBB\xBF" + fields, "ATT1.dat"), attachment(sample(), "ATT2.dat")})},
      {"octet-stream in UTF-16",
       mail_of({words, attachment(utf16(fields), "ATT1.dat"), attachment(sample(), "a.dat")})},
      {"quoted-printable text",
       mail_of({part_of("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable",
                        "Feedback-Type:=20auth-failure\r\nVersion: 1\r\n")})},
      {"headers only", mail_of({words, part_of("Content-Type: message/feedback-report", fields),
                                part_of("Content-Type: text/rfc822-headers", "From: a@b.example\r\nSubject: x\r\n")})},
      {"prose", mail_of({part_of("Content-Type: text/plain",
                                 "A message claiming to be from you has failed the published\r\n"
                                 "DMARC policy for your domain.\r\n\r\n  Sender Domain: example.com\r\n")})},
      {"wrapped prose", part_of("From: a@b.example\r\nSubject: r",
                                "> A message claiming to be\r\n> from you has failed the published DMARC\r\n")},
      {"sentences and a sample", mail_of({part_of("Content-Type: text/plain",
                                                  "This is a spf/dkim authentication-failure report for an email\r\n"
                                                  "message received from IP 192.0.2.1 on Fri, 28 Sep 2018.\r\n"),
                                          attachment(sample(), "m.eml", "message/rfc822")})},
      {"fields behind sentences", mail_of({part_of("Content-Type: text/plain", "This is a report.\r\n\r\n" + fields)})},
      {"no Feedback-Type", mail_of({words, part_of("Content-Type: message/feedback-report", "Version: 1\r\n")})},
  };
  for (const auto& [what, octets] : cases) {
    CAPTURE(what);
    const auto unpacked = unpack_text(octets);
    REQUIRE(unpacked.delivered.size() == 1);
    CHECK(unpacked.delivered[0].info.kind == PayloadKind::failure_report);
    CHECK(unpacked.delivered[0].text == octets);
    CHECK(unpacked.errors().empty());
  }
}

TEST_CASE("a forwarded failure report is the inner mail") {
  const auto inner = mail_of({words, part_of("Content-Type: message/feedback-report", fields)}, "report", "inner");
  const auto unpacked = unpack_text(mail_of({part_of("Content-Type: message/rfc822", inner)}));
  CHECK(unpacked.texts(PayloadKind::failure_report) == Texts{inner});
}

TEST_CASE("an aggregate report beside a failure report is still taken") {
  const auto unpacked =
      unpack_text(mail_of({part_of("Content-Type: message/feedback-report", fields), attachment(gzip_of(report)),
                           part_of("Content-Type: message/rfc822", sample())}));
  CHECK(unpacked.kinds() == std::vector{PayloadKind::failure_report, PayloadKind::aggregate_xml});
}

TEST_CASE("other feedback is told apart from failure reports") {
  const auto abuse =
      mail_of({words, part_of("Content-Type: message/feedback-report", "Feedback-Type: abuse\r\nVersion: 1\r\n"),
               part_of("Content-Type: message/rfc822", sample())},
              "report");
  CHECK(unpack_text(abuse).kinds() == std::vector{PayloadKind::other_feedback, PayloadKind::text});
}

TEST_CASE("the fields of a report outweigh the sentence in front of it") {
  const std::pair<std::string, std::string> cases[] = {
      {"This is an email abuse report for an email message received from IP 192.0.2.1.", "auth-failure"},
      {"This is an authentication failure report for an email message received from IP 192.0.2.1.", "abuse"}};
  for (const auto& [sentence, type] : cases) {
    CAPTURE(type);
    const auto report = part_of("Content-Type: message/feedback-report", "Feedback-Type: " + type + "\r\n");
    const auto text = part_of("Content-Type: text/plain", sentence);
    const auto want = type == "abuse" ? PayloadKind::other_feedback : PayloadKind::failure_report;
    CHECK(unpack_text(mail_of({text, report}, "report")).kinds() == std::vector{want});
    CHECK(unpack_text(mail_of({report, text}, "report")).kinds() == std::vector{want});
  }
}

TEST_CASE("sentences about abuse are other feedback") {
  const auto abuse = mail_of({part_of("Content-Type: text/plain",
                                      "This is an email abuse report for an email message received from IP\r\n"
                                      "192.0.2.1 on Fri, 28 Sep 2018 16:48:42 +0800.\r\n")});
  CHECK(unpack_text(abuse).kinds() == std::vector{PayloadKind::other_feedback});
}

TEST_CASE("a failure report that a bounce returns or quotes is part of the bounce") {
  const auto report_mail =
      mail_of({words, part_of("Content-Type: message/feedback-report", fields)}, "report", "inner");
  const auto status = part_of("Content-Type: message/delivery-status",
                              "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b\r\n");
  const auto quoted = part_of("Content-Type: text/plain", "It follows.\r\n\r\n" + fields);
  const auto prose = "A message claiming to be from you has failed the published DMARC policy.\r\n";
  const auto returned = part_of("Content-Type: message/rfc822", report_mail);
  const std::string no_type = "X-Failed-Recipients: a@b.example\r\nFrom: d@b.example\r\nSubject: failed";
  const std::pair<std::string, std::vector<PayloadKind>> cases[] = {
      {mail_of({words, status, returned}, "report"),
       {PayloadKind::text, PayloadKind::delivery_status, PayloadKind::text, PayloadKind::delivery_status}},
      {mail_of({quoted, status}, "report"), {PayloadKind::delivery_status, PayloadKind::delivery_status}},
      {mail_of({words, returned}, "report; report-type=delivery-status"),
       {PayloadKind::text, PayloadKind::text, PayloadKind::delivery_status}},
      {part_of(no_type, prose), {PayloadKind::delivery_status}},
      {part_of(
           "From: MAILER-DAEMON@b.example\r\nSubject: failure notice",
           "Hi. This is the qmail-send program at b.example.\r\n\r\n--- Below this line is a copy.\r\n\r\n" + fields),
       {PayloadKind::delivery_status}},
  };
  for (const auto& [octets, kinds] : cases) {
    CAPTURE(octets);
    CHECK(unpack_text(octets).kinds() == kinds);
  }
}

TEST_CASE("TLS reports are told from other JSON, packed or not") {
  const std::string tls = R"({"organization-name":"x","date-range":{},"policies":[{"policy":{},"summary":{}}]})";
  CHECK(unpack_text(tls).texts(PayloadKind::tls_report) == Texts{tls});
  CHECK(unpack_text(gzip_of(tls)).texts(PayloadKind::tls_report) == Texts{tls});
  CHECK(unpack_text(mail_of({words, attachment(tls, "x.json.gz", "application/tlsrpt+gzip")}, "report"))
            .texts(PayloadKind::tls_report) == Texts{tls});
  CHECK(unpack_text("{\"a\":1}").kinds() == std::vector{PayloadKind::json});
}

TEST_CASE("a bounce has its delivery status named and its returned mail searched") {
  const auto bounce = mail_of({words,
                               part_of("Content-Type: message/delivery-status",
                                       "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b\r\n"),
                               part_of("Content-Type: message/rfc822", sample())},
                              "report");
  CHECK(unpack_text(bounce).kinds() ==
        std::vector{PayloadKind::text, PayloadKind::delivery_status, PayloadKind::aggregate_xml});
}

TEST_CASE("ordinary texts are no reports") {
  const std::vector<std::pair<std::string, PayloadKind>> cases = {
      {"Dear user, please leave your feedback here.\n", PayloadKind::text},
      {"<html><body>Give us <feedbackform></body></html>", PayloadKind::html},
      {"<?xml version=\"1.0\"?><invoice xmlns=\"x\"/>", PayloadKind::other_xml},
      {"<?xml version=\"1.0\"?><svg xmlns=\"x\"/>", PayloadKind::not_a_report},
      {"<xs:schema xmlns:xs=\"x\"></xs:schema>", PayloadKind::not_a_report},
      {"<someone@example.com> wrote:\nhello", PayloadKind::text},
      {"<https://example.com/> is the page", PayloadKind::text},
      {"Note: this\nlooks: like a header\n\nbut is none", PayloadKind::text},
      {"VGhpcyBpcyBqdXN0IHRleHQgaW4gYmFzZTY0LCBubyByZXBvcnQ=", PayloadKind::text},
      {"\x89PNG\r\n\x1a\n", PayloadKind::not_a_report},
      {std::string("\0\1\2\3\4\5\6\7", 8), PayloadKind::not_a_report}};
  for (const auto& [octets, kind] : cases) {
    CAPTURE(octets);
    CHECK(unpack_text(octets).kinds() == std::vector{kind});
  }
}
