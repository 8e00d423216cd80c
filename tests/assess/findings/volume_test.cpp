// sender_gone and volume_jump: a sender against its own rhythm.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

TEST_CASE("a weekly sender is not gone between its letters, and is when two are missing") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 60);
  for (int day = 3; day <= 31; day += 7)
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = 70, .dkim = "s1 pass"});
  CHECK(world.said(37).empty());
  CHECK(world.said(42) == "sender_gone info");
}

TEST_CASE("nobody is gone while no report can come") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 30);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 30, .messages = 70, .dkim = "s1 pass"});
  CHECK(world.said(45).find("sender_gone") == std::string::npos);
}

TEST_CASE("a campaign is a jump, the same day of every week is not") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 43);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 42, .messages = 100, .dkim = "s1 pass"});
  for (int day = 1; day <= 42; day += 7)
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = 900, .dkim = "s1 pass"});
  World jump = world;
  world.mail({.address = "192.0.2.1", .from = 43, .to = 43, .messages = 1000, .dkim = "s1 pass"});
  jump.mail({.address = "192.0.2.1", .from = 43, .to = 43, .messages = 5000, .dkim = "s1 pass"});
  CHECK(world.said(43).empty());
  CHECK(jump.said(43) == "volume_jump info");
}

TEST_CASE("a jump of several days is told with its days and with what is usual for all of them") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 44);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 42, .messages = 100, .dkim = "s1 pass"});
  World one = world;
  one.mail({.address = "192.0.2.1", .from = 43, .to = 43, .messages = 5000, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 43, .to = 44, .messages = 5000, .dkim = "s1 pass"});
  const auto said = [](const std::vector<model::Finding>& found) { return model::english(found.at(0).evidence.at(0)); };
  CHECK(said(one.judged(43)) ==
        "Brevo sent 5,000 messages on 2024-11-16; about 100 are usual for that day of the week");
  CHECK(said(world.judged(44)) ==
        "Brevo sent 10,000 messages from 2024-11-16 to 2024-11-17; about 200 are usual for these days of the week");
}

TEST_CASE("a jump is news when its reports came in, however long they had to wait") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 44);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 44, .messages = 100, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 31, .to = 31, .messages = 5000, .dkim = "s1 pass"});
  CHECK(world.said(41).empty());
  for (auto& report : world.intake().reports)  // the mailbox could not be read
    if (report.day > epoch_day + 30 && report.day < epoch_day + 41) report.taken_in = World::time_of(41);
  CHECK(world.said(41) == "volume_jump info");
}

TEST_CASE("what a new server brings is no jump of the servers that were there") {
  const auto busy = [](const char* address, int from) {
    World world;
    world.reports(1, 30).source("192.0.2.1", SenderClass::own_server).source("192.0.2.2", SenderClass::own_server);
    world.mail({.address = "192.0.2.1", .to = 30, .messages = 5, .dkim = "s1 pass", .spf = "pass"});
    world.mail({.address = address, .from = from, .to = 30, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
    return world.said(30);
  };
  CHECK(busy("192.0.2.2", 29) == "new_sender info");
  CHECK(busy("192.0.2.1", 29) == "volume_jump info");
}

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

TEST_CASE("a restless sender has not jumped where of five receivers that sent of one has reported yet") {
  World world(5);
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 15);
  world.reports(16, 16, 0);
  const int volumes[] = {295, 1200, 246, 887, 148, 88, 52, 139, 767, 339, 936, 272, 151, 104, 182};
  int day = 0;
  for (const int volume : volumes) {
    ++day;
    world.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = volume, .dkim = "s1 pass"});
  }
  world.mail({.address = "192.0.2.1", .from = 16, .to = 16, .messages = 900, .dkim = "s1 pass"});
  CHECK(world.said(16).empty());
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

namespace {

std::string advice_on_gone(const World& world, int night) {
  const auto found = world.judged(night);
  const auto gone =
      std::find_if(found.begin(), found.end(), [](const auto& f) { return f.kind == model::FindingKind::sender_gone; });
  return gone == found.end() ? "" : model::english(gone->action);
}

// 192.0.2.1 sent until day 20, 192.0.2.9 since.
World moved(const std::string& key, const std::string& term) {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).source("192.0.2.9", SenderClass::own_server).reports(1, 40);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 12, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.9", .from = 21, .to = 40, .messages = 12, .dkim = key, .spf = "pass"});
  world.listed("192.0.2.1", "ip4:192.0.2.0/28").listed("192.0.2.9", term);
  return world;
}

}  // namespace

TEST_CASE("what others still sign with and send by is not to be taken out with a sender that is gone") {
  CHECK(advice_on_gone(moved("s9 pass", "ip4:192.0.2.9"), 30) ==
        "If you stopped using 192.0.2.1, remove it from SPF and withdraw those of its keys that nothing else uses");
  CHECK(advice_on_gone(moved("s1 pass", "ip4:192.0.2.9"), 30) ==
        "If you stopped using 192.0.2.1, remove it from SPF; the key s1._domainkey.example.org stays, 192.0.2.9 signs "
        "with it");
  CHECK(advice_on_gone(moved("s9 pass", "ip4:192.0.2.0/28"), 30) ==
        "If you stopped using 192.0.2.1, withdraw those of its keys that nothing else uses; ip4:192.0.2.0/28 stays in "
        "SPF, 192.0.2.9 sends by it");
  CHECK(advice_on_gone(moved("s1 pass", "ip4:192.0.2.0/28"), 30) ==
        "If you stopped using 192.0.2.1, remove nothing: the key s1._domainkey.example.org stays, "
        "192.0.2.9 signs with it; ip4:192.0.2.0/28 stays in SPF, 192.0.2.9 sends by it");
}

TEST_CASE("of a sender that is gone only what it had is to be taken out") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 40);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 70, .dkim = "s1 pass"});
  CHECK(advice_on_gone(world, 30) == "If you stopped using Brevo, withdraw those of its keys that nothing else uses");
}

TEST_CASE("a key that a monthly sender signs with stays though that one sent last before the one that is gone") {
  const auto advice = [](int last_letter, int night) {
    World world;
    world.source("192.0.2.1", SenderClass::service, "Brevo").source("192.0.2.9", SenderClass::service, "Mailchimp");
    world.reports(1, 80);
    world.mail({.address = "192.0.2.1", .from = 1, .to = 60, .messages = 20, .dkim = "s1 pass"});
    for (const int day : {last_letter - 28, last_letter})
      world.mail({.address = "192.0.2.9", .from = day, .to = day, .messages = 9, .dkim = "s1 pass"});
    return advice_on_gone(world, night);
  };
  CHECK(advice(50, 70) ==
        "If you stopped using Brevo, remove nothing: the key s1._domainkey.example.org stays, Mailchimp signed with it "
        "until " +
            model::english(model::say("{}", model::DayOf{epoch_day + 50})));
  CHECK(advice(29, 70) == "If you stopped using Brevo, withdraw those of its keys that nothing else uses");
}

TEST_CASE("a key that signs for a name below with a policy of its own stays") {
  const auto advice = [](const std::string& other, int last) {
    World world;
    world.source("192.0.2.1", SenderClass::service, "Brevo").reports(1, 40);
    world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 20, .dkim = "s1 pass"});
    world.mail_of(other, {.address = "192.0.2.1", .from = 1, .to = last, .messages = 9, .dkim = "s1 pass"});
    return advice_on_gone(world, 30);
  };
  CHECK(advice("news.example.org", 29) ==
        "If you stopped using Brevo, remove nothing: the key s1._domainkey.example.org stays, mail of news.example.org "
        "is signed with it");
  CHECK(advice("news.example.org", 21) ==
        "If you stopped using Brevo, withdraw those of its keys that nothing else uses");
}

TEST_CASE("the addresses that an IPv6 host had before are no others that use its key") {
  World world;
  world.reports(1, 60).source("192.0.2.9", SenderClass::own_server);
  world.mail({.address = "192.0.2.9", .to = 60, .messages = 20, .dkim = "s9 pass"});
  for (int day = 1; day <= 45; ++day) {
    const auto address = fmt::format("2001:db8:1:2::{:x}", 0x1000 + day);
    world.source(address, SenderClass::own_server);
    world.mail({.address = address, .from = day, .to = day, .messages = 20, .dkim = "s1 pass"});
  }
  CHECK(advice_on_gone(world, 56) ==
        "If you stopped using 2001:db8:1:2::/64, withdraw those of its keys that nothing else uses");
}

TEST_CASE("an IPv6 host that has another address on every day is no new server, and its jump is told") {
  World world;
  world.reports(1, 40);
  for (int day = 1; day <= 40; ++day) {
    const auto address = fmt::format("2001:db8:1:2::{:x}", 0x1000 + day);
    world.source(address, SenderClass::own_server);
    world.mail({.address = address,
                .from = day,
                .to = day,
                .messages = day == 40 ? 900 : 60,
                .dkim = "s1 pass",
                .spf = "pass"});
  }
  CHECK(world.said(40) == "volume_jump info");
}
