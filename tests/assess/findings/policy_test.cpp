// policy_changed, own_mail_harmed and a changed rua: what is said of a DMARC record that is valid before and after.
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordType;

namespace {

// Mail of a service that never passed, and is quarantined since the 21st.
std::string harm_since_21(const std::string& before, const std::string& since,
                          const std::string& header_from = "example.org") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 25);
  world.mail({.address = "198.51.100.9", .to = 20, .messages = 20, .header_from = header_from});
  world.mail({.address = "198.51.100.9",
              .from = 21,
              .to = 25,
              .messages = 20,
              .header_from = header_from,
              .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, before);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 25, since);
  std::string text;
  for (const auto& finding : world.judged(25))
    if (finding.kind == model::FindingKind::own_mail_harmed)
      text += (text.empty() ? "" : "; ") + model::english(finding.action);
  return text;
}

// A service that never signs, under p=none until the 13th, and then under two records, the second from the 21st on.
World with_mailchimp(const std::string& second, const std::string& third) {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 13, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 14, 20, second);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, third);
  return world;
}

std::vector<model::Finding> harm_of(const World& world) {
  auto found = world.judged(30);
  std::erase_if(found, [](const auto& finding) { return finding.kind != model::FindingKind::own_mail_harmed; });
  return found;
}

// What is told, a line each, in the night in which the DMARC record, which asked for reports to dmarc@example.org, has
// become `after`.
std::string told_of(const std::string& after) {
  World world;
  world.reports(1, 20);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 18, "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 19, 20, after);
  std::string told;
  for (const auto& finding : world.judged(20))
    told += std::string(model::to_text(finding.kind)) + " " + std::string(model::to_text(finding.severity)) + ": " +
            model::english(finding.action) + "\n";
  return told;
}

}  // namespace

TEST_CASE("mail that is harmed since sp or np was raised is to be helped by that tag") {
  const auto back_to = [](const std::string& what) {
    return "Set up DKIM for example.org at Mailchimp, or take _dmarc.example.org back to " + what + " until then";
  };
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=quarantine") == back_to("p=none"));
  const std::string below = "news.example.org";
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=none; sp=quarantine", below) == back_to("sp=none"));
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=none; np=reject", below) == back_to("np=none"));
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=quarantine", below) == back_to("p=none"));
}

// RFC 9989 section 4.7
TEST_CASE("a raise is not the cause of harm to mail that it does not govern") {
  const std::string below = "news.example.org";
  CHECK(harm_since_21("v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject; sp=reject").empty());
  CHECK(harm_since_21("v=DMARC1; p=reject", "v=DMARC1; p=reject; np=reject").empty());
  CHECK(harm_since_21("v=DMARC1; p=none; sp=none", "v=DMARC1; p=reject; sp=none", below).empty());
  CHECK_FALSE(harm_since_21("v=DMARC1; p=none; sp=none", "v=DMARC1; p=reject; sp=reject", below).empty());
  // Whom it governs is not known where a reporter leaves the Author Domain out.
  CHECK_FALSE(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=none; sp=quarantine", "").empty());
}

TEST_CASE("the end of a test is when a policy begins to harm") {
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; t=y", "v=DMARC1; p=quarantine").empty());
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; pct=10", "v=DMARC1; p=quarantine").empty());
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; pct=10", "v=DMARC1; p=quarantine; pct=50").empty());
  CHECK(harm_since_21("v=DMARC1; p=quarantine; pct=50", "v=DMARC1; p=quarantine; pct=10").empty());
  CHECK(harm_since_21("v=DMARC1; p=quarantine", "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org").empty());
}

TEST_CASE("a policy that was raised as a test and then applied harms once") {
  auto world = with_mailchimp("v=DMARC1; p=quarantine; t=y", "v=DMARC1; p=quarantine");
  world.mail({.address = "198.51.100.9", .to = 20, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 30, .messages = 20, .disposition = "quarantine"});
  CHECK(harm_of(world).size() == 1);
}

TEST_CASE("a policy that did harm as a test, and does so again once it is applied, is reported twice") {
  auto world = with_mailchimp("v=DMARC1; p=quarantine; pct=25", "v=DMARC1; p=quarantine");
  world.mail({.address = "198.51.100.9", .to = 13, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 14, .to = 20, .messages = 5, .disposition = "quarantine"});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 30, .messages = 20, .disposition = "quarantine"});
  CHECK(harm_of(world).size() == 2);
}

TEST_CASE("harm that began after the second raise is told once, and what broke first is to be repaired") {
  auto world = with_mailchimp("v=DMARC1; p=quarantine", "v=DMARC1; p=reject");
  world.mail({.address = "198.51.100.9", .to = 24, .messages = 50, .dkim = "s1 pass"});
  world.mail({.address = "198.51.100.9", .from = 9, .to = 9, .messages = 1, .dkim = "s1 fail"});
  world.mail({.address = "198.51.100.9", .from = 25, .to = 30, .messages = 50, .disposition = "reject"});
  const auto found = harm_of(world);
  REQUIRE(found.size() == 1);
  CHECK(model::english(found[0].evidence.back()) ==
        "the policy of example.org was raised on 2024-10-25; most of this mail still passed DMARC then");
  CHECK(model::english(found[0].action) ==
        "Repair SPF or DKIM of Mailchimp for example.org, or take _dmarc.example.org back to p=none until then");
}

TEST_CASE("reports that are asked for to another mailbox are told, and that the owner's own gets none") {
  CHECK(told_of("v=DMARC1; p=none; rua=mailto:x@reports.example") ==
        "record_changed watch: If that was not meant, put mailto:dmarc@example.org back into rua at "
        "_dmarc.example.org\n");
  CHECK(told_of("v=DMARC1; p=none; rua=mailto:dmarc@example.org,mailto:x@reports.example") ==
        "record_changed info: Nothing to do if you changed it; else find out who changed the DMARC record at "
        "_dmarc.example.org\n");
  CHECK(told_of("v=DMARC1; p=none; rua=mailto:dmarc@example.org!10m; fo=1").empty());
}

TEST_CASE("a policy that is changed together with rua tells that reports go elsewhere") {
  CHECK(told_of("v=DMARC1; p=reject") ==
        "policy_changed watch: If that was not meant, put mailto:dmarc@example.org back into rua at "
        "_dmarc.example.org\n");
  CHECK(told_of("v=DMARC1; p=reject; rua=mailto:dmarc@example.org").starts_with("policy_changed info: "));
}
