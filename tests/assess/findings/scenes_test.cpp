// Scenes of other casts than any generated story: keys that change, domains without reports, large providers that carry
// several people's mail.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "model/sentence.hpp"
#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

TEST_CASE("a reporter that stops while there is no DMARC record is judged by the days after") {
  World world;
  world.reports(1, 60);
  std::erase_if(world.intake().reports, [](const auto& r) { return r.reporter == 0 && r.day > epoch_day + 20; });
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 23, "", DnsRecordStatus::none);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 24, 60, "v=DMARC1; p=none");
  CHECK(world.said(25).find("reporter_silent") == std::string::npos);
  CHECK(world.said(28).find("reporter_silent") != std::string::npos);
}

TEST_CASE("a key rotation with both keys published is nothing") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 40);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 40, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 21, .to = 40, .messages = 40, .dkim = "s2 pass"});
  world.record(DnsRecordType::dkim, "s1._domainkey.example.org", 1, 27, "p=x");
  world.record(DnsRecordType::dkim, "s1._domainkey.example.org", 28, 40, "", DnsRecordStatus::none);
  for (const int night : {20, 21, 22, 28, 40}) {
    CAPTURE(night);
    CHECK(world.said(night).empty());
  }
}

TEST_CASE("two causes in one night are two findings, each with its own") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").source("192.0.2.2", SenderClass::own_server);
  world.reports(1, 25);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 40, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 21, .to = 25, .messages = 40, .dkim = "s1 permerror"});
  world.mail({.address = "192.0.2.2", .from = 1, .to = 20, .messages = 30, .spf = "pass"});
  world.mail({.address = "192.0.2.2", .from = 21, .to = 25, .messages = 30, .spf = "fail"});
  world.record(DnsRecordType::dkim, "s1._domainkey.example.org", 1, 20, "p=x");
  world.record(DnsRecordType::dkim, "s1._domainkey.example.org", 21, 25, "", DnsRecordStatus::none);
  world.record(DnsRecordType::spf, "example.org", 1, 20, "v=spf1 ip4:192.0.2.2 -all");
  world.record(DnsRecordType::spf, "example.org", 21, 25, "v=spf1 -all");
  int right = 0;
  for (const auto& f : world.judged(24)) {
    if (f.kind == model::FindingKind::dkim_broken && f.cause && f.cause->name == "s1._domainkey.example.org") ++right;
    if (f.kind == model::FindingKind::spf_broken && f.cause && f.cause->name == "example.org") ++right;
  }
  CHECK(right == 2);
}

TEST_CASE("one address that carries the owner's, forwarded and a stranger's mail is three senders") {
  World world;
  world.source("198.51.100.1", SenderClass::service, "Google Workspace").reports(1, 30);
  world.mail({.address = "198.51.100.1", .from = 1, .to = 30, .messages = 200, .dkim = "google pass", .spf = "pass"});
  world.mail({.address = "198.51.100.1", .from = 1, .to = 30, .messages = 9})
      .apart("198.51.100.1", SenderClass::stranger);
  const auto found = world.judged(30);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == model::FindingKind::unknown_steady);
  CHECK(found[0].messages == 270);
}

TEST_CASE("one busy new address in a background of many is no wave") {
  World world;
  world.reports(1, 40);
  for (int day = 1; day <= 30; ++day)
    for (int part = 0; part < 12; ++part)
      world.mail({.address = fmt::format("2001:db8:{:x}::{:x}", day, part), .from = day, .to = day, .messages = 1});
  world.mail({.address = "203.0.113.7", .from = 30, .to = 30, .messages = 44});
  CHECK(world.said(30).empty());
}

TEST_CASE("where ingesters visit the mailboxes, silence says nothing of a mailbox that nobody looked at here") {
  for (const bool is_of_cluster : {false, true}) {
    World world;
    world.reports(1, 20);
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 30, "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
    world.intake().is_of_cluster = is_of_cluster;
    const auto findings = world.judged(24);
    const auto trouble = std::find_if(findings.begin(), findings.end(),
                                      [](const auto& f) { return f.kind == model::FindingKind::mailbox_trouble; });
    REQUIRE(trouble != findings.end());
    std::string said;
    for (const auto& sentence : trouble->evidence) said += model::english(sentence) + "; ";
    said += model::english(trouble->action);
    CHECK((said.find("no mailbox is visited") == std::string::npos) == is_of_cluster);
    CHECK((said.find("Send a test mail") == std::string::npos) == is_of_cluster);
    CHECK((said.find("each ingester") != std::string::npos) == is_of_cluster);
  }
}

TEST_CASE("a parked domain that nobody reports on is no proof of an empty mailbox") {
  World world;
  world.reports(1, 20);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "", DnsRecordStatus::none);
  world.intake().domains.emplace_back("parked.example");
  world.intake().reports.push_back({.reporter = 0, .domain = 1, .day = epoch_day + 12, .taken_in = World::time_of(12)});
  CHECK(world.said(24).find("mailbox_trouble") == std::string::npos);
}
