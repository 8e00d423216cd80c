// mailbox_trouble, and what is said of where reports are asked for.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assess/findings/world.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::test;
using model::DnsRecordType;
using model::FindingKind;

namespace {

std::string action_of(const World& world, int night, FindingKind kind) {
  for (const auto& finding : world.judged(night))
    if (finding.kind == kind) return model::english(finding.action);
  return {};
}

World silent_since_30(const std::string& before, const std::string& since) {
  World world;
  world.reports(1, 30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 1, 29, before);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 30, 35, since);
  return world;
}

constexpr const char* to_owner = "v=DMARC1; p=none; rua=mailto:dmarc@example.org";
constexpr const char* to_other = "v=DMARC1; p=none; rua=mailto:x@reports.example";

}  // namespace

TEST_CASE("a record that never asked for reports at the owner's address is not why they stopped") {
  const auto action = [](const std::string& before, const std::string& since) {
    return action_of(silent_since_30(before, since), 35, FindingKind::mailbox_trouble);
  };
  CHECK(action(to_owner, to_other) ==
        "Put mailto:dmarc@example.org into rua at _dmarc.example.org, or visit the mailbox that stands there");
  CHECK(action(to_other, to_other) ==
        "Send a test mail to the mailbox of dmarc@example.org and see whether it arrives");
}

TEST_CASE("every address that the owner names counts, not the first one alone") {
  auto lost = silent_since_30("v=DMARC1; p=none; rua=mailto:rua@example.org", to_other);
  lost.asks_at({"dmarc@example.net", "rua@example.org"});
  CHECK(action_of(lost, 35, FindingKind::mailbox_trouble).find("Put mailto:rua@example.org into rua") == 0);
  CHECK(action_of(lost, 30, FindingKind::record_changed) ==
        "If that was not meant, put mailto:rua@example.org back into rua at _dmarc.example.org");
  auto moved = silent_since_30(to_owner, "v=DMARC1; p=none; rua=mailto:rua@example.org");
  moved.asks_at({"dmarc@example.org", "rua@example.org"});
  CHECK(action_of(moved, 30, FindingKind::record_changed).find("Nothing to do if you changed it") == 0);
  CHECK(action_of(moved, 35, FindingKind::mailbox_trouble) ==
        "Send a test mail to the mailbox of rua@example.org and see whether it arrives");
}

TEST_CASE("files that were ingested once are no mailbox that has stopped") {
  World world;
  world.reports(1, 30);
  for (auto& report : world.intake().reports) report.taken_in = World::time_of(30);
  world.record(DnsRecordType::dmarc, "_dmarc.example.org", 30, 40, to_owner);
  for (const int night : {31, 33, 40}) {
    CAPTURE(night);
    CHECK(world.said(night).empty());
  }
  // One that is visited took in what came in the nights before.
  world.intake().mailboxes.push_back({.name = "reports", .last_attempt = World::time_of(33)});
  CHECK(world.said(33).find("mailbox_trouble ask") != std::string::npos);
}

TEST_CASE("mail that stops is told although the mailbox could not be read for some nights before") {
  const auto after_pause = [](int nights) {
    World world;
    world.reports(1, 30);
    world.intake().mailboxes.push_back({.name = "reports", .last_attempt = World::time_of(32)});
    for (auto& report : world.intake().reports)
      if (report.day > epoch_day + 18 && report.day <= epoch_day + 18 + nights)
        report.taken_in = World::time_of(19 + nights);
    return world.said(32);
  };
  CHECK(after_pause(5) == "mailbox_trouble ask");
  CHECK(after_pause(9).empty());  // what came in but once in a while may come again
}
