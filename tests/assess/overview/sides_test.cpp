#include <catch2/catch.hpp>

#include "gate_facts.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::gate_test;
using model::Policy;

TEST_CASE("strict alignment may come where no own message would fail by it") {
  auto facts = good();
  facts.side.strict_spf = 2'000;
  const auto gate = policy_gate(facts);
  REQUIRE(gate.sides.size() >= 2);
  CHECK(gate.sides[0].tag == "adkim");
  CHECK(gate.sides[0].may);
  CHECK(gate.sides[0].record == "v=DMARC1; p=none; adkim=s; rua=mailto:dmarc@example.org");
  CHECK(gate.sides[1].tag == "aspf");
  CHECK_FALSE(gate.sides[1].may);
  CHECK(model::english(gate.sides[1].text).find("1,000 of 3,000") != std::string::npos);
}

TEST_CASE("what passes by one relaxed mechanism of two keeps one of the two relaxed") {
  // 2,000 pass by both, by each with another name below the domain.
  auto facts = good();
  facts.side.strict_both = 1'000;
  const auto side = [](const model::PolicyGate& gate, std::string_view tag) {
    for (const auto& one : gate.sides)
      if (one.tag == tag) return one;
    return model::SidePolicy{};
  };
  const auto gate = policy_gate(facts);
  CHECK(side(gate, "adkim").may);
  CHECK_FALSE(side(gate, "aspf").may);
  CHECK(side(gate, "aspf").record.empty());
  CHECK(model::english(side(gate, "aspf").text) ==
        "aspf=s: not together with adkim=s, both would make 2,000 of 3,000 messages of your own fail");
  // The other one is strict already: both together count.
  facts.policy.aspf = model::AlignmentMode::s;
  CHECK_FALSE(side(policy_gate(facts), "adkim").may);
  facts.policy.aspf.reset();
  facts.policy.adkim = model::AlignmentMode::s;
  CHECK_FALSE(side(policy_gate(facts), "aspf").may);
  facts.side.strict_both = 3'000;
  CHECK(side(policy_gate(facts), "aspf").may);
}

TEST_CASE("np and sp follow where the mail from below the domain passes") {
  auto facts = good(Policy::quarantine);
  facts.policy.sp = Policy::none;
  facts.policy.record = "v=DMARC1; p=quarantine; sp=none";
  facts.side.subdomain = 50;
  const auto tag = [](const model::PolicyGate& gate, std::string_view name) {
    for (const auto& side : gate.sides)
      if (side.tag == name) return side;
    return model::SidePolicy{};
  };
  const auto gate = policy_gate(facts);
  CHECK(tag(gate, "np").may);
  CHECK(tag(gate, "np").record == "v=DMARC1; p=quarantine; np=reject; sp=none");
  CHECK(tag(gate, "sp").record == "v=DMARC1; p=quarantine");
  facts.side.subdomain_failed = 1;
  CHECK_FALSE(tag(policy_gate(facts), "np").may);
  CHECK_FALSE(tag(policy_gate(facts), "sp").may);
  // What could not be checked has not failed, and has not passed.
  facts.side.subdomain_failed = 0;
  facts.side.subdomain_unchecked = 2;
  CHECK_FALSE(tag(policy_gate(facts), "np").may);
  CHECK(model::english(tag(policy_gate(facts), "np").text) ==
        "np=reject stops mail from names that do not exist; 2 of 50 messages of your own from below the domain could "
        "not be checked");
}

TEST_CASE("blocked, no side policy is advised either") {
  auto facts = good();
  facts.basis.days = 3;
  for (const auto& side : policy_gate(facts).sides) {
    CHECK_FALSE(side.may);
    CHECK(side.record.empty());
  }
}
