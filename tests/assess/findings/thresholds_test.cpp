// Every threshold of assess/findings at ten messages a day and at ten million, with one reporter and with thirty, over
// a week and over a year.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

namespace {

constexpr std::int64_t ten = 10, ten_million = 10'000'000;

struct Size {
  std::int64_t volume;  // messages a day
  int reporters;
  int days;  // of history
};
const std::vector<Size> sizes = {{ten, 1, 9},           {ten, 30, 9},          {ten, 1, 365},
                                 {ten, 30, 365},        {ten_million, 1, 9},   {ten_million, 30, 9},
                                 {ten_million, 1, 365}, {ten_million, 30, 365}};

World world_of(const Size& size) {
  World world(size.reporters);
  world.reports(1, size.days + 20);
  return world;
}

// Kinds that were said, without those about reporters and the mailbox.
bool says(const World& world, int day, const std::string& kind) {
  return world.said(day).find(kind + " ") != std::string::npos;
}

}  // namespace

TEST_CASE("thresholds: a broken mechanism needs eight more failures than passes, whatever was before") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World few = world_of(size), enough = world_of(size);
    for (auto* world : {&few, &enough}) {
      world->source("192.0.2.1", SenderClass::service, "SendGrid");
      world->mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume, .dkim = "s1 pass"});
    }
    few.mail({.address = "192.0.2.1", .from = size.days + 1, .to = size.days + 1, .messages = 6, .dkim = "s1 fail"});
    enough.mail({.address = "192.0.2.1", .from = size.days + 1, .to = size.days + 1, .messages = 8, .dkim = "s1 fail"});
    CHECK_FALSE(says(few, size.days + 1, "dkim_broken"));
    CHECK(says(enough, size.days + 1, "dkim_broken"));
  }
}

TEST_CASE(
    "thresholds: an unaligned service is asked about from ten messages on, also when it sends little for a year") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World world = world_of(size);
    world.source("192.0.2.1", SenderClass::service, "Zendesk");
    world.mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume});
    CHECK(says(world, size.days, "sender_unaligned"));
    CHECK_FALSE(says(world, size.days + 12, "sender_unaligned"));
  }
}

TEST_CASE("thresholds: mail harmed by a raised policy is to be fixed from twenty messages on") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World world = world_of(size);
    world.source("192.0.2.1", SenderClass::service, "Mailchimp");
    world.mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume});
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, size.days, "v=DMARC1; p=none");
    world.record(DnsRecordType::dmarc, "_dmarc.example.org", size.days + 1, size.days + 9, "v=DMARC1; p=quarantine");
    const auto harm = [&](int day) {
      world.mail(
          {.address = "192.0.2.1", .from = day, .to = day, .messages = size.volume, .disposition = "quarantine"});
    };
    harm(size.days + 1);
    CHECK(says(world, size.days + 1, "own_mail_harmed") == (size.volume > ten));
    harm(size.days + 2);
    CHECK(says(world, size.days + 2, "own_mail_harmed"));
  }
}

TEST_CASE("thresholds: five days and twenty messages are steady after a year, too, and five days of a year are not") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World steady = world_of(size), rare = world_of(size);
    steady.mail({.address = "203.0.113.7", .from = size.days, .to = size.days + 4, .messages = size.volume});
    for (int day = 1; day <= size.days + 4; day += 60)
      rare.mail({.address = "203.0.113.7", .from = day, .to = day, .messages = 20});
    CHECK(says(steady, size.days + 4, "unknown_steady"));
    CHECK_FALSE(says(rare, size.days + 4, "unknown_steady"));
    CHECK_FALSE(says(steady, size.days + 14, "unknown_steady"));
  }
}

TEST_CASE("thresholds: a wave stands out of a background of any size that is known for weeks; its noise does not") {
  for (const auto& size : sizes) {
    if (size.days < 30) continue;
    CAPTURE(size.volume, size.reporters);
    World quiet = world_of(size), wave = world_of(size);
    for (auto* world : {&quiet, &wave})
      for (int day = 1; day <= size.days + 1; ++day)
        for (int part = 0; part < 5; ++part) {
          const auto noise = 9 + (day * 7 + part * 3) % 3;  // nine to eleven tenths
          world->mail({.address = fmt::format("2001:db8:{:x}::{:x}", day, part + 1),
                       .from = day,
                       .to = day,
                       .messages = size.volume * noise / 50});
        }
    for (int i = 0; i < 60; ++i)
      wave.mail({.address = fmt::format("203.0.113.{}", i),
                 .from = size.days + 1,
                 .to = size.days + 1,
                 .messages = std::max<std::int64_t>(2, size.volume / 60)});
    CHECK_FALSE(says(quiet, size.days + 1, "spoofing_wave"));
    CHECK(says(wave, size.days + 1, "spoofing_wave"));
  }
}

TEST_CASE("thresholds: in a week of history a wave needs to be many times the background") {
  for (const std::int64_t volume : {ten, ten_million}) {
    CAPTURE(volume);
    World world;
    world.reports(1, 30);
    for (int day = 1; day <= 7; ++day)
      for (int part = 0; part < 5; ++part)
        world.mail({.address = fmt::format("2001:db8:{:x}::{:x}", day, part + 1),
                    .from = day,
                    .to = day,
                    .messages = volume / 5});
    World wave = world;
    for (int i = 0; i < 60; ++i)
      wave.mail({.address = fmt::format("203.0.113.{}", i),
                 .from = 7,
                 .to = 7,
                 .messages = std::max<std::int64_t>(2, volume / 10)});
    CHECK_FALSE(says(world, 7, "spoofing_wave"));
    CHECK(says(wave, 7, "spoofing_wave"));
  }
}

TEST_CASE("thresholds: a sender is gone when its rhythm would have brought twenty messages in four days") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World world = world_of(size);
    world.source("192.0.2.1", SenderClass::service, "Brevo");
    world.mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume, .dkim = "s1 pass"});
    CHECK_FALSE(says(world, size.days + 3, "sender_gone"));
    CHECK(says(world, size.days + 5, "sender_gone"));
    CHECK(says(world, size.days + 20, "sender_gone"));
  }
}

TEST_CASE("thresholds: five times the usual is a jump after a week and after a year; half as much again is none") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World more = world_of(size), jump = world_of(size);
    for (auto* world : {&more, &jump}) {
      world->source("192.0.2.1", SenderClass::service, "Brevo");
      world->mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume, .dkim = "s1 pass"});
    }
    const int day = size.days + 1;
    more.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = size.volume * 3 / 2, .dkim = "s1 pass"});
    jump.mail({.address = "192.0.2.1", .from = day, .to = day, .messages = size.volume * 5, .dkim = "s1 pass"});
    CHECK_FALSE(says(more, day, "volume_jump"));
    CHECK(says(jump, day, "volume_jump"));
  }
}

TEST_CASE("thresholds: a new sender is news for a week, and nothing is new in the first three days") {
  for (const auto& size : sizes) {
    CAPTURE(size.volume, size.reporters, size.days);
    World world = world_of(size), first = world_of(size);
    world.source("192.0.2.1", SenderClass::service, "Brevo");
    world.mail(
        {.address = "192.0.2.1", .from = size.days, .to = size.days + 9, .messages = size.volume, .dkim = "s1 pass"});
    first.source("192.0.2.1", SenderClass::service, "Brevo");
    first.mail({.address = "192.0.2.1", .from = 1, .to = size.days, .messages = size.volume, .dkim = "s1 pass"});
    CHECK(says(world, size.days, "new_sender"));
    CHECK_FALSE(says(first, 3, "new_sender"));
    CHECK_FALSE(says(first, size.days, "new_sender"));
  }
}

TEST_CASE("thresholds: a reporter is silent after four days beside others, after a week and after a year") {
  for (const int days : {9, 365}) {
    World world(30);
    world.reports(1, days + 6);
    const auto since = epoch_day + days;
    std::erase_if(world.intake().reports, [since](const auto& r) { return r.reporter == 3 && r.day > since; });
    CAPTURE(days);
    CHECK_FALSE(says(world, days + 2, "reporter_silent"));
    CHECK(says(world, days + 4, "reporter_silent"));
  }
}
