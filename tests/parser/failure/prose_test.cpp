// Failure reports that are sentences instead of fields.
#include <catch2/catch.hpp>

#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;
using model::FailureContainer;
using model::FailureDialect;
using model::FailureKind;
using model::SampleExtent;
using parser::parse_failure_report;

namespace {

using Fields = std::vector<model::NamedValue>;

const std::string sentence =
    "A message claiming to be from you has failed the published DMARC policy for your domain.\r\n\r\n";
const std::string lines =
    "  Sender Domain: Example.com\r\n  Sender IP Address: 198.51.100.66\r\n"
    "  Received date: Thu, 01 Jan 2026 10:00:00 +0100\r\n  SPF Alignment: no\r\n  DKIM Alignment: yes\r\n"
    "  DMARC Results: None, Accept\r\n\r\n";
const std::string marker =
    "------ This is a copy of the headers that were received before the error was detected.\r\n\r\n";
const std::string headers = "Received: from a by b; Thu, 01 Jan 2026 10:00:00 +0100\r\nFrom: x@example.com\r\n";

parser::FailureMail text_mail(std::string text) {
  return {usual_header(), "multipart/report", {}, {part("text/plain", std::move(text))}, {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string quoted(const std::string& text) { return "> " + replaced(text, "\r\n", "\r\n> "); }

void check_usual(const model::FailureReport& report) {
  CHECK(report.kind == FailureKind::auth_failure);
  CHECK(report.dialect == FailureDialect::exim);
  CHECK(report.claims.auth_failures == std::vector<model::AuthFailureClaim>{{model::AuthFailure::dmarc, "DMARC"}});
  CHECK(report.claims.reported_domains == std::vector<std::string>{"example.com"});
  CHECK(report.claims.source_ip == *model::IpAddress::parse("198.51.100.66"));
  CHECK(report.claims.arrival_date == 1767258000);
  CHECK(report.claims.other_fields ==
        Fields{{"SPF Alignment", "no"}, {"DKIM Alignment", "yes"}, {"DMARC Results", "None, Accept"}});
}

}  // namespace

TEST_CASE("the sentence of Exim, its lines and the copied header make a report") {
  const auto report = parse_failure_report(text_mail(sentence + lines + marker + headers));
  check_usual(report);
  CHECK(report.container == FailureContainer::prose);
  CHECK(report.sample.octets == headers);
  CHECK(report.sample.extent == SampleExtent::headers);
}

TEST_CASE("sentences are understood in every dress that mail systems give them") {
  struct Case {
    std::string what, text;
    std::string sample = headers;
  };
  const Case cases[] = {
      {"bare LF", replaced(sentence + lines + marker + headers, "\r\n", "\n"), replaced(headers, "\r\n", "\n")},
      {"words before it", "Dear postmaster,\r\n\r\n" + sentence + lines + marker + headers},
      {"upper case", replaced(sentence, "message claiming", "MESSAGE CLAIMING") + lines + marker + headers},
      {"a wrapped sentence", replaced(sentence, "from you", "from\r\nyou") + lines + marker + headers},
      {"a wrapped value", sentence + replaced(lines, "2026 10", "2026\r\n10") + marker + headers},
      {"a wrapped marker", sentence + lines + replaced(marker, "before the", "before the\r\n") + headers},
      {"no empty line behind the marker", sentence + lines + replaced(marker, "\r\n\r\n", "\r\n") + headers},
      {"no marker", sentence + lines + headers},
      {"dashes", replaced(sentence + lines, "\r\n  ", "\r\n - ") + marker + headers},
      {"quoted", quoted(sentence + lines + marker + headers), headers},
      {"a whole message", sentence + lines + replaced(marker, "headers", "message") + usual_sample, usual_sample},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    const auto report = parse_failure_report(text_mail(one.text));
    check_usual(report);
    CHECK(report.sample.octets == one.sample);
    CHECK(report.sample.extent == (one.sample == usual_sample ? SampleExtent::full : SampleExtent::headers));
    CHECK(has(report.defects, "failure-prose-quoted") == (one.what == "quoted"));
  }
}

TEST_CASE("sentences in HTML are read without its tags") {
  auto mail = text_mail("");
  mail.parts = {part("text/html",
                     "<p>A message claiming to be from you has failed the published <b>DMARC</b> policy</p>"
                     "<p>Sender Domain: example.com<br>Sender IP Address: 198.51.100.66</p>"
                     "<p>Remark: a &lt; b &amp;amp; c</p>")};
  const auto report = parse_failure_report(mail);
  CHECK(report.kind == FailureKind::auth_failure);
  CHECK(report.claims.reported_domains == std::vector<std::string>{"example.com"});
  CHECK(report.claims.other_fields == Fields{{"Remark", "a < b &amp; c"}});
  CHECK(has(report.defects, "failure-prose-html"));
}

TEST_CASE("plain text is preferred to the HTML that repeats it") {
  auto mail = text_mail(sentence + lines);
  mail.parts.insert(mail.parts.begin(), part("text/html", "<p>" + sentence + "</p>"));
  const auto report = parse_failure_report(mail);
  check_usual(report);
  CHECK_FALSE(has(report.defects, "failure-prose-html"));
}

TEST_CASE("a sample in a part of its own is found beside the sentences") {
  auto mail = text_mail(sentence + lines);
  mail.parts.push_back(part("message/rfc822", usual_sample));
  const auto report = parse_failure_report(mail);
  check_usual(report);
  CHECK(report.sample.octets == usual_sample);
}

TEST_CASE("sentences without any sample are a report without one") {
  const auto report = parse_failure_report(text_mail(sentence + lines));
  check_usual(report);
  CHECK(report.sample.extent == SampleExtent::none);
  CHECK(report.sample.octets.empty());
  CHECK(has(report.defects, "failure-no-sample"));
  CHECK(parse_failure_report(text_mail(sentence)).kind == FailureKind::auth_failure);
}

TEST_CASE("bare sentences without a mail are read as well") {
  parser::FailureMail bare;
  bare.parts = {part("", sentence + lines + marker + headers)};
  const auto report = parse_failure_report(bare);
  check_usual(report);
  CHECK(report.container == FailureContainer::bare);
  CHECK(report.reporter == model::FailureReporter{});
}

// RFC 5965 appendix B
TEST_CASE("the sentence of ARF alone gives source and time, and Netease's list is kept") {
  const auto report = parse_failure_report(text_mail(
      "This is a spf/dkim authentication-failure report for an email message received from IP 198.51.100.66 on"
      " Thu, 01 Jan 2026 10:00:00 +0100.\r\nBelow is some detail information about this message:\r\n"
      " 1. SPF-authenticated Identifiers: mail.example.net;\r\n"
      " 2. DMARC Mechanism Check Result: Identifier non-aligned;\r\n\r\nFor more: mail to a@b.example\r\n"));
  CHECK(report.kind == FailureKind::auth_failure);
  CHECK(report.container == FailureContainer::prose);
  CHECK(report.dialect == FailureDialect::unknown);
  CHECK(report.claims.source_ip == *model::IpAddress::parse("198.51.100.66"));
  CHECK(report.claims.arrival_date == 1767258000);
  CHECK(report.claims.auth_failures.empty());
  CHECK(report.claims.other_fields == Fields{{"SPF-authenticated Identifiers", "mail.example.net"},
                                             {"DMARC Mechanism Check Result", "Identifier non-aligned"}});
  CHECK(has(report.defects, "failure-source-ip-from-text"));
  CHECK(has(report.defects, "failure-arrival-from-text"));
}

TEST_CASE("a sentence that speaks of abuse and of nothing else is no authentication failure") {
  const std::string abuse =
      "This is an email abuse report for an email message received from IP 198.51.100.66 on Thu, 01 Jan 2026.\r\n";
  CHECK(parse_failure_report(text_mail(abuse)).kind == FailureKind::abuse);
  CHECK(parse_failure_report(text_mail(abuse + "It did not meet the sending domain's DMARC policy.\r\n")).kind ==
        FailureKind::auth_failure);
}

TEST_CASE("the sentence fills only what the fields of the report leave open") {
  auto mail = arf("Feedback-Type: auth-failure\r\nSource-IP: 192.0.2.9\r\n");
  mail.parts[0].octets =
      "This is an authentication failure report for an email message received from IP\r\n198.51.100.66 on\r\n"
      "Thu, 01 Jan 2026 10:00:00 +0100.\r\n\r\n";
  const auto report = parse_failure_report(mail);
  CHECK(report.claims.source_ip == *model::IpAddress::parse("192.0.2.9"));
  CHECK(report.claims.arrival_date == 1767258000);
  CHECK(has(report.defects, "failure-arrival-from-text"));
  CHECK_FALSE(has(report.defects, "failure-source-ip-from-text"));
}

TEST_CASE("other letters are no report") {
  for (const std::string text : {"Hello, a message for you.\r\n", "A message claiming to be from you\r\n",
                                 "Sender Domain: example.com\r\n", ""}) {
    CAPTURE(text);
    const auto report = parse_failure_report(text_mail(text));
    CHECK(report.kind == FailureKind::unknown);
    CHECK(has(report.defects, "failure-no-report"));
  }
}
