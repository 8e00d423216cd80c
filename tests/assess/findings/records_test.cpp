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
