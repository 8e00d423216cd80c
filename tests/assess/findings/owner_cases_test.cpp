// What a domain owner was once told wrongly or not at all, with the right answer. The policy advice of these cases is
// the gate's (tests/assess/policy), their text the screens'.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;
using model::FindingKind;
using model::Severity;

namespace {

const model::Finding* find(const std::vector<model::Finding>& findings, FindingKind kind) {
  const auto at = std::find_if(findings.begin(), findings.end(), [kind](const auto& f) { return f.kind == kind; });
  return at == findings.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("owner's case 1: one address that fails steadily, a fifth of all mail, is told and never passed over") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 14);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 14, .messages = 800, .spf = "pass"});
  world.mail({.address = "203.0.113.7", .from = 1, .to = 14, .messages = 200});
  const auto found = world.judged(14);
  const auto* steady = find(found, FindingKind::unknown_steady);
  REQUIRE(steady != nullptr);
  CHECK(steady->messages == 2'800);
  CHECK(steady->subject.sources == std::vector<std::string>{"203.0.113.7"});
}

TEST_CASE("owner's case 2: a provider's DKIM that fell to nothing while SPF passes is a question with its cause") {
  World world;
  world.source("198.51.100.1", SenderClass::service, "Google Workspace").reports(1, 30);
  world.source("198.51.100.9", SenderClass::service, "Mailchimp");
  world.mail({.address = "198.51.100.1", .from = 1, .to = 25, .messages = 900, .dkim = "google pass", .spf = "pass"});
  world.mail(
      {.address = "198.51.100.1", .from = 26, .to = 30, .messages = 900, .dkim = "google permerror", .spf = "pass"});
  world.mail({.address = "198.51.100.9", .from = 1, .to = 30, .messages = 1'000});
  world.record(DnsRecordType::dkim, "google._domainkey.example.org", 1, 25, "p=x");
  world.record(DnsRecordType::dkim, "google._domainkey.example.org", 26, 30, "", DnsRecordStatus::broken, "key-syntax");
  const auto found = world.judged(30);
  const auto* broken = find(found, FindingKind::dkim_broken);
  REQUIRE(broken != nullptr);
  CHECK(broken->severity == Severity::ask);
  CHECK(broken->subject.service == "Google Workspace");
  CHECK(broken->subject.selector == "google");
  REQUIRE(broken->cause);
  CHECK(broken->cause->change == model::RecordChange::broken);
}

TEST_CASE("owner's case 3: every unaligned service has a finding of its own, whatever its size") {
  World world;
  world.reports(1, 30);
  const std::vector<std::pair<std::string, std::int64_t>> services = {
      {"Mailchimp", 1'087}, {"Zendesk", 223}, {"HubSpot", 2}};
  for (std::size_t i = 0; i < services.size(); ++i) {
    const auto address = fmt::format("198.51.100.{}", i + 1);
    world.source(address, SenderClass::service, services[i].first);
    world.mail({.address = address, .from = 1, .to = 30, .messages = services[i].second});
  }
  std::vector<std::string> named;
  for (const auto& finding : world.judged(30))
    if (finding.kind == FindingKind::sender_unaligned) named.push_back(finding.subject.service);
  CHECK(named == std::vector<std::string>{"Mailchimp", "Zendesk", "HubSpot"});
}

TEST_CASE("owner's case 4: the owner's own failing host is asked about, a wave on made-up subdomains is watched") {
  World world;
  world.source("2001:db8:77::25", SenderClass::own_server).reports(1, 30);
  world.mail({.address = "2001:db8:77::25", .from = 1, .to = 30, .messages = 51, .spf = "softfail"});
  for (int i = 0; i < 240; ++i)
    world.mail({.address = fmt::format("203.0.113.{}", i),
                .from = 29,
                .to = 29,
                .messages = 4,
                .header_from = i % 2 == 0 ? "billing.example.org" : "secure.example.org"});
  const auto found = world.judged(30);
  const auto* own = find(found, FindingKind::sender_unaligned);
  const auto* wave = find(found, FindingKind::subdomain_abuse);
  REQUIRE(own != nullptr);
  REQUIRE(wave != nullptr);
  CHECK(own->severity == Severity::ask);
  CHECK(own->messages == 1'530);
  CHECK(wave->severity == Severity::watch);
  CHECK(wave->messages == 960);
}

TEST_CASE("owner's case 5: the own newsletter in spam since the policy was raised is to be fixed first") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 30);
  world.mail({.address = "198.51.100.9", .from = 1, .to = 15, .messages = 2'000});
  world.mail({.address = "198.51.100.9", .from = 16, .to = 30, .messages = 2'000, .disposition = "quarantine"});
  world.mail({.address = "203.0.113.7", .from = 20, .to = 20, .messages = 90, .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 15, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 16, 30, "v=DMARC1; p=quarantine");
  const auto found = world.judged(30);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].kind == FindingKind::own_mail_harmed);
  CHECK(found[0].severity == Severity::fix);
  CHECK(found[0].messages == 30'000);
  CHECK(found[0].subject.service == "Mailchimp");
}

TEST_CASE("owner's case 6: a thousand strangers are no thousand findings") {
  World world;
  world.reports(1, 30);
  for (int i = 0; i < 1'000; ++i) {
    const int day = 1 + i % 30;
    world.mail({.address = fmt::format("2001:db8::{:x}", i + 1), .from = day, .to = day, .messages = 2});
  }
  CHECK(world.said(30).empty());
}

TEST_CASE("owner's case 7: what comes late counts in the finding of its day, and no later night loses it") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Zendesk").reports(1, 20);
  world.mail({.address = "198.51.100.9", .from = 1, .to = 20, .messages = 10});
  const auto before = world.judged(20);
  world.mail(
      {.address = "198.51.100.9", .from = 12, .to = 12, .messages = 7});  // of a report that came on a later night
  const auto after = world.judged(20);
  REQUIRE(before.size() == 1);
  REQUIRE(after.size() == 1);
  CHECK(after[0].messages == before[0].messages + 7);
  CHECK(after[0].id == before[0].id);
}

TEST_CASE(
    "owner's case 8: reports that do not prove their origin are left out once most do, and told when they matter") {
  World world;
  world.reports(1, 20);
  world.intake().reports.push_back({.reporter = 0,
                                    .day = epoch_day + 20,
                                    .taken_in = World::time_of(20),
                                    .trust = model::ReportTrust::unauthenticated,
                                    .messages = 4'000'000});
  const auto found = world.judged(20);
  const auto* forged = find(found, FindingKind::forged_reports);
  REQUIRE(forged != nullptr);
  CHECK(forged->severity == Severity::watch);
  CHECK(forged->messages == 4'000'000);
}
