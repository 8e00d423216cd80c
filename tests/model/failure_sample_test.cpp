#include "model/failure_sample.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::model;

namespace {

FailureReport with_sample(std::string octets) {
  FailureReport report;
  report.sample = {std::move(octets), SampleExtent::full, "message/rfc822", ""};
  return report;
}

std::vector<std::string> codes(const RepairedSample& sample) {
  std::vector<std::string> out;
  for (const auto& repair : sample.repairs) out.push_back(repair.code);
  return out;
}

}  // namespace

TEST_CASE("a sample is repaired only in a copy, and every repair is named") {
  struct Case {
    std::string octets, encoding, want;
    std::vector<std::string> repairs;
  };
  const std::string clean = "From: a@example.com\r\nTo: b@example.net\r\n\r\nText\r\n";
  const Case cases[] = {
      {clean, "", clean, {}},
      {clean, "7bit", clean, {}},
      {"From: a@example.com\nTo: b@example.net\n\nText\n", "", clean, {"sample-line-ends"}},
      {"From: a@example.com\r\nTo: b@example.net\n\r\nText\r\n", "", clean, {"sample-line-ends"}},
      {"From a@example.com Tue Apr 30 02:09:16 2019\r\n" + clean, "", clean, {"sample-mbox-line"}},
      {"From : a@example.com\r\n\r\nText\r\n", "", "From : a@example.com\r\n\r\nText\r\n", {}},
      {"\r\n\r\n" + clean, "", clean, {"sample-leading-blanks"}},
      {clean, "base64", clean, {"sample-transfer-encoding"}},
      {clean, "quoted-printable", clean, {"sample-transfer-encoding"}},
      {"\nFrom x\nFrom: a@example.com\n\nBody",
       "",
       "From: a@example.com\r\n\r\nBody",
       {"sample-leading-blanks", "sample-mbox-line", "sample-line-ends"}},
      {"From : a@example.com\r\n\r\nText\r\n", "", "From : a@example.com\r\n\r\nText\r\n", {}},
      {"A: b\r\n\r\ntext with \r inside\r\n", "", "A: b\r\n\r\ntext with \r inside\r\n", {}},
      {"", "", "", {}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.octets);
    auto report = with_sample(one.octets);
    report.sample.transfer_encoding = one.encoding;
    const auto before = report;
    const auto got = repaired_sample(report);
    CHECK(got.octets == one.want);
    CHECK(codes(got) == one.repairs);
    CHECK(report == before);
  }
}

TEST_CASE("the normal form of a sample's header ends before the empty line and has CRLF throughout") {
  const std::string want = "From: a@example.com\r\nSubject: x\r\n folded\r\n";
  for (const auto* octets :
       {"From: a@example.com\r\nSubject: x\r\n folded\r\n\r\nbody", "From: a@example.com\nSubject: x\n folded\n\nbody",
        "From a@example.com Tue Apr 30 02:09:16 2019\nFrom: a@example.com\nSubject: x\n folded\n\nother body",
        "From: a@example.com\nSubject: x\n folded\n"}) {
    CAPTURE(octets);
    CHECK(normalised_sample_header({octets, SampleExtent::full, "", ""}) == want);
  }
  CHECK(normalised_sample_header({"", SampleExtent::none, "", ""}).empty());
  CHECK(normalised_sample_header({"\r\nonly a body", SampleExtent::full, "", ""}) == "only a body");
}

TEST_CASE("copies of a report that differ in line ends have one identity") {
  auto a = with_sample("From: a@example.com\r\n\r\nbody\r\n");
  auto b = with_sample("From: a@example.com\n\nbody\n");
  for (auto* report : {&a, &b}) {
    report->claims.source_ip = *IpAddress::parse("192.0.2.1");
    report->claims.arrival_date = 1556590140;
    report->reporter.address = "dmarc@receiver.example";
  }
  a.reporter.message_id = "<1@receiver.example>";
  b.reporter.message_id = "<2@receiver.example>";
  CHECK(identity_text(a) == identity_text(b));
}

TEST_CASE("a report that differs in header, source, arrival or reporter is another one") {
  auto a = with_sample("From: a@example.com\r\n\r\nbody\r\n");
  a.claims.source_ip = *IpAddress::parse("192.0.2.1");
  a.claims.arrival_date = 1556590140;
  a.reporter.address = "dmarc@receiver.example";
  auto header = a, source = a, arrival = a, reporter = a;
  header.sample.octets = "From: b@example.com\r\n\r\nbody\r\n";
  source.claims.source_ip = *IpAddress::parse("192.0.2.2");
  arrival.claims.arrival_date = 1556590141;
  reporter.reporter.address = "dmarc@other.example";
  for (const auto* other : {&header, &source, &arrival, &reporter}) CHECK(identity_text(a) != identity_text(*other));
}

TEST_CASE("reports without a sample are told apart by the mails that carried them") {
  auto a = with_sample("");
  auto b = a;
  CHECK(identity_text(a) == identity_text(b));
  b.reporter.message_id = "<2@receiver.example>";
  CHECK(identity_text(a) != identity_text(b));
}

TEST_CASE("no part of an identity can pose as another") {
  auto a = with_sample("From: a@example.com\r\n\r\n");
  auto b = a;
  a.claims.raw_source_ip = "x";
  a.claims.raw_arrival_date = "";
  b.claims.raw_source_ip = "";
  b.claims.raw_arrival_date = "x";
  CHECK(identity_text(a) != identity_text(b));
}
