#include <catch2/catch.hpp>
#include <ctime>

#include "tests/parser/tls/captured_tls_report.hpp"

using namespace ruaudit;
using test::CapturedTlsReport;

namespace {

constexpr std::string_view whole = R"({"organization-name": "Sender", "contact-info": null, "report-id": "r1",
 "date-range": {"start-datetime": "2026-03-04T00:00:00Z", "end-datetime": "2026-03-05T01:59:59+02:00"},
 "policies": [
  {"failure-details": [{"result-type": "certificate-expired", "failed-session-count": 3, "receiving-ip": "::FFFF:192.0.2.1"},
                       {"result-type": "Certificate_Expired", "failed-session-count": "4"}],
   "policy": {"policy-type": "sts", "policy-domain": "example.com", "policy-string": "version: STSv1"},
   "summary": {"total-successful-session-count": 90, "total-failure-session-count": 7}},
  {"policy": {"policy-type": "tlsa", "policy-domain": "b\u00fccher.example", "mx-host": ["MX.example.", null]},
   "summary": {"total-successful-session-count": 1e3, "total-failure-session-count": 0}}]})";

CapturedTlsReport read(std::string_view text, std::size_t chunk = 1 << 20, const parser::tls::TlsLimits& limits = {}) {
  CapturedTlsReport into;
  read_tls_report(text, chunk, into, limits);
  return into;
}

}  // namespace

TEST_CASE("members may come in any order, and every split of the text gives the same report") {
  const auto want = read(whole);
  REQUIRE(want.report);
  CHECK(want.report->header.organization_name == "Sender");
  CHECK(want.report->header.contact_info.empty());
  CHECK(want.report->header.date_range == model::DateRange{1772582400, 1772668799});
  REQUIRE(want.policies.size() == 2);
  CHECK(want.policies[0].strings == std::vector<std::string>{"version: STSv1"});
  CHECK(want.policies[0].details == 2);
  CHECK(want.policies[0].detailed == 7);
  CHECK(want.policies[1].domain == "xn--bcher-kva.example");
  CHECK(want.policies[1].mx_hosts == std::vector<std::string>{"mx.example"});
  CHECK(want.policies[1].successful == 1000);
  REQUIRE(want.failures.size() == 2);
  CHECK(want.failures[0].receiving_ip == "192.0.2.1");
  CHECK(want.failures[1].result_type == model::TlsResultType::certificate_expired);
  for (const std::size_t chunk : {1UL, 2UL, 7UL, 64UL, 1000UL}) {
    CAPTURE(chunk);
    const auto split = read(whole, chunk);
    CHECK(split.report == want.report);
    CHECK(split.policies == want.policies);
    CHECK(split.failures == want.failures);
    CHECK(split.defects == want.defects);
  }
}

TEST_CASE("every beginning of a text is refused, or gives whole policies and says that it broke off") {
  const auto want = read(whole);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto cut = read(whole.substr(0, size));
    if (!cut.report) {
      CHECK(cut.policies.empty());
      continue;
    }
    CHECK(cut.report->is_damaged);
    CHECK(cut.report->policies == cut.policies.size());
    for (std::size_t i = 0; i < cut.policies.size(); ++i) CHECK(cut.policies[i] == want.policies[i]);
  }
}

TEST_CASE("limits hold at their edge and not one beyond") {
  const auto with = [](std::string_view inside) {
    return R"({"organization-name": "S", "x": )" + std::string(inside) + R"(, "policies": []})";
  };
  parser::tls::TlsLimits limits;
  limits.depth = 4;
  CHECK(read(with("[[[1]]]"), 100, limits).report);
  CHECK(read(with("[[[[1]]]]"), 100, limits).error == "json-too-deep");
  limits.token_octets = 20;
  CHECK(read(with('"' + std::string(16, 'x') + '"'), 100, limits).report);
  CHECK(read(with('"' + std::string(30, 'x') + '"'), 100, limits).error == "json-token-too-long");
  parser::tls::TlsLimits few;
  few.policies = 1;
  CHECK(read(whole, 100, few).error == "too-many-policies");
  few.policies = 2;
  CHECK(read(whole, 100, few).report);
  few.failures = 1;
  CHECK(read(whole, 100, few).error == "too-many-failures");
  few.failures = 2;
  few.list_entries = 1;
  few.value_octets = 5;
  const auto cut = read(whole, 100, few);
  REQUIRE(cut.report);
  CHECK(cut.policies[0].strings == std::vector<std::string>{"versi"});
  CHECK(cut.codes().find("text-too-long") != std::string::npos);
}

TEST_CASE("what is no report is refused") {
  CHECK(read("").error == "empty");
  CHECK(read("{}").error == "not-a-tls-report");
  CHECK(read("12 ").error == "not-a-tls-report");
  CHECK(read(R"({"organization-name": "x"})").error == "not-a-tls-report");
  CHECK(read(R"({"organization-name": )").error == "json-malformed");
  CHECK(read("\"").error == "json-malformed");
}

TEST_CASE("a value of another kind than RFC 8460 has is told and read as absent") {
  const auto odd = read(R"({"policies": [{"policy": "sts", "summary": [1], "failure-details": 7}, 5, null],
                            "organization-name": {"a": 1}, "report-id": 17, "date-range": "today"})");
  REQUIRE(odd.report);
  CHECK(odd.report->header.report_id == "17");
  REQUIRE(odd.policies.size() == 1);
  CHECK(odd.policies[0].type == model::TlsPolicyType::unknown);
  CHECK_FALSE(odd.policies[0].failed);
  CHECK(odd.codes().find("tls-unexpected-value") != std::string::npos);
  CHECK(odd.codes().find("no-org-name") != std::string::npos);
}

TEST_CASE("several texts in one are read one after the other") {
  const std::string text = "[" + std::string(whole) + ",\n" + std::string(whole) + "]";
  auto json = test::json_in_pieces(text, 50);
  int reports = 0;
  while (json.find_text()) {
    CapturedTlsReport into;
    test::CapturingTlsSink sink(into);
    REQUIRE(parser::tls::parse_tls_report(json, {}, {}, sink));
    CHECK(into.policies.size() == 2);
    ++reports;
  }
  CHECK(reports == 2);
}

namespace {

// A report whose one policy has these members beside its policy-domain.
CapturedTlsReport with_members(const std::string& members) {
  return read(R"({"organization-name": "S", "policies": [{"policy": {"policy-domain": "example.com")" + members +
              "}}]}");
}

}  // namespace

TEST_CASE(
    "half of a surrogate pair and a number beyond all numbers are read, with a note, wherever the text is split") {
  const std::string text =
      R"({"organization-name": "a\ud83d\ude00b\ud83dc\ude00d\\ud83d", "policies": [{"summary": {)"
      R"("total-successful-session-count": 1e999, "total-failure-session-count": -1e999}, "policy": {"policy-domain": "a.example"}},)"
      R"({"summary": {"total-failure-session-count": )" +
      std::string(400, '9') + R"(, "total-successful-session-count": 12}}]})";
  for (const std::size_t chunk : {1UL, 5UL, 13UL, 300UL, 100'000UL}) {
    CAPTURE(chunk);
    const auto odd = read(text, chunk);
    REQUIRE(odd.report);
    CHECK_FALSE(odd.report->is_damaged);
    CHECK(odd.report->header.organization_name == "a\U0001F600b\uFFFDc\uFFFDd\\ud83d");
    REQUIRE(odd.policies.size() == 2);
    CHECK_FALSE(odd.policies[0].failed);
    CHECK(odd.policies[1].successful == 12);
    CHECK(odd.codes().find("tls-half-surrogate") != std::string::npos);
    CHECK(odd.codes().find("tls-number-too-large") != std::string::npos);
  }
}

TEST_CASE("a policy-string with line ends is the lines of the policy") {
  using Lines = std::vector<std::string>;
  const auto lines = [](const std::string& json) {
    return with_members(", \"policy-string\": " + json).policies.at(0).strings;
  };
  CHECK(lines(R"("version: STSv1\r\nmode: enforce\nmx: mx.example.com\n\n")") ==
        Lines{"version: STSv1", "mode: enforce", "mx: mx.example.com"});
  CHECK(lines(R"(["version: STSv1", "mode: none"])") == Lines{"version: STSv1", "mode: none"});
  CHECK(lines(R"(["\nversion: STSv1"])") == Lines{"version: STSv1"});
  CHECK(lines(R"(["", "\n"])") == Lines{"", ""});
  CHECK(with_members(R"(, "policy-string": "a\nb")").codes().find("tls-policy-lines") != std::string::npos);
  CHECK(with_members(R"(, "policy-string": ["a", "b\n"])").codes().find("tls-policy-lines") == std::string::npos);
}

TEST_CASE("of a list where one object belongs the first object is taken") {
  const auto odd = read(R"({"organization-name": "S", "date-range": [null, {"start-datetime": "2026-03-04T00:00:00Z"},
    {"start-datetime": "2026-03-09T00:00:00Z"}], "policies": [{"policy": [{"policy-domain": "a.example"},
    {"policy-domain": "b.example"}], "summary": [[{"total-failure-session-count": 7}], {"total-failure-session-count": 1},
    {"total-failure-session-count": 2}]}]})");
  REQUIRE(odd.report);
  CHECK(odd.report->header.date_range.begin == 1772582400);
  REQUIRE(odd.policies.size() == 1);
  CHECK(odd.policies[0].domain == "a.example");
  CHECK(odd.policies[0].failed == 1);
  CHECK(odd.codes().find("tls-unexpected-value") != std::string::npos);
}

TEST_CASE("of a key that is there twice the first that holds something is taken") {
  const auto organization = [](const std::string& members) {
    return read("{" + members + ", \"policies\": []}").report.value().header.organization_name;
  };
  CHECK(organization(R"("organization-name": "A", "organization-name": "B")") == "A");
  CHECK(organization(R"("organization-name": null, "organization-name": "B")") == "B");
  CHECK(organization(R"("organization-name": " ", "organization-name": "B", "organization-name": "C")") == "B");
  CHECK(organization(R"("organization-name": "A", "organization-name": null)") == "A");
  const auto lists =
      read(R"({"organization-name": "S", "policies": [], "policies": [{"policy": {}, "policy": {"policy-domain":
    "a.example"}, "policy": {"policy-domain": "b.example"}}], "policies": [{}]})");
  REQUIRE(lists.policies.size() == 1);
  CHECK(lists.policies[0].domain == "a.example");
  CHECK(lists.codes().find("duplicate-element") != std::string::npos);
}

TEST_CASE("no value of a report holds a NUL") {
  const auto odd =
      read(R"({"organization-name": "a\u0000b", "policies": [{"policy": {"policy-domain": "a\u0000.example",
    "mx-host": "m\u0000x", "policy-type": "s\u0000"}, "\u0000": 1}]})");
  REQUIRE(odd.policies.size() == 1);
  const auto& policy = odd.policies[0];
  for (const auto& text : {odd.report->header.organization_name, policy.domain, policy.mx_hosts.at(0), policy.raw_type})
    CHECK(text.find('\0') == std::string::npos);
  for (const auto& one : odd.defects) CHECK(one.detail.find('\0') == std::string::npos);
}

TEST_CASE("text between two reports does not hide the second") {
  const std::string text = std::string(whole) + "\n-- \nsaid \"we: see below\n" + std::string(whole) + "\nbye\n";
  for (const std::size_t chunk : {7UL, 100'000UL}) {
    auto json = test::json_in_pieces(text, chunk);
    std::vector<CapturedTlsReport> reports;
    while (json.find_text()) {
      CapturedTlsReport& into = reports.emplace_back();
      test::CapturingTlsSink sink(into);
      REQUIRE(parser::tls::parse_tls_report(json, {}, {}, sink));
      CHECK(into.policies.size() == 2);
    }
    REQUIRE(reports.size() == 2);
    CHECK(reports[0].codes().find("trailing-content") != std::string::npos);
  }
}

TEST_CASE("an XML text between two reports is skipped whole, wherever the text is split") {
  for (const std::string xml : {
           R"(<?xml version="1.0"?><feedback><a b='x > "y'/><c>{"organization-name": "in it"}</c></feedback>)",
           "<FEEDBACK>\n<record>never closed</FEEDBACK >",
           "<feedback/>",
           "<?xml version='1.0'?><!-- > </feedback> --><other><![CDATA[</other> > ]]]></other>",
       }) {
    const std::string text = std::string(whole) + "\n" + xml + "\n" + std::string(whole);
    for (std::size_t chunk = 1; chunk < whole.size() + xml.size() + 20; chunk += chunk < 40 ? 1 : 17) {
      auto json = test::json_in_pieces(text, chunk);
      CAPTURE(xml, chunk);
      CapturedTlsReport into;
      test::CapturingTlsSink sink(into);
      REQUIRE(json.find_text());
      REQUIRE(parser::tls::parse_tls_report(json, {}, {}, sink));
      REQUIRE(json.find_text());
      REQUIRE(json.is_at_markup());
      json.skip_markup();
      REQUIRE(json.find_text());
      CHECK(json.current() == '{');
      REQUIRE(parser::tls::parse_tls_report(json, {}, {}, sink));
      CHECK(into.policies.size() == 4);
      CHECK(into.codes().find("trailing-content") == std::string::npos);
      CHECK_FALSE(json.find_text());
    }
  }
}

TEST_CASE("octets that are no UTF-8 are read in linear time") {
  const auto time_of = [](std::size_t size) {
    const std::string text = R"({"organization-name": ")" + std::string(size, '\xe9') + R"(", "policies": []})";
    const auto begin = std::clock();
    CHECK(read(text).codes().find("not-utf8") != std::string::npos);
    return std::clock() - begin;
  };
  time_of(1000);
  CHECK(time_of(800'000) < CLOCKS_PER_SEC * 3);  // 46 s for 109 KB once
}
