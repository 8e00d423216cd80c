// Senders whose addresses change from day to day: an IPv6 host in its /64, and the pool of a service.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

namespace {

constexpr const char* host_key = "s1._domainkey.example.org";

std::string daily_address(int day) { return fmt::format("2001:db8:1:2::{:x}", 4096 + 37 * day); }

// One who sends from another address on every day.
void moving(World& world, SenderClass of, int first, int last, std::int64_t messages, const std::string& dkim,
            const std::string& spf) {
  for (int day = first; day <= last; ++day) {
    const auto address = daily_address(day);
    world.source(address, of);
    world.mail({.address = address, .from = day, .to = day, .messages = messages, .dkim = dkim, .spf = spf});
  }
}

const model::Finding* first_of(const std::vector<model::Finding>& found, model::FindingKind kind) {
  const auto at = std::find_if(found.begin(), found.end(), [kind](const auto& f) { return f.kind == kind; });
  return at == found.end() ? nullptr : &*at;
}

World with_own_server(int days) {
  World world;
  world.reports(1, days).source("192.0.2.1", SenderClass::own_server);
  world.mail({.address = "192.0.2.1", .to = days, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
  return world;
}

}  // namespace

TEST_CASE("an own IPv6 host that changes its address within its network is neither new nor gone") {
  World world;
  world.reports(1, 40);
  moving(world, SenderClass::own_server, 1, 40, 40, "s1 pass", "pass");
  for (int night = 5; night <= 40; ++night) {
    CAPTURE(night);
    CHECK(world.said(night).empty());
  }
}

TEST_CASE("an IPv6 host that SPF does not name is one question about its network, and the same one on every night") {
  auto world = with_own_server(40);
  moving(world, SenderClass::own_server, 20, 40, 20, "s1 pass", "fail");
  for (const int night : {22, 30, 40}) {
    CAPTURE(night);
    const auto found = world.judged(night);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "new_sender/example.org/own server/2001:db8:1:2::/64");
    CHECK(model::english(found[0].action) == "If 2001:db8:1:2::/64 is yours, add it to the SPF record of example.org");
  }
}

TEST_CASE("a lost key of an own IPv6 host is found though no address of it that fails ever passed") {
  World world;
  world.reports(1, 30);
  moving(world, SenderClass::own_server, 1, 24, 40, "s1 pass", "pass");
  moving(world, SenderClass::own_server, 25, 30, 40, "s1 permerror", "pass");
  world.record(DnsRecordType::dkim, host_key, 1, 24, "p=x")
      .record(DnsRecordType::dkim, host_key, 25, 30, "", DnsRecordStatus::none);
  const auto found = world.judged(27);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == model::FindingKind::dkim_broken);
  CHECK(found[0].since == epoch_day + 25);
  CHECK(found[0].messages == 240);
}

TEST_CASE("a lost key of a service is found though each of its messages comes from an address of its own") {
  World world;
  world.reports(1, 30);
  for (int day = 1; day <= 30; ++day)
    for (int i = 0; i < 8; ++i) {
      const auto address = fmt::format("203.0.{}.{}", 100 + day, 10 + i);
      world.source(address, SenderClass::service, "SendGrid");
      world.mail({.address = address,
                  .from = day,
                  .to = day,
                  .messages = 1,
                  .dkim = day < 25 ? "s1 pass" : "s1 permerror",
                  .spf = "pass"});
    }
  world.record(DnsRecordType::dkim, host_key, 1, 24, "p=x")
      .record(DnsRecordType::dkim, host_key, 25, 30, "", DnsRecordStatus::none);
  const auto found = world.judged(27);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == model::FindingKind::dkim_broken);
  CHECK(found[0].severity == model::Severity::ask);
  CHECK(found[0].messages == 48);
  CHECK(found[0].since == epoch_day + 25);
}

TEST_CASE("an address of a service that never signed is no lost key while the others sign") {
  World world;
  world.reports(1, 30).source("203.0.113.1", SenderClass::service, "SendGrid");
  world.source("203.0.113.2", SenderClass::service, "SendGrid");
  world.mail({.address = "203.0.113.1", .to = 30, .messages = 30, .dkim = "s1 pass"});
  world.mail({.address = "203.0.113.2", .from = 20, .to = 30, .messages = 10, .spf = "pass"});
  CHECK(world.said(30).find("dkim_broken") == std::string::npos);
}

TEST_CASE("an unknown IPv6 host is steady though it sends from another address on every day") {
  World world;
  world.reports(1, 30);
  moving(world, SenderClass::stranger, 21, 30, 6, "", "");
  const auto found = world.judged(30);
  const auto* steady = first_of(found, model::FindingKind::unknown_steady);
  REQUIRE(steady != nullptr);
  CHECK(steady->id == "unknown_steady/example.org/2001:db8:1:2::/64");
  CHECK(model::english(steady->action) ==
        "If 2001:db8:1:2::/64 is yours: 'ruaudit label 2001:db8:1:2::/64 mine', and add it to SPF; else nothing to do");
}

TEST_CASE("a forwarder that changes its IPv6 address is new once") {
  auto world = with_own_server(40);
  moving(world, SenderClass::forwarder, 20, 40, 20, "s1 pass", "fail");
  const auto found = world.judged(22);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "forwarding/example.org/2001:db8:1:2::/64");
  CHECK(found[0].messages == 420);
}

TEST_CASE("a new own server in the network of another is new where SPF does not name it") {
  World world;
  world.reports(1, 40).source("2001:db8:1:2::1", SenderClass::own_server);
  world.mail({.address = "2001:db8:1:2::1", .to = 40, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
  world.source("2001:db8:1:2::2", SenderClass::own_server);
  world.mail({.address = "2001:db8:1:2::2", .from = 30, .to = 40, .messages = 9, .dkim = "s1 pass", .spf = "fail"});
  CHECK(world.said(32) == "new_sender ask");
}
