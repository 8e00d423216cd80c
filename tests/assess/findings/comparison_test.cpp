#include "assess/findings/comparison.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using model::FindingState;

namespace {

model::Finding finding(const std::string& id, model::Severity severity = model::Severity::ask, bool is_once = false) {
  model::Finding out{.id = id, .kind = model::FindingKind::dkim_broken, .severity = severity, .domain = "example.org"};
  out.subject.service = "Zendesk";
  out.subject.sources = {"192.0.2.1"};
  out.is_said_once = is_once;
  return out;
}

}  // namespace

TEST_CASE(
    "what was not told is new, what stands is open, what grew in severity is worse, what is missing is resolved") {
  const std::vector<model::ToldFinding> told = {
      {finding("a"), true, 100, 1}, {finding("b", model::Severity::ask), true, 100, 1}, {finding("c"), true, 100, 3}};
  auto other = finding("d");
  other.subject.service = "Brevo";
  const auto items = assess::compare({finding("a"), finding("b", model::Severity::fix), other}, told, {}, 200);
  REQUIRE(items.size() == 4);
  CHECK(items[0].finding.id == "d");
  CHECK(items[0].state == FindingState::fresh);
  CHECK(items[1].state == FindingState::worse);
  CHECK(items[2].finding.id == "c");
  CHECK(items[2].state == FindingState::resolved);
  CHECK(items[3].state == FindingState::open);
  CHECK(items[3].nights == 2);
}

TEST_CASE("what is said once is not said again and is not resolved") {
  const std::vector<model::ToldFinding> told = {{finding("a", model::Severity::info, true), false, 100, 1}};
  CHECK(assess::compare({finding("a", model::Severity::info, true)}, told, {}, 200).empty());
  CHECK(assess::compare({}, told, {}, 200).empty());
}

TEST_CASE("what was over and comes again is new and says that it is back") {
  const auto items = assess::compare({finding("a")}, {{finding("a"), false, 100, 1}}, {}, 200);
  REQUIRE(items.size() == 1);
  CHECK(items[0].state == FindingState::fresh);
  CHECK(items[0].is_back);
}

TEST_CASE("a finding keeps its id when another part of the same sender is concerned") {
  const auto items = assess::compare({finding("part")}, {{finding("whole"), true, 100, 1}}, {}, 200);
  REQUIRE(items.size() == 1);
  CHECK(items[0].finding.id == "whole");
  CHECK(items[0].state == FindingState::open);
}

TEST_CASE("a finding stands open under the id of an earlier night, also where another address is the busiest now") {
  const std::vector<model::ToldFinding> told = {{finding("a/9"), true, 100, 1}};
  auto other = finding("b");
  other.subject.service = "Brevo";
  CHECK(assess::told_id({other, finding("a/5")}, 1, told) == "a/9");
  CHECK(assess::told_id({other, finding("a/5")}, 0, told) == "b");
  CHECK(assess::told_id({finding("a/5")}, 0, {{finding("a/9"), false, 100, 1}}) == "a/5");
}
