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

constexpr const char* key_name = "s1._domainkey.example.org";

World with_key_lost(std::int64_t volume, int fall, int last, const std::string& spf, bool is_dns_told = true) {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, last);
  world.mail({.address = "192.0.2.1", .from = 1, .to = fall - 1, .messages = volume, .dkim = "s1 pass", .spf = spf});
  world.mail(
      {.address = "192.0.2.1", .from = fall, .to = last, .messages = volume, .dkim = "s1 permerror", .spf = spf});
  if (is_dns_told)
    world.record(DnsRecordType::dkim, key_name, 1, fall - 1, "p=x")
        .record(DnsRecordType::dkim, key_name, fall, last, "", DnsRecordStatus::none);
  return world;
}

}  // namespace

TEST_CASE("a lost key is found and named at ten messages a day and at ten million, within days and after a year") {
  for (const std::int64_t volume : {10LL, 10'000'000LL})
    for (const int fall : {8, 350}) {
      CAPTURE(volume, fall);
      const auto found = with_key_lost(volume, fall, fall + 2, "").judged(fall + 2);
      REQUIRE(found.size() == 1);
      CHECK(found[0].kind == model::FindingKind::dkim_broken);
      CHECK(found[0].severity == model::Severity::fix);
      CHECK(found[0].messages == 3 * volume);
      CHECK(found[0].since == epoch_day + fall);
      REQUIRE(found[0].cause);
      CHECK(found[0].cause->name == key_name);
      CHECK(found[0].cause->change == model::RecordChange::removed);
    }
}

TEST_CASE("DKIM that falls while SPF holds is a question, not to be fixed at once, and never invisible") {
  CHECK(with_key_lost(40, 20, 23, "pass").said(23) == "dkim_broken ask");
}

TEST_CASE("a sender whose records have not changed has no cause") {
  const auto found = with_key_lost(40, 20, 23, "", false).judged(23);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].cause);
}

TEST_CASE("a key that was gone before the program first looked is the cause all the same") {
  auto world = with_key_lost(40, 20, 23, "", false);
  world.record(DnsRecordType::dkim, key_name, 22, 23, "", DnsRecordStatus::none);
  const auto found = world.judged(23);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].cause);
  CHECK(found[0].cause->name == key_name);
  CHECK(found[0].cause->change == model::RecordChange::removed);
  CHECK(model::english(found[0].action).find("Publish the key") == 0);
  CHECK(model::english(found[0].evidence.back()).find("there is no key at") == 0);
}

TEST_CASE("only where the records were known before does the reason lie at the sender") {
  const auto why = [](World world) {
    const auto found = world.judged(23);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].cause);
    return model::english(found[0].evidence.back());
  };
  auto never_asked = with_key_lost(40, 20, 23, "", false);
  CHECK(why(never_asked).find("is not known") != std::string::npos);
  auto asked_since = never_asked, asked_before = never_asked;
  asked_since.record(DnsRecordType::dkim, key_name, 21, 23, "p=x");
  CHECK(why(asked_since).find("is not known") != std::string::npos);
  asked_before.record(DnsRecordType::dkim, key_name, 10, 23, "p=x");
  CHECK(why(asked_before).find("the reason is at the sender") != std::string::npos);
}

TEST_CASE("what was looked at too late, or not since, is not called unchanged") {
  const auto last = [](const World& world) { return world.judged(23).at(0); };
  // The nights of the fall were missed: the key was there on the 10th and is gone on the 22nd.
  auto seen_late = with_key_lost(40, 15, 23, "", false);
  seen_late.record(DnsRecordType::dkim, key_name, 1, 12, "p=x")
      .record(DnsRecordType::dkim, key_name, 22, 23, "", DnsRecordStatus::none);
  REQUIRE(last(seen_late).cause);
  CHECK(last(seen_late).cause->change == model::RecordChange::removed);
  auto not_since = with_key_lost(40, 20, 23, "", false);
  not_since.record(DnsRecordType::dkim, key_name, 1, 12, "p=x");
  CHECK(model::english(last(not_since).evidence.back()).find("is not known") != std::string::npos);
  auto changed_early = with_key_lost(40, 20, 23, "", false);
  changed_early.record(DnsRecordType::dkim, key_name, 1, 21, "p=x")
      .record(DnsRecordType::dkim, key_name, 22, 23, "p=y");
  CHECK(model::english(last(changed_early).evidence.back()).find("at the sender") == std::string::npos);
}

TEST_CASE("a new selector whose key DNS does not have is named, and mail without a signature is called so") {
  const auto judged = [](const std::string& dkim, bool is_asked) {
    World world;
    world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
    world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = ""});
    world.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = dkim, .spf = ""});
    if (is_asked) world.record(DnsRecordType::dkim, "s2._domainkey.example.org", 21, 23, "", DnsRecordStatus::none);
    return world.judged(23).at(0);
  };
  const auto renamed = judged("s2 permerror", true);
  CHECK_FALSE(renamed.cause);
  CHECK(model::english(renamed.action) ==
        "Publish the key of SendGrid at s2._domainkey.example.org, as SendGrid shows it");
  CHECK(model::english(judged("s2 permerror", false).evidence.back()).find("is not known") != std::string::npos);
  CHECK(model::english(judged("", false).evidence.back()) ==
        "it bears no signature of example.org any more: the reason is at the sender");
}

TEST_CASE("an address with little mail is repaired with its sender, though one of its signatures breaks again") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").source("192.0.2.2", SenderClass::service, "SendGrid");
  world.reports(1, 34);
  for (const auto& [from, to, dkim] :
       {std::tuple(1, 14, "s1 pass"), std::tuple(15, 28, "s1 fail"), std::tuple(29, 34, "s1 pass")}) {
    world.mail({.address = "192.0.2.1", .from = from, .to = to, .messages = 40, .dkim = dkim, .spf = ""});
    world.mail({.address = "192.0.2.2",
                .from = from,
                .to = std::min(to, 30),
                .messages = from == 29 ? 3 : 4,
                .dkim = dkim,
                .spf = ""});
  }
  world.mail({.address = "192.0.2.2", .from = 30, .to = 30, .messages = 1, .dkim = "s1 fail", .spf = ""});
  CHECK(world.said(34).find("dkim_broken") == std::string::npos);
}

TEST_CASE("who signs still, in vain, is not told to sign") {
  const auto action = [](const World& world) { return model::english(world.judged(23).at(0).action); };
  auto unknown = with_key_lost(40, 20, 23, "", false), unchanged = unknown;
  CHECK(action(unknown) == "Compare the key at " + std::string(key_name) +
                               " with the one that SendGrid shows: signatures with it no longer verify");
  unchanged.record(DnsRecordType::dkim, key_name, 10, 23, "p=x");
  CHECK(action(unchanged) == "See why signatures of SendGrid with selector s1 no longer verify");
  World unsigned_now;
  unsigned_now.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 23);
  unsigned_now.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 40, .dkim = "s1 pass", .spf = ""});
  unsigned_now.mail({.address = "192.0.2.1", .from = 20, .to = 23, .messages = 40, .dkim = "", .spf = ""});
  CHECK(action(unsigned_now) == "See why SendGrid no longer signs for example.org with selector s1");
}

TEST_CASE("single broken signatures of a busy sender are no finding") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").reports(1, 40);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 40, .messages = 9900, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 1, .to = 40, .messages = 100, .dkim = "s1 fail"});
  CHECK(world.said(40).empty());
}

TEST_CASE("what one receiver alone could not check is no fall") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 20);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 19, .messages = 50, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .from = 20, .to = 20, .messages = 60, .dkim = "s1 temperror"});
  CHECK(world.said(20).empty());
}

TEST_CASE("one of two servers that signs no more is named alone") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).source("192.0.2.2", SenderClass::own_server).reports(1, 20);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 20, .messages = 30, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.2", .from = 1, .to = 15, .messages = 20, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "192.0.2.2", .from = 16, .to = 20, .messages = 20, .spf = "pass"});
  const auto found = world.judged(20);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject.sources == std::vector<std::string>{"192.0.2.2"});
  CHECK(found[0].messages == 100);
}

TEST_CASE("a service that never passed is one question, whatever its size beside others") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "SendGrid").source("198.51.100.9", SenderClass::service, "Zendesk");
  world.reports(1, 30);
  world.mail({.address = "192.0.2.1", .from = 1, .to = 30, .messages = 100'000, .dkim = "s1 pass", .spf = "pass"});
  world.mail({.address = "198.51.100.9", .from = 1, .to = 30, .messages = 4});
  const auto found = world.judged(30);
  REQUIRE(found.size() == 1);
  CHECK(found[0].subject.service == "Zendesk");
  CHECK(found[0].messages == 120);
  CHECK(english(found[0].action).find("Zendesk") != std::string::npos);
}

TEST_CASE("mail that fails since before the policy was raised and is now in spam is to be fixed") {
  World world;
  world.source("198.51.100.9", SenderClass::service, "Mailchimp").reports(1, 25);
  world.mail({.address = "198.51.100.9", .from = 1, .to = 20, .messages = 20});
  world.mail({.address = "198.51.100.9", .from = 21, .to = 25, .messages = 20, .disposition = "quarantine"});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 25, "v=DMARC1; p=quarantine");
  const auto found = world.judged(25);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].kind == model::FindingKind::own_mail_harmed);
  CHECK(found[0].messages == 100);
  CHECK(found[0].since == epoch_day + 21);
}

TEST_CASE("a wave of many strangers is watched, a quiet background and a single talker are not waves") {
  World world;
  world.reports(1, 32);
  for (int i = 0; i < 40; ++i)
    world.mail({.address = "203.0.113." + std::to_string(i), .from = 29, .to = 29, .messages = 3});
  for (int day = 1; day <= 30; ++day)
    world.mail({.address = "198.51.100." + std::to_string(day), .from = day, .to = day, .messages = 9});
  CHECK(world.said(30) == "spoofing_wave watch");
  CHECK(world.judged(30)[0].messages == 129);
  CHECK(world.said(32).empty());
}

TEST_CASE("an unknown address is steady from five days and twenty messages on") {
  for (const auto& [days, messages, want] :
       {std::tuple{4, 30, ""}, {5, 3, ""}, {5, 4, "unknown_steady watch"}, {20, 1, "unknown_steady watch"}}) {
    CAPTURE(days, messages);
    World world;
    world.reports(1, 30).mail({.address = "203.0.113.7", .from = 31 - days, .to = 30, .messages = messages});
    CHECK(world.said(30) == want);
  }
}

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

TEST_CASE("what is said of one address is said of several in the plural") {
  const auto told = [](int addresses) {
    World world;
    world.reports(1, 30);
    for (int i = 0; i < addresses; ++i) {
      const auto address = fmt::format("203.0.113.{}", 7 + i);
      world.host(address, "mail.vps.example").mail({.address = address, .from = 1, .to = 14, .messages = 40 - i});
    }
    const auto found = world.judged(14);
    const auto at = std::find_if(found.begin(), found.end(),
                                 [](const auto& f) { return f.kind == model::FindingKind::unknown_steady; });
    REQUIRE(at != found.end());
    return model::english(at->evidence.at(1)) + "; " + model::english(at->action);
  };
  CHECK(told(1) ==
        "it belongs to no known service, and none of this mail passes DMARC; If mail.vps.example (203.0.113.7) is "
        "yours: 'ruaudit label 203.0.113.7 mine', and add it to SPF; else nothing to do");
  CHECK(told(12) ==
        "they belong to no known service, and none of this mail passes DMARC; If mail.vps.example (203.0.113.7) and 11 "
        "other addresses are yours: 'ruaudit label 203.0.113.7 mine' for each of them, and add them to SPF; else "
        "nothing to do");
}

TEST_CASE("own servers that are asked about together are asked about in the plural") {
  const auto action = [](int addresses) {
    World world;
    world.reports(1, 14);
    for (int i = 0; i < addresses; ++i) {
      const auto address = fmt::format("192.0.2.{}", 1 + i);
      world.source(address, SenderClass::own_server);
      world.mail({.address = address, .from = 1, .to = 14, .messages = 50, .spf = "softfail"});
    }
    return model::english(world.judged(14).at(0).action);
  };
  CHECK(action(1) == "If 192.0.2.1 is yours, add it to the SPF record of example.org and let it sign with DKIM");
  CHECK(action(3) ==
        "If 192.0.2.1 and 2 other addresses are yours, add them to the SPF record of example.org and let them sign "
        "with DKIM");
}

TEST_CASE("of a reporter's rhythm only days are told that reports could be about") {
  World world;
  world.reports(21, 40);
  std::erase_if(world.intake().reports, [](const auto& r) { return r.reporter == 0 && r.day > epoch_day + 27; });
  const auto found = world.judged(33);
  const auto at = std::find_if(found.begin(), found.end(),
                               [](const auto& f) { return f.kind == model::FindingKind::reporter_silent; });
  REQUIRE(at != found.end());
  CHECK(model::english(at->evidence.at(0)).find("reported on 7 of the 7 days up to ") != std::string::npos);
}

TEST_CASE("a reporter is silent after four days, and its late report is no return") {
  World world;
  world.reports(1, 30);
  std::erase_if(world.intake().reports, [](const auto& r) { return r.reporter == 0 && r.day > epoch_day + 20; });
  CHECK(world.said(22).empty());
  CHECK(world.said(24) == "reporter_silent watch");
  world.intake().reports.push_back({.reporter = 0,
                                    .day = epoch_day + 29,
                                    .taken_in = World::time_of(30),
                                    .trust = model::ReportTrust::authenticated});
  CHECK(world.said(30) == "reporter_back info");
}

TEST_CASE("a mailbox that fails is named, and fails since no later than the visit that failed") {
  World world;
  world.reports(1, 31);
  // It went well at 15:00, and failed at 18:00 of the same day.
  const auto noon = World::time_of(30) - test::night_time + 43'200;
  world.intake().mailboxes.push_back({.name = "reports",
                                      .last_attempt = noon + 6 * 3'600,
                                      .last_success = noon + 3 * 3'600,
                                      .failures = 1,
                                      .error = "no answer"});
  const auto findings = world.judged(31);
  const auto trouble = std::find_if(findings.begin(), findings.end(),
                                    [](const auto& f) { return f.kind == model::FindingKind::mailbox_trouble; });
  REQUIRE(trouble != findings.end());
  CHECK(trouble->subject.service == "reports");
  CHECK(trouble->since == test::epoch_day + 31);
}

TEST_CASE("one reporter alone that stops is trouble of the mailbox, not silence of the reporter") {
  World world(1);
  world.reports(1, 20);
  CHECK(world.said(24).find("reporter_silent") == std::string::npos);
}

TEST_CASE("a DMARC record that is none any more is to be fixed until it is one again") {
  World world;
  world.reports(1, 30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 23, "v=DMRC1; p=none", DnsRecordStatus::broken,
               "dmarc-syntax");
  CHECK(world.said(23).find("record_broken fix") != std::string::npos);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 24, 30, "v=DMARC1; p=none");
  CHECK(world.said(30).empty());
}

TEST_CASE("of two DMARC records one is to go, and nothing is joined") {
  World world;
  world.reports(1, 30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=none");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 21, 30, "v=DMARC1; p=none\nv=DMARC1; p=reject",
               DnsRecordStatus::broken, "several-records");
  const auto findings = world.judged(30);
  REQUIRE_FALSE(findings.empty());
  CHECK(model::english(findings.front().action) == "Remove all but one of the DMARC records at _dmarc.example.org");
}

TEST_CASE("a service's host that sends for another customer, perhaps, is never to be added to SPF") {
  World world;
  world.reports(1, 30).source("198.51.100.6", SenderClass::stranger, "SendGrid");
  world.mail({.address = "198.51.100.6", .to = 30, .messages = 10, .spf = "softfail"});
  const auto findings = world.judged(30);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().kind == model::FindingKind::unknown_steady);
  CHECK(model::english(findings.front().action) ==
        "If you use SendGrid, set up DKIM for example.org there; else nothing to do");
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
