// Scenes of other casts than any generated story: servers that move, weekly and monthly senders, domains without
// reports, large providers that carry several people's mail.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

TEST_CASE("an own server that stopped is gone although a new one sends in its place, and stays gone") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).source("192.0.2.9", SenderClass::own_server).reports(1, 60);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 12, .spf = "pass"});
  world.mail({.address = "192.0.2.9", .from = 27, .to = 60, .messages = 12, .spf = "pass"});
  for (const int night : {26, 30, 50}) {
    CAPTURE(night);
    const auto found = world.judged(night);
    const auto gone = std::find_if(found.begin(), found.end(),
                                   [](const auto& f) { return f.kind == model::FindingKind::sender_gone; });
    REQUIRE(gone != found.end());
    CHECK(gone->id == "sender_gone/example.org/own server/192.0.2.1");
    CHECK(gone->subject.sources == std::vector<std::string>{"192.0.2.1"});
  }
}

TEST_CASE("a weekly letter that misses one week is gone within eight nights of the next") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 60);
  for (int day = 3; day <= 31; day += 7)
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = 70, .dkim = "s1 pass"});
  CHECK(world.said(37).empty());
  CHECK(world.said(40) == "sender_gone info");
}

TEST_CASE("a letter of every second week is not gone in the week between, and is when the next is missing") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 90);
  for (int day = 3; day <= 59; day += 14)
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = 400, .dkim = "s1 pass"});
  CHECK(world.said(70).empty());
  CHECK(world.said(79) == "sender_gone info");
}

TEST_CASE("month-end bursts are neither jumps nor silence") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 200);
  for (int month = 0; month < 6; ++month)
    world.mail({.address = "192.0.2.1", .from = 30 * month + 1, .to = 30 * month + 2, .messages = 500, .spf = "pass"});
  for (const int night : {100, 122, 140, 149, 152}) {
    CAPTURE(night);
    CHECK(world.said(night).find("sender_gone") == std::string::npos);
  }
}

TEST_CASE("while a domain has no DMARC record nobody of it is gone, although other domains are reported on") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 60);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 60, .dkim = "s1 pass"});
  World lost = world;
  lost.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  lost.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 40, "", DnsRecordStatus::none);
  CHECK(world.said(30) == "sender_gone info");
  CHECK(lost.said(30).find("sender_gone") == std::string::npos);
}

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

TEST_CASE("a restless sender has jumped when a day is far above all days of two weeks") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 16);
  const int volumes[] = {295, 1200, 246, 887, 148, 88, 52, 139, 767, 339, 936, 272, 151, 104, 182};
  int day = 0;
  for (const int volume : volumes) {
    ++day;
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = volume, .dkim = "s1 pass"});
  }
  World usual = world;
  world.mail({.address = "192.0.2.1", .from = 16, .to = 16, .messages = 3700, .dkim = "s1 pass"});
  usual.mail({.address = "192.0.2.1", .from = 16, .to = 16, .messages = 2700, .dkim = "s1 pass"});
  CHECK(world.said(16) == "volume_jump info");
  CHECK(usual.said(16).empty());
}

TEST_CASE("two noisy days of a week are no measure of a jump") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 30);
  const std::vector<std::int64_t> days = {21, 21, 34, 17, 23, 35, 26, 23, 58, 21, 31, 14, 22, 30, 42, 35, 28, 44, 47};
  for (std::size_t i = 0; i < days.size(); ++i)
    world.mail({.address = "192.0.2.1",
                .from = static_cast<int>(i) + 1,
                .to = static_cast<int>(i) + 1,
                .messages = days[i],
                .spf = "pass"});
  CHECK(world.said(19).empty());
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

TEST_CASE("a parked domain that nobody reports on is no proof of an empty mailbox") {
  World world;
  world.reports(1, 20);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "", DnsRecordStatus::none);
  world.intake().domains.emplace_back("parked.example");
  world.intake().reports.push_back({.reporter = 0, .domain = 1, .day = epoch_day + 12, .taken_in = World::time_of(12)});
  CHECK(world.said(24).find("mailbox_trouble") == std::string::npos);
}
