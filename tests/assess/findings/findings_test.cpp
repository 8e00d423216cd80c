#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordStatus;
using model::DnsRecordType;

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

TEST_CASE("a wave that was over before its reports came in is told for two nights") {
  World world;
  world.reports(1, 32);
  for (int i = 0; i < 40; ++i)
    world.mail({.address = "203.0.113." + std::to_string(i), .from = 19, .to = 19, .messages = 3});
  for (int day = 1; day <= 30; ++day)
    world.mail({.address = "198.51.100." + std::to_string(day), .from = day, .to = day, .messages = 9});
  for (auto& report : world.intake().reports)  // the mailbox could not be read
    if (report.day > epoch_day + 17 && report.day < epoch_day + 23) report.taken_in = World::time_of(23);
  CHECK(world.said(23) == "spoofing_wave watch");
  CHECK(world.said(24) == "spoofing_wave watch");
  CHECK(world.said(25).empty());
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

TEST_CASE("mail that stops soon after a first night with a long history is trouble of the mailbox") {
  World world;
  world.reports(1, 30);
  for (auto& report : world.intake().reports) report.taken_in = World::time_of(std::max(report.day - epoch_day, 28));
  world.intake().mailboxes.push_back({.name = "reports", .last_attempt = World::time_of(30)});
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 28, 40, "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
  CHECK(world.said(30).find("mailbox_trouble") == std::string::npos);
  CHECK(world.said(33).find("mailbox_trouble ask") != std::string::npos);
}

TEST_CASE("where the record asks for reports to another mailbox the owner is told to put his own in") {
  World world;
  world.reports(1, 30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 30, "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 31, 35, "v=DMARC1; p=none; rua=mailto:x@reports.example");
  const auto found = world.judged(35);
  const auto trouble = std::find_if(found.begin(), found.end(),
                                    [](const auto& f) { return f.kind == model::FindingKind::mailbox_trouble; });
  REQUIRE(trouble != found.end());
  CHECK(model::english(trouble->action) ==
        "Put mailto:dmarc@example.org into rua at _dmarc.example.org, or visit the mailbox that stands there");
}

TEST_CASE("an SPF record that is broken is told with its fault as the nightly look at DNS notes it") {
  const auto told = [](const std::string& fault, const std::string& text) {
    World world;
    world.reports(1, 20);
    world.record(DnsRecordType::spf_include, "spf.gone.example", 1, 18, "v=spf1 -all");
    world.record(DnsRecordType::spf_include, "spf.gone.example", 19, 20, "", DnsRecordStatus::none);
    world.record(DnsRecordType::spf, "example.org", 1, 18, "v=spf1 include:spf.gone.example -all");
    world.record(DnsRecordType::spf, "example.org", 19, 20, text, DnsRecordStatus::broken, fault);
    const auto found = world.judged(20);
    REQUIRE(found.size() == 1);
    return model::english(found[0].evidence.at(1)) + "; " + model::english(found[0].evidence.at(2)) + "; " +
           model::english(found[0].action);
  };
  const std::string same = "v=spf1 include:spf.gone.example -all";
  CHECK(
      told("include-without-record", same) ==
      "it is the same as before 2024-10-23: what it leads to has changed; example.org: it leads to spf.gone.example, "
      "which has no SPF record (RFC 7208 section 5.2); Remove spf.gone.example from the SPF record of example.org, or "
      "put in the name that its service asks for today");
  CHECK(told("too-many-terms", same)
            .find("it needs more than 10 DNS lookups (RFC 7208 section 4.6.4); Remove unused "
                  "includes from the SPF record of example.org") != std::string::npos);
  CHECK(told("several-records", "v=spf1 -all\nv=spf1 mx -all").find("Join the SPF records of example.org into one") !=
        std::string::npos);
  CHECK(told("syntax", "v=spf1 inlcude:x -all").find("'ruaudit check example.org' shows where") != std::string::npos);
}
