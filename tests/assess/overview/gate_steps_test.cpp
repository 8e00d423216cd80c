#include <catch2/catch.hpp>

#include "gate_facts.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::gate_test;
using model::GateState;
using model::Policy;

// RFC 9989 section 7.4
TEST_CASE("the steps go through t=y to quarantine, and after a month through t=y to reject") {
  const auto gate = policy_gate(good());
  REQUIRE(gate.steps.size() == 4);
  CHECK(gate.steps[0].record == "v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@example.org");
  CHECK(gate.steps[0].day == today);
  CHECK(gate.steps[1].record == "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org");
  CHECK(gate.steps[1].day == today + 7);
  CHECK(gate.steps[2].record == "v=DMARC1; p=reject; t=y; rua=mailto:dmarc@example.org");
  CHECK(gate.steps[2].day == today + 37);
  CHECK(gate.steps[3].record == "v=DMARC1; p=reject; rua=mailto:dmarc@example.org");
  CHECK(model::english(gate.sentence) == "next: publish " + gate.steps[0].record);
}

TEST_CASE("a record that only reports tell is not written anew: its rua and fo would be lost") {
  auto facts = good();
  facts.policy.record.clear();
  facts.policy.sp = Policy::none;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::may_step);
  REQUIRE(gate.steps.size() == 4);
  for (const auto& step : gate.steps) {
    CHECK(step.record.empty());
    CHECK(model::english(step.text).find("keep the rest") != std::string::npos);
  }
  CHECK(model::english(gate.sentence) ==
        "next: p=quarantine; t=y. DNS was not asked: run ruaudit enrich; change p in your record and keep the rest");
  facts.is_parked = true;
  facts.basis.own = {};
  CHECK(policy_gate(facts).steps.at(0).record.empty());
}

TEST_CASE("quarantine stands a month before reject, and pct goes away") {
  auto facts = good(Policy::quarantine);
  facts.policy.record = "v=DMARC1; p=quarantine; pct=20; rua=mailto:a@example.org";
  facts.policy.since = today - 10;
  const auto early = policy_gate(facts);
  CHECK(codes(early) == "month");
  CHECK(early.steps.at(0).day == today + 20);
  CHECK(early.steps.at(0).record == "v=DMARC1; p=reject; t=y; rua=mailto:a@example.org");
  facts.policy.since = today - 30;
  CHECK(policy_gate(facts).state == GateState::may_step);
}

TEST_CASE("a quarantine of unknown age has not stood a month") {
  auto facts = good(Policy::quarantine);
  facts.policy.since.reset();
  const auto gate = policy_gate(facts);
  CHECK(codes(gate) == "month");
  CHECK(model::english(gate.sentence) ==
        "stay at p=quarantine: it is not known since when p=quarantine has been published");
  CHECK(gate.steps.at(0).day == today + 30);
  facts = good(Policy::reject);
  facts.policy.since.reset();
  CHECK(policy_gate(facts).state == GateState::at_end);
}

TEST_CASE("where users post to lists p=none stands a month before the first step, of unknown age a month from now") {
  auto facts = good();
  facts.basis.list_messages = 20;
  facts.policy.since = today - 10;
  CHECK(policy_gate(facts).steps.at(0).day == today + 20);
  facts.policy.since.reset();
  const auto gate = policy_gate(facts);
  CHECK(model::english(gate.sentence) ==
        "stay at p=none: it is not known since when p=none has been published, and your users post to mailing lists");
  CHECK(gate.steps.at(0).day == today + 30);
}

TEST_CASE("a policy that is tested becomes the policy after a week of t=y") {
  auto facts = good(Policy::quarantine);
  facts.policy.is_testing = true;
  facts.policy.record = "v=DMARC1; p=quarantine; t=y";
  facts.policy.since = today - 3;
  const auto gate = policy_gate(facts);
  CHECK(gate.steps.at(0).record == "v=DMARC1; p=quarantine");
  CHECK(gate.steps.at(0).day == today + 4);
}

TEST_CASE("where users post to lists quarantine is the end, and reject is advised against") {
  auto facts = good(Policy::quarantine);
  facts.basis.list_messages = 20;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::at_end);
  CHECK(gate.steps.empty());
  CHECK(model::english(gate.sentence).find("7.4") != std::string::npos);
}

TEST_CASE("without a record that counts the first one asks for reports alone") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.example.org", .is_missing = true};
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_record);
  REQUIRE(gate.steps.size() == 1);
  CHECK(gate.steps[0].record == "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
}

TEST_CASE("a record that is broken is corrected, and not replaced by p=none") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.example.org", .record = "v=DMARC1 p=reject", .is_usable = false};
  auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_record);
  CHECK(gate.steps.empty());
  CHECK(model::english(gate.sentence) == "the DMARC record is not valid: correct the record at _dmarc.example.org");
  facts.policy.record = "v=DMARC1; p=none\nv=DMARC1; p=reject";
  gate = policy_gate(facts);
  CHECK(gate.steps.empty());
  CHECK(model::english(gate.sentence) ==
        "several DMARC records, receivers use none of them: leave one record at _dmarc.example.org");
}

TEST_CASE("a parked domain's record that is broken, or one of two, is corrected, too") {
  auto facts = good();
  facts.is_parked = true;
  facts.basis.own = {};
  facts.policy = {.name = "_dmarc.example.org", .record = "v=DMARC1 p=reject", .is_usable = false};
  auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_record);
  CHECK(gate.steps.empty());
  CHECK(model::english(gate.sentence) == "the DMARC record is not valid: correct the record at _dmarc.example.org");
  facts.policy.record = "v=DMARC1; p=none\nv=DMARC1; p=reject";
  CHECK(model::english(policy_gate(facts).sentence) ==
        "several DMARC records, receivers use none of them: leave one record at _dmarc.example.org");
  facts.policy = {.name = "_dmarc.example.org", .is_missing = true, .is_usable = false};
  CHECK(policy_gate(facts).steps.at(0).record == "v=DMARC1; p=reject; rua=mailto:dmarc@example.org");
}

TEST_CASE("a step that has to wait is told with its day") {
  auto facts = good(Policy::quarantine);
  facts.policy.is_testing = true;
  facts.policy.record = "v=DMARC1; p=quarantine; t=y";
  facts.policy.since = today - 3;
  CHECK(model::english(policy_gate(facts).sentence) == "next, from 2025-01-16: publish v=DMARC1; p=quarantine");
  facts.policy.since = today - 7;
  CHECK(model::english(policy_gate(facts).sentence) == "next: publish v=DMARC1; p=quarantine");
}

TEST_CASE("a parked domain that sends nothing waits for nothing") {
  auto facts = good();
  facts.is_parked = true;
  facts.basis.own = {};
  facts.basis.days = 1;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::may_step);
  CHECK(gate.steps.at(0).record == "v=DMARC1; p=reject; rua=mailto:dmarc@example.org");
  facts.basis.own = {.messages = 5};
  CHECK(policy_gate(facts).state == GateState::blocked);
}

TEST_CASE("a parked domain is closed only with all names below it") {
  auto facts = good(Policy::reject);
  facts.is_parked = true;
  facts.basis.own = {};
  CHECK(policy_gate(facts).state == GateState::at_end);
  facts.policy.sp = Policy::none;
  facts.policy.record = "v=DMARC1; p=reject; sp=none; rua=mailto:a@example.org";
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::may_step);
  CHECK(gate.steps.at(0).record == "v=DMARC1; p=reject; rua=mailto:a@example.org");
  facts.policy.sp = Policy::reject;
  CHECK(policy_gate(facts).state == GateState::at_end);
}
