// record_broken: what is said of a record that cannot be used, and of what it leads to.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

namespace {

struct Broken {
  std::string evidence, action;
};

Broken told(const World& world, int night) {
  Broken out;
  for (const auto& finding : world.judged(night)) {
    if (finding.kind != model::FindingKind::record_broken) continue;
    for (const auto& sentence : finding.evidence) out.evidence += model::english(sentence) + "\n";
    out.action = model::english(finding.action);
  }
  return out;
}

// The record leads to names without a record of their own, since day 19.
World leading_to(const std::string& text, const std::vector<std::string>& missing) {
  World world;
  world.reports(1, 20);
  for (const auto& name : missing) world.record(DnsRecordType::spf_include, name, 19, 20, "", DnsRecordStatus::none);
  world.record(DnsRecordType::spf, "example.org", 1, 18, text);
  world.record(DnsRecordType::spf, "example.org", 19, 20, text, DnsRecordStatus::broken, "include-without-record");
  return world;
}

}  // namespace

TEST_CASE("a record that was broken when it was first looked at is compared with no other") {
  World world;
  world.reports(1, 20);
  world.record(DnsRecordType::spf, "example.org", 1, 20, "v=spf1 inlcude:x -all", DnsRecordStatus::broken, "syntax");
  CHECK(told(world, 20).evidence ==
        "SPF of example.org: \"v=spf1 inlcude:x -all\"\n"
        "example.org: it has a syntax error\n");
}

namespace {

struct Shown {
  int from = 1, to = 1;  // nights
  std::string text;      // "": no record
};

// What was known in that night of a record that changed.
World known_by(int night, DnsRecordType type, const std::string& name, const std::vector<Shown>& states) {
  World world;
  world.reports(1, night);
  for (const auto& [from, to, text] : states)
    if (from <= night)
      world.record(type, name, from, std::min(to, night), text,
                   text.empty() ? DnsRecordStatus::none : DnsRecordStatus::ok);
  return world;
}

}  // namespace

TEST_CASE("a record that is again what it was is told with the whole time in which it was another") {
  const auto told_in = [](int night) {
    const auto found = known_by(night, DnsRecordType::spf, "example.org",
                                {{1, 19, "v=spf1 mx -all"},
                                 {20, 25, "v=spf1 -all"},
                                 {26, 34, "v=spf1 mx -all"},
                                 {35, 40, "v=spf1 mx a -all"}})
                           .judged(night);
    REQUIRE(found.size() == 1);
    REQUIRE(found[0].kind == model::FindingKind::record_changed);
    return found[0];
  };
  CHECK(told_in(20).since == epoch_day + 20);
  CHECK(told_in(26).since == epoch_day + 20);
  CHECK(told_in(35).since == epoch_day + 35);
  CHECK(model::english(told_in(26).evidence.back()) == "so it was before 2024-10-24, too");
}

TEST_CASE("the first DMARC record of a domain is told, one that comes back is not") {
  const std::string record = "v=DMARC1; p=none; rua=mailto:dmarc@example.org";
  const auto said = [&](int night) {
    return known_by(night, DnsRecordType::dmarc, "_dmarc.example.org",
                    {{1, 19, ""}, {20, 29, record}, {30, 33, ""}, {34, 40, record}})
        .said(night);
  };
  CHECK(said(20) == "policy_changed info");
  CHECK(said(30) == "record_broken fix");
  CHECK(said(34).empty());
}

TEST_CASE("an include without a record is found by its whole name") {
  const auto found = told(leading_to("v=spf1 include:spf.mail.example +include:Old.Example redirect=x.example",
                                     {"mail.example", "spf.mail.exam", "old.example"}),
                          20);
  CHECK(found.evidence.find("it leads to old.example, which has no SPF record") != std::string::npos);
  CHECK(found.action.find("Remove old.example from the SPF record of example.org") == 0);
}

TEST_CASE("where no include is known to be without a record none is named") {
  const auto found = told(leading_to("v=spf1 include:spf.mail.example -all", {"mail.example"}), 20);
  CHECK(found.evidence.find("it cannot be used") != std::string::npos);
  CHECK(found.action.find("'ruaudit check example.org' shows where") != std::string::npos);
}

TEST_CASE("of an include within an include the owner is told to take out the one in his own record") {
  auto world = leading_to("v=spf1 include:spf.mail.example -all", {"gone.example"});
  world.record(DnsRecordType::spf_include, "spf.mail.example", 1, 20, "v=spf1 include:gone.example -all");
  const auto found = told(world, 20);
  CHECK(found.evidence.find("it leads to gone.example, which has no SPF record") != std::string::npos);
  CHECK(found.action.find("Remove spf.mail.example from the SPF record of example.org") == 0);
}

// RFC 7208 section 4.6.4: NXDOMAIN, and a name without such a record, are both void.
TEST_CASE("too many void lookups are not called names that do not exist") {
  World world;
  world.reports(1, 20);
  world.record(DnsRecordType::spf, "example.org", 1, 20, "v=spf1 a:x mx:y a:z -all", DnsRecordStatus::broken,
               "too-many-voids");
  CHECK(told(world, 20).evidence.find("more than 2 of the DNS lookups that it needs find nothing (void lookups, RFC "
                                      "7208 section 4.6.4)") != std::string::npos);
}

// RFC 9989 section 4.10.1
TEST_CASE("a DMARC record that is removed where the one above it applies is a change of policy and nothing broken") {
  const auto said = [](DnsRecordStatus above) {
    World world;
    world.reports(1, 20);
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 18, "v=DMARC1; p=none");
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 19, 20, "", DnsRecordStatus::none);
    world.record(DnsRecordType::psd, "_dmarc.org", 1, 20, "v=DMARC1; p=reject; psd=y", above);
    return world.said(20);
  };
  CHECK(said(DnsRecordStatus::ok) == "policy_changed info");
  CHECK(said(DnsRecordStatus::none) == "record_broken fix");
}

namespace {

// Mail of a service that never passed, and is quarantined since the 21st.
std::string harm_since_21(const std::string& before, const std::string& since) {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 25);
  world.mail({.address = "198.51.100.9", .to = 20, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 25, .messages = 20, .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, before);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 25, since);
  std::string text;
  for (const auto& finding : world.judged(25))
    if (finding.kind == model::FindingKind::own_mail_harmed)
      text += (text.empty() ? "" : "; ") + model::english(finding.action);
  return text;
}

}  // namespace

TEST_CASE("mail that is harmed since sp or np was raised is to be helped by that tag") {
  const auto back_to = [](const std::string& what) {
    return "Set up DKIM for example.org at Mailchimp, or take _dmarc.example.org back to " + what + " until then";
  };
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=quarantine") == back_to("p=none"));
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=none; sp=quarantine") == back_to("sp=none"));
  CHECK(harm_since_21("v=DMARC1; p=none", "v=DMARC1; p=none; np=reject") == back_to("np=none"));
}

TEST_CASE("the end of a test is when a policy begins to harm") {
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; t=y", "v=DMARC1; p=quarantine").empty());
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; pct=10", "v=DMARC1; p=quarantine").empty());
  CHECK_FALSE(harm_since_21("v=DMARC1; p=quarantine; pct=10", "v=DMARC1; p=quarantine; pct=50").empty());
  CHECK(harm_since_21("v=DMARC1; p=quarantine; pct=50", "v=DMARC1; p=quarantine; pct=10").empty());
  CHECK(harm_since_21("v=DMARC1; p=quarantine", "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org").empty());
}

TEST_CASE("a policy that was raised as a test and then applied harms once") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 30);
  world.mail({.address = "198.51.100.9", .to = 20, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 30, .messages = 20, .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 13, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 14, 20, "v=DMARC1; p=quarantine; t=y");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "v=DMARC1; p=quarantine");
  const auto found = world.judged(30);
  CHECK(std::count_if(found.begin(), found.end(),
                      [](const auto& finding) { return finding.kind == model::FindingKind::own_mail_harmed; }) == 1);
}

TEST_CASE("a policy that did harm as a test, and does so again once it is applied, is reported twice") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 30);
  world.mail({.address = "198.51.100.9", .to = 13, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 14, .to = 20, .messages = 5, .disposition = "quarantine"});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 30, .messages = 20, .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 13, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 14, 20, "v=DMARC1; p=quarantine; pct=25");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "v=DMARC1; p=quarantine");
  const auto found = world.judged(30);
  CHECK(std::count_if(found.begin(), found.end(),
                      [](const auto& finding) { return finding.kind == model::FindingKind::own_mail_harmed; }) == 2);
}

TEST_CASE("harm that began after the second raise is told once, and what broke first is to be repaired") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "LeadDesk").reports(1, 30);
  world.mail({.address = "198.51.100.9", .to = 24, .messages = 50, .dkim = "s1 pass"});
  world.mail({.address = "198.51.100.9", .from = 9, .to = 9, .messages = 1, .dkim = "s1 fail"});
  world.mail({.address = "198.51.100.9", .from = 25, .to = 30, .messages = 50, .disposition = "reject"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 13, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 14, 20, "v=DMARC1; p=quarantine");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "v=DMARC1; p=reject");
  std::vector<model::Finding> found = world.judged(30);
  std::erase_if(found, [](const auto& finding) { return finding.kind != model::FindingKind::own_mail_harmed; });
  REQUIRE(found.size() == 1);
  CHECK(model::english(found[0].evidence.back()) ==
        "the policy of example.org was raised on 2024-10-25; most of this mail still passed DMARC then");
  CHECK(model::english(found[0].action) ==
        "Repair SPF or DKIM of LeadDesk for example.org, or take _dmarc.example.org back to p=none until then");
}

TEST_CASE("a policy that is changed together with rua tells that reports go elsewhere") {
  const auto told_on = [](const std::string& after) {
    World world;
    world.reports(1, 20);
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 18, "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 19, 20, after);
    const auto found = world.judged(20);
    REQUIRE(found.size() == 1);
    return std::string(model::to_text(found[0].kind)) + " " + std::string(model::to_text(found[0].severity)) + ": " +
           model::english(found[0].action);
  };
  CHECK(
      told_on("v=DMARC1; p=reject") ==
      "policy_changed watch: If that was not meant, put mailto:dmarc@example.org back into rua at _dmarc.example.org");
  CHECK(told_on("v=DMARC1; p=reject; rua=mailto:dmarc@example.org").find("policy_changed info: ") == 0);
}
