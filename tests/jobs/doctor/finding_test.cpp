#include "jobs/doctor/doctor.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ruaudit;
using namespace ruaudit::jobs;

namespace {

constexpr std::int64_t now = 1'800'000'000;  // 2027-01-15 08:00 UTC

std::vector<Finding> certificates(const std::string& not_after) {
  ingest::mailbox::ConnectionFacts facts;
  facts.chain = {
      {.subject = "C = DE, O = Example, CN = mail.example.org",
       .issuer = "CN = Authority, O = Signers",
       .not_before = "",
       .not_after = not_after,
       .names = "DNS:mail.example.org"},
      {.subject = "O = Nameless", .issuer = "CN=Root", .not_before = "", .not_after = not_after, .names = ""}};
  std::vector<Finding> all;
  Findings findings(all, "mailbox a");
  examine_certificates(facts, now, findings);
  return all;
}

}  // namespace

TEST_CASE("a chain is told from the server's certificate on: for whom, by whom, until when") {
  const auto all = certificates("Jan 15 08:00:00 2028 GMT");
  REQUIRE(all.size() == 2);
  CHECK(all[0].detail ==
        "server mail.example.org, signed by Authority, for DNS:mail.example.org, valid until Jan 15 08:00:00 2028 GMT "
        "(365 days)");
  CHECK(all[1].detail == "authority O = Nameless, signed by Root, valid until Jan 15 08:00:00 2028 GMT (365 days)");
  CHECK(all[0].level == FindingLevel::ok);
}

TEST_CASE("a certificate is warned of from 14 days before its end") {
  CHECK(certificates("Jan 29 08:00:00 2027 GMT")[0].level == FindingLevel::ok);
  CHECK(certificates("Jan 29 07:59:59 2027 GMT")[0].level == FindingLevel::warning);
  CHECK(certificates("soon")[0].level == FindingLevel::note);
}

TEST_CASE("a clock that stands before the program was written is wrong") {
  std::vector<Finding> all;
  Findings findings(all, "clock");
  examine_clock(1'000'000'000, findings);
  REQUIRE(all.size() == 1);
  CHECK(all[0].level == FindingLevel::failed);
}

TEST_CASE("findings are healthy unless one has failed, and what servers say is harmless on a terminal") {
  std::vector<Finding> all;
  Findings findings(all, "mailbox a");
  findings.ok("tls", "\x1b]0;title\x07 ok");
  findings.warn("certificate", "ends", "renew");
  CHECK(!has_failed(all));
  findings.fail("log-in", "refused: \xff\r\nnext", "ask");
  CHECK(has_failed(all));
  const std::string text = findings_text(all);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.find("FAILED   log-in       refused:") != std::string::npos);
  CHECK(text.ends_with("1 failed, 1 warning\n"));
  const auto json = nlohmann::json::parse(findings_json(all));
  CHECK(json.at("healthy") == false);
  CHECK(json.at("findings").size() == 3);
  CHECK(json.at("findings").at(2).at("remedy") == "ask");
}
