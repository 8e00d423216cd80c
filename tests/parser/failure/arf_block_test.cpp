// The block that the fields of a feedback report stand in: RFC 5965 section 3.
#include <catch2/catch.hpp>

#include "tests/parser/failure/text.hpp"

using namespace ruaudit;
using namespace ruaudit::test;
using model::FailureKind;
using parser::parse_failure_report;

namespace {

using Texts = std::vector<std::string>;

model::FailureReport with(const std::string& more) { return parse_failure_report(arf(usual_fields + more)); }

}  // namespace

TEST_CASE("unknown fields are kept in their order") {
  const auto report = with("X-One: 1\r\nMessage-ID: <m@example.com>\r\n");
  CHECK(report.claims.other_fields ==
        std::vector<model::NamedValue>{{"X-One", "1"}, {"Message-ID", "<m@example.com>"}});
  CHECK(codes(report.defects).empty());
}

TEST_CASE("of a field that may stand once the first counts and the others are kept") {
  const auto report = with("Version: 2\r\nArrival-Date: Fri, 02 Jan 2026 10:00:00 +0100\r\n");
  CHECK(report.claims.version == "1");
  CHECK(report.claims.arrival_date == 1767258000);
  CHECK(codes(report.defects) == Texts{"failure-field-repeated", "failure-field-repeated"});
  CHECK(report.claims.other_fields.size() == 2);
}

TEST_CASE("fields are found in any case, folded, with bare LF, and behind blank lines") {
  std::string text =
      "\n\nFEEDBACK-TYPE: auth-failure\nversion:1\nAuthentication-Results: receiver.example;\n\tdmarc=fail\n";
  const auto claims = parse_failure_report(arf(text)).claims;
  CHECK(claims.feedback_type == "auth-failure");
  CHECK(claims.version == "1");
  CHECK(claims.authentication_results == Texts{"receiver.example;\tdmarc=fail"});
}

TEST_CASE("a byte order mark before the fields is no part of them") {
  for (const std::string marks : {"\xEF\xBB\xBF", "\xEF\xBB\xBF\xEF\xBB\xBF"}) {
    auto mail = arf(marks + usual_fields);
    CHECK(parse_failure_report(mail).kind == FailureKind::auth_failure);
    mail.parts[1].media_type = "text/plain";
    CHECK(parse_failure_report(mail).container == model::FailureContainer::sniffed);
    CHECK(parse_failure_report(mail).claims.auth_failures.size() == 1);
  }
  CHECK(codes(parse_failure_report(arf("\xEF\xBB\xBF" + usual_fields)).defects).empty());
}

TEST_CASE("a value that is no text becomes text and a defect") {
  const auto report = with(
      "X-One: a\xFF"
      "b\x01"
      "c\r\n");
  CHECK(report.claims.other_fields[0].value ==
        "a\xEF\xBF\xBD"
        "b c");
  CHECK(codes(report.defects) == Texts{"failure-field-not-text"});
}

TEST_CASE("limits hold at the edge and one past it") {
  parser::FailureLimits limits;
  limits.fields = 10;
  CHECK(codes(parse_failure_report(arf(usual_fields), limits).defects).empty());
  CHECK(codes(parse_failure_report(arf(usual_fields + "X-One: 1\r\n"), limits).defects) ==
        Texts{"failure-too-many-fields"});
  limits = {};
  limits.field_bytes = 80;
  const auto value = [](std::size_t size) { return "X-One: " + std::string(size, 'a') + "\r\n"; };
  CHECK(codes(parse_failure_report(arf(usual_fields + value(80)), limits).defects).empty());
  const auto cut = parse_failure_report(arf(usual_fields + value(81)), limits);
  CHECK(codes(cut.defects) == Texts{"failure-field-too-long"});
  CHECK(cut.claims.other_fields[0].value.size() == 80);
  limits = {};
  limits.canonical_bytes = 8;
  CHECK(parse_failure_report(arf(usual_fields + "DKIM-Canonicalized-Body: SGVsbG8u\r\n"), limits)
            .claims.dkim_canonicalized_body == "Hello.");
  CHECK(codes(parse_failure_report(arf(usual_fields + "DKIM-Canonicalized-Body: SGVsbG8uDQo=\r\n"), limits).defects) ==
        Texts{"failure-field-too-long"});
  limits = {};
  limits.defects = 2;
  const auto three = parse_failure_report(arf("Feedback-Type: auth-failure\r\n"), limits).defects;
  CHECK(codes(three) == Texts{"failure-field-missing", "failure-field-missing", "defects-omitted"});
  CHECK(three.back().detail == "6");
}
