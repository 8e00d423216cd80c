#include <catch2/catch.hpp>

#include "gate_facts.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::gate_test;
using model::FindingKind;
using model::GateState;
using model::Policy;
using model::Severity;

TEST_CASE("one is not many") {
  auto facts = good();
  facts.basis.days = 1;
  CHECK(model::english(policy_gate(facts).sentence) == "stay at p=none: reports reach back 1 day");
  facts = good(Policy::quarantine);
  facts.policy.since = today - 1;
  CHECK(model::english(policy_gate(facts).sentence) == "stay at p=quarantine: p=quarantine for 1 day so far");
}

TEST_CASE("at p=reject nothing is left, unless mail is lost") {
  CHECK(policy_gate(good(Policy::reject)).state == GateState::at_end);
  auto facts = with_finding(good(Policy::reject), FindingKind::own_mail_harmed, Severity::fix);
  facts.basis.own.rejected = 40;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::blocked);
  CHECK(model::english(gate.notes.at(0)).find("p=reject; t=y") != std::string::npos);
}

TEST_CASE("without reports nothing is said but why there are none") {
  auto facts = good();
  facts.basis.messages = facts.basis.proven = 0;
  facts.basis.own = {};
  CHECK(policy_gate(facts).state == GateState::no_reports);
  CHECK(policy_gate(facts).steps.empty());
  CHECK(model::english(policy_gate(facts).sentence).find("contain no message") != std::string::npos);
  facts.basis.reports = 0;
  CHECK(model::english(policy_gate(facts).sentence) == "no reports yet: nothing can be said about the policy");
  facts.last_report = today;
  CHECK(model::english(policy_gate(facts).sentence).find("a day that is over") != std::string::npos);
  facts.last_report = today - 100;
  CHECK(model::english(policy_gate(facts).sentence).find("no report for any day since 2024-10-04") !=
        std::string::npos);
  facts.disbelieved = 3;
  facts.is_proof_demanded = true;
  CHECK(model::english(policy_gate(facts).sentence).find("proves where it comes from") != std::string::npos);
}

TEST_CASE("a setting is asked for only where proof is demanded; else reports without it are left out") {
  auto facts = good();
  facts.basis = {.first_day = today - 30, .last_day = today - 1};
  facts.disbelieved = 3;
  CHECK(model::english(policy_gate(facts).sentence) ==
        "the reports of the last 30 days do not prove where they come from and are left out: nothing can be said about "
        "the policy");
  facts.is_proof_demanded = true;
  CHECK(model::english(policy_gate(facts).sentence).find("trusted_authserv_ids") != std::string::npos);
}

TEST_CASE("reports of today do not hide that there are older ones and none of the last 30 days") {
  auto facts = good();
  facts.basis = {.first_day = today - 30, .last_day = today - 1};
  facts.last_report = today;
  CHECK(model::english(policy_gate(facts).sentence) ==
        "no report yet for a day that is over: nothing can be said about the policy");
  facts.last_closed_report = today - 100;
  CHECK(model::english(policy_gate(facts).sentence) ==
        "after 2024-10-04 no report yet for a day that is over: nothing can be said about the policy");
}

TEST_CASE("a policy that nobody told is not known, and no lack of reports") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.example.org"};
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_policy);
  CHECK(model::english(gate.sentence) == "the current policy is not known: run ruaudit enrich");
}

TEST_CASE("a parked domain whose policy nobody told may have p=reject already") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.example.org"};
  facts.basis = {.first_day = today - 30, .last_day = today - 1};
  facts.is_parked = true;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_policy);
  CHECK(gate.steps.empty());
}

TEST_CASE("a name whose walk DNS did not answer is told no p=none, with mail and without") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.news.example.org"};
  CHECK(policy_gate(facts).state == GateState::no_policy);
  CHECK(policy_gate(facts).steps.empty());
  facts.basis = {.first_day = today - 30, .last_day = today - 1};
  CHECK(policy_gate(facts).steps.empty());
}

// RFC 9989 section 4.10.1
TEST_CASE("a name that inherits its policy is told no record of its own") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.news.example.org", .inherited_from = "_dmarc.example.org", .p = Policy::none};
  auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::at_end);
  CHECK(gate.steps.empty());
  CHECK(gate.sides.empty());
  CHECK(model::english(gate.sentence) ==
        "no record of its own: p=none of _dmarc.example.org applies, and is changed there");
  facts.basis.messages = 0;
  facts.policy.p = Policy::reject;
  CHECK(model::english(policy_gate(facts).sentence) == "no record of its own: p=reject of _dmarc.example.org applies");
  facts.basis.messages = good().basis.messages;
  const auto to_do = with_finding(facts, FindingKind::dkim_broken, Severity::fix);
  CHECK(model::english(policy_gate(to_do).sentence) ==
        "no record of its own: p=reject of _dmarc.example.org applies, although 1 is not done");
  facts.basis.own.passed = facts.basis.own.messages * 9 / 10;
  const auto blocked = model::english(policy_gate(facts).sentence);
  CHECK(blocked.find("no record of its own: p=reject of _dmarc.example.org applies, although ") == 0);
  // A parked one has a record to gain.
  facts.is_parked = true;
  facts.basis.own = {};
  facts.policy.p = Policy::none;
  CHECK(policy_gate(facts).steps.at(0).record == "v=DMARC1; p=reject; rua=mailto:dmarc@example.org");
}
