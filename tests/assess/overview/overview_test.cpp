#include "assess/overview/overview.hpp"

#include <catch2/catch.hpp>

#include "model/calendar.hpp"
#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using test::epoch_day;
using test::World;

namespace {

// Own mail of one server, by the class that its source has.
model::Overview overview_of(const World& world, int last_day, OverviewRequest request = {}) {
  const auto situation = world.situation(last_day);
  std::vector<SourceClass> classes;
  for (std::uint32_t i = 0; i < situation.facts->sources.size(); ++i)
    classes.push_back({.domain = 0, .source = i, .is = Class::own_aligned});
  const ClassIndex index(classes);
  return make_overview({.situation = &situation, .classes = &index, .days = &situation.facts->days}, request);
}

World month() {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 30);
  world.mail({.address = "192.0.2.1", .to = 30, .messages = 100, .dkim = "s1 pass", .spf = "pass"});
  return world;
}

}  // namespace

TEST_CASE("the days of the figures never end before they begin") {
  const auto world = month();
  for (const auto& request : {OverviewRequest{.first = epoch_day + 100}, OverviewRequest{.last = epoch_day - 100},
                              OverviewRequest{.first = epoch_day + 20, .last = epoch_day + 10}, OverviewRequest{}}) {
    const auto overview = overview_of(world, 30, request);
    CHECK(overview.first_day <= overview.last_day);
  }
  CHECK(overview_of(world, 30, {.last = epoch_day + 10}).first_day == epoch_day + 1);
}

TEST_CASE("reports are to come for a day that has just gone by, and not for one long past") {
  auto world = month();
  world.reports(31, 31, 0);
  const auto to_come = overview_of(world, 31).to_come;
  REQUIRE(to_come);
  CHECK(to_come->reporters.size() == 3);
  CHECK_FALSE(overview_of(world, 60, {.last = epoch_day + 31}).to_come);
  CHECK_FALSE(overview_of(world, 60).to_come);
}

TEST_CASE("what fails a month is reckoned from the days that were reported on") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 10);
  world.mail({.address = "192.0.2.1", .to = 10, .messages = 100});
  CHECK(overview_of(world, 10).domains.at(0).gate.basis.risk == 3'000);
  // Days on which nobody reported say nothing, either way.
  auto gap = month();
  gap.mail({.address = "192.0.2.1", .to = 10, .messages = 100});
  CHECK(overview_of(gap, 30).domains.at(0).gate.basis.risk == 1'000);
}

TEST_CASE("mail that could not be checked is none that fails, and is told as that") {
  auto world = month();
  world.mail(
      {.address = "192.0.2.1", .from = 29, .to = 29, .messages = 100, .dkim = "s1 temperror", .spf = "temperror"});
  const auto gate = overview_of(world, 30).domains.at(0).gate;
  CHECK(gate.basis.risk == 0);
  REQUIRE_FALSE(gate.notes.empty());
  CHECK(model::english(gate.notes[0]) ==
        "100 messages of your own could not be checked: DNS did not answer (temperror)");
}

TEST_CASE("an own host blocks a stricter policy from three messages on two days on, of which none passes") {
  const auto blocks = [](int days, std::int64_t messages, const std::string& dkim) {
    auto world = month();
    world.record(model::DnsRecordType::dmarc, "_dmarc.example.org", 1, 30,
                 "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
    world.source("192.0.2.77", SenderClass::own_server);
    for (int i = 0; i < days; ++i)
      world.mail({.address = "192.0.2.77", .from = 2 + 7 * i, .to = 2 + 7 * i, .messages = messages});
    if (!dkim.empty()) world.mail({.address = "192.0.2.77", .from = 10, .to = 10, .messages = 1, .dkim = dkim});
    std::string text;
    const auto overview = overview_of(world, 30);
    for (const auto& block : overview.domains.at(0).gate.blocks) text += block.code;
    return text;
  };
  CHECK(blocks(4, 1, "") == "own-host-fails");
  CHECK(blocks(3, 1, "") == "own-host-fails");
  CHECK(blocks(2, 1, "").empty());
  CHECK(blocks(1, 4, "").empty());
  CHECK(blocks(4, 1, "s1 pass").empty());
}

namespace {

World with_record() {
  auto world = month();
  world.record(model::DnsRecordType::dmarc, "_dmarc.example.org", 1, 30,
               "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
  return world;
}

std::string blocks_of(const World& world) {
  std::string text;
  const auto overview = overview_of(world, 30);
  for (const auto& block : overview.domains.at(0).gate.blocks)
    text += block.code + " " + model::english(block.text) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what could not be checked of a host is not taken for mail that passed") {
  auto world = with_record();
  world.source("192.0.2.77", SenderClass::own_server);
  world.mail({.address = "192.0.2.77", .from = 2, .to = 5, .messages = 1});
  world.mail({.address = "192.0.2.77", .from = 6, .to = 6, .messages = 1, .dkim = "s1 temperror"});
  CHECK(blocks_of(world) == "own-host-fails 4 messages of 192.0.2.77 fail DMARC, and none is known to pass\n");
}

TEST_CASE("mail of which no report says whether it passes neither fails nor passes, and is told apart") {
  auto world = with_record();
  world.source("192.0.2.77", SenderClass::own_server);
  world.mail({.address = "192.0.2.77", .from = 2, .to = 9, .messages = 50, .is_unsaid = true});
  world.mail(
      {.address = "192.0.2.77", .from = 10, .to = 10, .messages = 5, .disposition = "reject", .is_unsaid = true});
  const auto domain = overview_of(world, 30).domains.at(0);
  CHECK(blocks_of(world).empty());
  CHECK(domain.gate.state != model::GateState::blocked);
  CHECK(domain.own.undecided == 400);
  CHECK(domain.own.rejected == 5);  // what was done with it is known
  CHECK(domain.own.passed == 3'000);
  CHECK(domain.own.delivered() == 0);
  CHECK(domain.gate.basis.risk == 0);
  REQUIRE_FALSE(domain.gate.notes.empty());
  CHECK(model::english(domain.gate.notes.front()) ==
        "of 405 messages of your own the reports do not say whether they pass: they count neither as passing nor as "
        "failing");
}

TEST_CASE("a snoozed finding is told with its day, and by number") {
  auto world = with_record();
  const auto situation = world.situation(30);
  const ClassIndex index(std::vector<SourceClass>{{.domain = 0, .source = 0, .is = Class::own_aligned}});
  const std::vector<model::Finding> findings{{.id = "x",
                                              .kind = model::FindingKind::dkim_broken,
                                              .severity = model::Severity::fix,
                                              .domain = "example.org",
                                              .messages = 40}};
  const OverviewFacts facts{.situation = &situation,
                            .classes = &index,
                            .days = &situation.facts->days,
                            .findings = findings,
                            .snoozed = {{"x", 20'200 * model::seconds_per_day}}};
  const auto overview = make_overview(facts, {});
  CHECK(overview.findings.at(0).snoozed_until == 20'200 * model::seconds_per_day);
  const auto& gate = overview.domains.at(0).gate;
  CHECK(gate.blocks.empty());
  CHECK(gate.snoozed == std::vector<model::SnoozedBlock>{{"x", 1, 20'200 * model::seconds_per_day}});
  CHECK(model::english(gate.sentence).starts_with("1 finding snoozed until 2025-04-22; "));
}

TEST_CASE("a word of the owner's is over when its time is") {
  const std::vector<model::Care> care{
      {.finding_id = "a", .until = 100}, {.finding_id = "b"}, {.finding_id = "c", .word = model::CareWord::done}};
  CHECK(snoozed_findings(care, 99) == SnoozedFindings{{"a", 100}, {"b", std::nullopt}});
  CHECK(snoozed_findings(care, 100) == SnoozedFindings{{"b", std::nullopt}});
}

TEST_CASE("a HELO name that could not be looked up leaves nothing open where there is a return path") {
  auto world = with_record();
  world.source("192.0.2.77", SenderClass::own_server);
  assess::test::Mail mail = {.address = "192.0.2.77",
                             .from = 2,
                             .to = 5,
                             .messages = 1,
                             .spf = "temperror",
                             .return_path = "mail.example.org",
                             .scope = model::SpfScope::helo,
                             .envelope_from = "example.org"};
  auto unreported = world, null_sender = world;
  world.mail(mail);
  CHECK(blocks_of(world) == "own-host-fails 4 messages of 192.0.2.77 fail DMARC, and none is known to pass\n");
  CHECK(overview_of(world, 30).domains.at(0).gate.notes.empty());
  mail.envelope_from = "";
  null_sender.mail(mail);
  CHECK(blocks_of(null_sender).empty());
  mail.envelope_from.reset();  // many reporters leave it out
  unreported.mail(mail);
  CHECK(blocks_of(unreported).empty());
}

TEST_CASE("mail passes by one mechanism alone only where the other is known to fail") {
  auto world = with_record();
  world.mail({.address = "192.0.2.1", .to = 30, .messages = 3, .dkim = "s1 temperror", .spf = "pass"});
  world.mail({.address = "192.0.2.1", .to = 30, .messages = 1, .dkim = "s1 fail", .spf = "pass"});
  CHECK(overview_of(world, 30).domains.at(0).gate.basis.own.only_spf == 30);
}

TEST_CASE("mail from below the domain that could not be checked is told as that") {
  auto world = with_record();
  world.mail(
      {.address = "192.0.2.1", .to = 30, .messages = 2, .dkim = "s1 temperror", .header_from = "shop.example.org"});
  std::string text;
  const auto overview = overview_of(world, 30);
  for (const auto& side : overview.domains.at(0).gate.sides)
    if (side.tag == "np") text = model::english(side.text);
  CHECK(text.find("60 of 60 messages of your own from below the domain could not be checked") != std::string::npos);
}

TEST_CASE("an own IPv6 host that fails from another address on every day is one host") {
  auto world = with_record();
  for (int i = 1; i <= 5; ++i) {
    const auto address = "2001:db8:1:2::" + std::to_string(i);
    world.source(address, SenderClass::own_server);
    world.mail({.address = address, .from = 2 + i, .to = 2 + i, .messages = 1});
  }
  CHECK(blocks_of(world) == "own-host-fails 5 messages of 2001:db8:1:2::/64 fail DMARC, and none is known to pass\n");
  // Beside one that passes only an address that fails for itself is told.
  world.source("2001:db8:1:2::99", SenderClass::own_server);
  world.mail({.address = "2001:db8:1:2::99", .to = 30, .messages = 4, .dkim = "s1 pass", .spf = "pass"});
  CHECK(blocks_of(world).empty());
  world.source("2001:db8:1:2::77", SenderClass::own_server);
  world.mail({.address = "2001:db8:1:2::77", .from = 9, .to = 12, .messages = 1});
  CHECK(blocks_of(world) == "own-host-fails 4 messages of 2001:db8:1:2::77 fail DMARC, and none is known to pass\n");
}

TEST_CASE("only authenticated reports count where only they are asked for, and the gate says so") {
  auto world = month();
  for (auto& report : world.intake().reports) report.trust = model::ReportTrust::unchecked;
  const auto overview = overview_of(world, 30, {.only_authenticated = true});
  CHECK(overview.domains.at(0).reports == 0);
  CHECK(overview.domains.at(0).gate.basis.reports == 0);
}

TEST_CASE("what became of failing mail is not told where the report does not tell it") {
  World world;
  world.source("192.0.2.1", SenderClass::own_server).reports(1, 10);
  world.mail({.address = "192.0.2.1", .to = 10, .messages = 10, .disposition = "unknown"});
  world.mail({.address = "192.0.2.1", .to = 10, .messages = 1});
  const auto own = overview_of(world, 10).domains.at(0).own;
  CHECK(own.failed() == 110);
  CHECK(own.untold == 100);
  CHECK(own.delivered() == 10);
}

TEST_CASE("of an address that carries mail of several the receivers' demands count the owner's alone") {
  World world;
  world.source("192.0.2.1", SenderClass::service, "Google Workspace").reports(1, 30);
  world.mail({.address = "192.0.2.1", .to = 30, .messages = 10, .dkim = "s1 pass"});
  world.mail({.address = "192.0.2.1", .to = 30, .messages = 10});
  const auto situation = world.situation(30);
  const std::vector<SourceClass> classes{{.patterns = {0}, .is = Class::service_aligned},
                                         {.patterns = {1}, .is = Class::stranger}};
  const ClassIndex index(classes);
  OverviewFacts facts{.situation = &situation, .classes = &index, .days = &situation.facts->days};
  for (const std::uint32_t pattern : {0U, 1U})
    facts.receiver_rows.push_back({.domain = "example.org",
                                   .address = "192.0.2.1",
                                   .pattern = pattern,
                                   .day = epoch_day + 1,
                                   .passes_dkim = pattern == 0,
                                   .is_aligned = pattern == 0,
                                   .messages = 10});
  const auto domain = make_overview(facts, {}).domains.at(0);
  REQUIRE(domain.receivers.size() == 1);
  CHECK(domain.receivers[0].messages == 10);
  CHECK(domain.receivers[0].demands.at(2).met == 10);
}

TEST_CASE("mail without a readable address is told, and is in no figure") {
  const auto world = month();
  const auto situation = world.situation(30);
  const ClassIndex classes;
  const OverviewFacts facts{.situation = &situation,
                            .classes = &classes,
                            .days = &situation.facts->days,
                            .unaddressed = {{"example.org", epoch_day + 3, 7}, {"example.org", epoch_day - 300, 9}}};
  const auto domain = make_overview(facts, {}).domains.at(0);
  CHECK(domain.trust.unaddressed == 7);
  CHECK(domain.trust.remedies.size() == 1);
}
