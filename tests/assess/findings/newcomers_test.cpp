// new_sender and what is to be done about a sender's return path.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::FindingKind;

namespace {

World since_20(SenderClass of, const Mail& mail) {
  World world;
  world.reports(1, 24).source("192.0.2.1", SenderClass::own_server).source(mail.address, of, "Brevo");
  world.mail({.address = "192.0.2.1", .to = 24, .messages = 40, .dkim = "s1 pass", .spf = "pass"});
  world.mail(mail);
  return world;
}

std::string told_of_new(const World& world) {
  for (const auto& finding : world.judged(24))
    if (finding.kind == FindingKind::new_sender)
      return std::string(model::to_text(finding.severity)) + ": " + model::english(finding.evidence.back()) + "; " +
             model::english(finding.action);
  return {};
}

}  // namespace

TEST_CASE("a new sender that passes by SPF alone is to sign, since forwarding would lose its mail") {
  CHECK(told_of_new(since_20(SenderClass::service,
                             {.address = "192.0.2.9", .from = 20, .to = 24, .messages = 10, .spf = "pass"})) ==
        "info: 100.0 % of this mail passes DMARC, 100.0 % by SPF, 0.0 % by DKIM; If Brevo is yours, let it sign with "
        "DKIM for example.org: forwarded mail fails without");
}

TEST_CASE("what could not be checked of a new sender has not failed") {
  CHECK(told_of_new(since_20(
            SenderClass::service,
            {.address = "192.0.2.9", .from = 20, .to = 24, .messages = 10, .dkim = "s9 temperror", .spf = "pass"})) ==
        "info: 100.0 % of this mail passes DMARC, 100.0 % by SPF, an unknown part by DKIM; Nothing to do if Brevo is "
        "yours");
  // Of an own server SPF is asked for only where it was looked up and does not pass.
  const Mail unchecked{
      .address = "192.0.2.9", .from = 20, .to = 24, .messages = 10, .dkim = "s1 pass", .spf = "temperror"};
  CHECK(told_of_new(since_20(SenderClass::own_server, unchecked)).find("info: ") == 0);
  auto failing = unchecked;
  failing.spf = "fail";
  CHECK(told_of_new(since_20(SenderClass::own_server, failing)).find("ask: ") == 0);
}

TEST_CASE("a new own server whose SPF is looked up elsewhere is not to be added to the owner's record as it is") {
  CHECK(told_of_new(since_20(SenderClass::own_server, {.address = "192.0.2.9",
                                                       .from = 20,
                                                       .to = 24,
                                                       .messages = 10,
                                                       .dkim = "s1 pass",
                                                       .spf = "pass",
                                                       .return_path = "bounces.hoster.example"})) ==
        "ask: 100.0 % of this mail passes DMARC, 0.0 % by SPF, 100.0 % by DKIM; If 192.0.2.9 is yours, let it send "
        "with a return path in example.org, not in bounces.hoster.example, and add it to the SPF record there");
}

TEST_CASE("a service is told to sign, and of SPF only what its return path lets be said") {
  const auto action = [](const std::string& spf, const std::string& path) {
    World world;
    world.source("198.51.100.9", SenderClass::service, "Zendesk").reports(1, 30);
    world.mail({.address = "198.51.100.9", .to = 30, .messages = 4, .spf = spf, .return_path = path});
    return model::english(world.judged(30).at(0).action);
  };
  CHECK(action("pass", "mail.zendesk.example") ==
        "If you use Zendesk, set up DKIM for example.org there (its return path is not in example.org, so SPF does not "
        "help)");
  CHECK(
      action("fail", "example.org") ==
      "If you use Zendesk, set up DKIM for example.org there, and add what it names to the SPF record of example.org");
  CHECK(action("", "") == "If you use Zendesk, set up DKIM for example.org there");
}

TEST_CASE("a name for which a service never signs is asked about though its mail for another passes") {
  const auto asked = [](int days, std::int64_t messages) {
    World world;
    world.source("198.51.100.9", SenderClass::service, "Zendesk").reports(1, 30);
    world.mail({.address = "198.51.100.9", .to = 30, .messages = 40, .dkim = "z1 pass"});
    world.mail({.address = "198.51.100.9",
                .from = 31 - days,
                .to = 30,
                .messages = messages,
                .header_from = "shop.example.org"});
    for (const auto& finding : world.judged(30))
      if (finding.kind == FindingKind::sender_unaligned)
        return finding.id + ": " + std::to_string(finding.messages) + ", " + model::english(finding.action);
    return std::string();
  };
  CHECK(asked(30, 4) ==
        "sender_unaligned/example.org/Zendesk/shop.example.org: 120, If you use Zendesk, set up DKIM for "
        "shop.example.org there");
  CHECK(asked(3, 40).empty());  // a burst may be anybody's
}

TEST_CASE("of several strangers it is said where their return path is") {
  const auto evidence = [](int addresses) {
    World world;
    world.reports(1, 30);
    for (int i = 0; i < addresses; ++i) {
      const auto address = "203.0.113." + std::to_string(7 + i);
      world.host(address, "mail.vps.example");
      world.mail({.address = address, .to = 14, .messages = 40, .spf = "pass", .return_path = "vps.example"});
    }
    for (const auto& finding : world.judged(14))
      if (finding.kind == FindingKind::unknown_steady) return model::english(finding.evidence.back());
    return std::string();
  };
  CHECK(evidence(1) == "its return path is in vps.example");
  CHECK(evidence(2) == "their return path is in vps.example");
}

TEST_CASE("an account of the owner's that somebody has taken over is told by its volume, though all of it passes") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Google Workspace").reports(1, 30);
  world.mail({.address = "192.0.2.1", .to = 29, .messages = 60, .dkim = "google pass", .spf = "pass"});
  world.mail({.address = "192.0.2.1", .from = 30, .to = 30, .messages = 2'000, .dkim = "google pass", .spf = "pass"});
  const auto found = world.judged(30);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == FindingKind::volume_jump);
  CHECK(found[0].messages == 2'000);
  CHECK(model::english(found[0].action) ==
        "Nothing to do if this was a campaign of Google Workspace; else somebody may send through an account of yours");
}

TEST_CASE("the first wave in the name of a parked domain is told, though nobody ever reported on it before") {
  const auto said = [](int wave, std::int64_t messages) {
    World world;
    world.parked().intake().domains.emplace_back("example.net");
    world.reports(wave, wave);
    for (int day = 1; day <= 30; ++day)
      for (std::uint32_t reporter = 0; reporter < 4; ++reporter)
        world.intake().reports.push_back({.reporter = reporter,
                                          .domain = 1,
                                          .day = epoch_day + day,
                                          .taken_in = World::time_of(day),
                                          .trust = model::ReportTrust::authenticated,
                                          .messages = 100});
    for (int i = 0; i < 40; ++i)
      world.mail(
          {.address = "203.0.113." + std::to_string(i), .from = wave, .to = wave, .messages = messages, .dkim = ""});
    return world.said(wave);
  };
  CHECK(said(20, 3) == "parked_abuse watch");
  CHECK(said(4, 3) == "parked_abuse watch");
  CHECK(said(2, 3).empty());  // of the first days of all reports nothing is known
}

TEST_CASE("who has parked domains alone is told of the first wave, too, once its record was known to ask for reports") {
  const auto said = [](bool is_known) {
    World world;
    world.parked().reports(20, 20);
    if (is_known) world.record(model::DnsRecordType::dmarc, "_dmarc.example.org", 1, 20, "v=DMARC1; p=reject");
    for (int i = 0; i < 40; ++i)
      world.mail({.address = "203.0.113." + std::to_string(i), .from = 20, .to = 20, .messages = 3});
    return world.said(20);
  };
  CHECK(said(true) == "parked_abuse watch");
  CHECK(said(false).empty());
}
