#include <catch2/catch.hpp>

#include "gate_facts.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using namespace ruaudit::assess::gate_test;
using model::FindingKind;
using model::GateState;
using model::Policy;
using model::Severity;

TEST_CASE("each thing that speaks against a stricter policy blocks it alone") {
  struct Case {
    const char* what;
    void (*change)(GateFacts&);
    const char* codes;
  };
  const Case cases[] = {
      {"nothing", [](GateFacts&) {}, ""},
      {"29 days of reports", [](GateFacts& f) { f.basis.days = 29; }, "span"},
      {"30 days of reports", [](GateFacts& f) { f.basis.days = 30; }, ""},
      {"23 of 30 days covered", [](GateFacts& f) { f.basis.covered_days = 23; }, "coverage"},
      {"24 of 30 days covered", [](GateFacts& f) { f.basis.covered_days = 24; }, ""},
      {"99 own messages", [](GateFacts& f) { f.basis.own = {.messages = 99, .passed = 99, .both = 99}; },
       "few-messages"},
      {"100 own messages", [](GateFacts& f) { f.basis.own = {.messages = 100, .passed = 100, .both = 100}; }, ""},
      {"no own message", [](GateFacts& f) { f.basis.own = {}; }, "few-messages"},
      {"half of it proven", [](GateFacts& f) { f.basis.proven = 1500; }, ""},
      {"less than half of it proven", [](GateFacts& f) { f.basis.proven = 1499; }, "unproven"},
      {"half by SPF only", [](GateFacts& f) { f.basis.own.both = f.basis.own.only_spf = 1500; }, ""},
      {"most by SPF only",
       [](GateFacts& f) {
         f.basis.own.both = 1499;
         f.basis.own.only_spf = 1501;
       },
       "one-mechanism"},
      {"most by DKIM only",
       [](GateFacts& f) {
         f.basis.own.both = 1499;
         f.basis.own.only_dkim = 1501;
       },
       "one-mechanism"},
      {"1 % of own mail fails", [](GateFacts& f) { f.basis.own.passed = f.basis.own.both = 2970; }, ""},
      {"more than 1 % of own mail fails", [](GateFacts& f) { f.basis.own.passed = f.basis.own.both = 2969; },
       "own-mail-fails"},
      {"more than 1 % was not checked",
       [](GateFacts& f) {
         f.basis.own.passed = f.basis.own.both = 2900;
         f.unchecked = 100;
       },
       ""},
      {"a host of the owner's of which nothing passes",
       [](GateFacts& f) {
         f.failing_hosts = {{.address = "192.0.2.77", .name = "watch.example.org (192.0.2.77)", .messages = 4}};
       },
       "own-host-fails"},
      {"p=none for 10 days, no lists", [](GateFacts& f) { f.policy.since = today - 10; }, ""},
      {"p=none of unknown age, no lists", [](GateFacts& f) { f.policy.since.reset(); }, ""},
      {"p=none of unknown age, with lists",
       [](GateFacts& f) {
         f.policy.since.reset();
         f.basis.list_messages = 20;
       },
       "month"},
      {"p=none for 29 days, with lists",
       [](GateFacts& f) {
         f.policy.since = today - 29;
         f.basis.list_messages = 20;
       },
       "month"},
      {"p=none for 30 days, with lists",
       [](GateFacts& f) {
         f.policy.since = today - 30;
         f.basis.list_messages = 20;
       },
       ""}};
  for (const auto& [what, change, wanted] : cases) {
    CAPTURE(what);
    auto facts = good();
    change(facts);
    const auto gate = policy_gate(facts);
    CHECK(codes(gate) == wanted);
    CHECK((gate.state == GateState::may_step) == std::string(wanted).empty());
  }
}

TEST_CASE("a finding about mail that is the owner's, or may be, blocks; others do not") {
  struct Case {
    FindingKind kind;
    Severity severity;
    bool blocks;
  };
  for (const auto& [kind, severity, blocks] :
       {Case{FindingKind::dkim_broken, Severity::fix, true}, Case{FindingKind::dkim_broken, Severity::ask, true},
        Case{FindingKind::spf_broken, Severity::ask, true}, Case{FindingKind::sender_unaligned, Severity::ask, true},
        Case{FindingKind::own_mail_harmed, Severity::fix, true},
        Case{FindingKind::unknown_steady, Severity::watch, true}, Case{FindingKind::record_broken, Severity::fix, true},
        Case{FindingKind::mailbox_trouble, Severity::ask, true}, Case{FindingKind::new_sender, Severity::ask, true},
        Case{FindingKind::new_sender, Severity::info, false}, Case{FindingKind::spoofing_wave, Severity::watch, false},
        Case{FindingKind::forwarding, Severity::info, false}, Case{FindingKind::sender_gone, Severity::info, false},
        Case{FindingKind::volume_jump, Severity::info, false},
        Case{FindingKind::forged_reports, Severity::watch, false}}) {
    CAPTURE(model::to_text(kind), model::to_text(severity));
    const auto gate = policy_gate(with_finding(good(), kind, severity));
    CHECK(codes(gate) == (blocks ? "finding" : ""));
    if (blocks) {
      CHECK(gate.blocks[0].number == 1);
      CHECK_FALSE(gate.blocks[0].needs.empty());
      CHECK(model::english(gate.sentence) == "stay at p=none until 1 is done");
    }
  }
}

TEST_CASE("a steady failing source blocks although all that authenticates passes") {
  // 20 % of all mail is one address that fails every day; DKIM is nowhere.
  auto facts = with_finding(good(), FindingKind::unknown_steady, Severity::watch, 6'000);
  facts.basis.messages = facts.basis.proven = 30'000;
  facts.basis.own = {.messages = 24'000, .passed = 24'000, .only_spf = 24'000};
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::blocked);
  CHECK(codes(gate) == "one-mechanism finding");
  for (const auto& step : gate.steps) CHECK(model::english(gate.sentence).find(step.record) == std::string::npos);
}

TEST_CASE("what blocks stands by messages, and the sentence names the findings") {
  auto facts = with_finding(good(), FindingKind::dkim_broken, Severity::fix, 10, 1);
  facts = with_finding(std::move(facts), FindingKind::sender_unaligned, Severity::ask, 300, 2);
  facts = with_finding(std::move(facts), FindingKind::unknown_steady, Severity::watch, 20, 4);
  const auto gate = policy_gate(facts);
  REQUIRE(gate.blocks.size() == 3);
  CHECK(gate.blocks[0].messages == 300);
  CHECK(gate.blocks[2].messages == 10);
  CHECK(model::english(gate.sentence) == "stay at p=none until 1, 2 and 4 are done");
}

// RFC 9989 section 8
TEST_CASE("reject does not rest on SPF alone") {
  auto facts = good(Policy::quarantine);
  facts.basis.own = {.messages = 3'000, .passed = 3'000, .both = 2'849, .only_spf = 151};
  CHECK(codes(policy_gate(facts)) == "spf-alone");
  facts.basis.own = {.messages = 3'000, .passed = 3'000, .both = 2'850, .only_spf = 150};
  CHECK(policy_gate(facts).state == GateState::may_step);
  auto there = good(Policy::reject);
  there.basis.own = {.messages = 3'000, .passed = 3'000, .both = 2'000, .only_spf = 1'000};
  CHECK(model::english(policy_gate(there).notes.at(0)).find("section 8") != std::string::npos);
}

TEST_CASE("the gate is the same at ten messages a day and at ten million") {
  for (const std::int64_t daily : {10LL, 10'000'000LL})
    for (const std::int64_t days : {7LL, 365LL}) {
      CAPTURE(daily, days);
      auto facts = good(Policy::none, daily * 30);
      facts.basis.days = days;
      CHECK(codes(policy_gate(facts)) == (days < 30 ? "span" : ""));
    }
}

TEST_CASE("a host of the owner's that sends little and never passes is named before the policy is raised") {
  auto facts = good();
  facts.failing_hosts = {{.address = "192.0.2.77", .name = "watch.example.org (192.0.2.77)", .messages = 4}};
  const auto gate = policy_gate(facts);
  CHECK(model::english(gate.sentence) ==
        "stay at p=none: 4 messages of watch.example.org (192.0.2.77) fail DMARC, and none is known to pass");
  CHECK(model::english(gate.blocks.at(0).needs) ==
        "If watch.example.org (192.0.2.77) is yours, let it sign with DKIM; else 'ruaudit label 192.0.2.77 unwanted'");
}

TEST_CASE("a host that a finding tells of is no block of its own") {
  auto facts = with_finding(good(), model::FindingKind::sender_unaligned, model::Severity::ask);
  facts.failing_hosts = {{.address = "192.0.2.1", .name = "192.0.2.1", .messages = 40}};
  CHECK(codes(policy_gate(facts)) == "finding");
  facts.findings[0].finding.subject.sources = {"2001:db8:1:2::7"};
  facts.failing_hosts = {{.address = "2001:db8:1:2::/64", .name = "2001:db8:1:2::/64", .messages = 40}};
  CHECK(codes(policy_gate(facts)) == "finding");
}

TEST_CASE("at p=reject own mail that fails is told, with a finding and without") {
  auto host = good(Policy::reject), mail = host, few = host;
  host.failing_hosts = {{.address = "192.0.2.77", .name = "watch.example.org (192.0.2.77)", .messages = 4}};
  mail.basis.own.passed = mail.basis.own.both = 2'900;
  few.basis.own = {.messages = 99, .passed = 99, .both = 99};
  CHECK(codes(policy_gate(host)) == "own-host-fails");
  CHECK(model::english(policy_gate(host).sentence) ==
        "p=reject is published, although 4 messages of watch.example.org (192.0.2.77) fail DMARC, and none is known to "
        "pass");
  CHECK(codes(policy_gate(mail)) == "own-mail-fails");
  CHECK(policy_gate(mail).state == GateState::blocked);
  CHECK(policy_gate(few).state == GateState::at_end);
}

TEST_CASE("a network is to be labelled where all addresses are in it, else an address") {
  const auto needs = [](const std::vector<std::string>& sources) {
    auto facts = with_finding(good(), FindingKind::unknown_steady, Severity::watch);
    facts.findings[0].finding.subject.sources = sources;
    return model::english(policy_gate(facts).blocks.at(0).needs);
  };
  CHECK(needs({"2001:db8:1:2::1", "2001:db8:1:2::2"}) ==
        "Say who 2001:db8:1:2::/64 belongs to: ruaudit label 2001:db8:1:2::/64 mine|service|unwanted");
  CHECK(needs({"2001:db8:1:2::1", "2001:db8:1:3::2"}) ==
        "Say who 2001:db8:1:2::1 belongs to: ruaudit label 2001:db8:1:2::1 mine|service|unwanted");
}

TEST_CASE("of p=reject it is not said that nothing speaks against it where users post to lists") {
  auto facts = good(Policy::reject);
  facts.basis.list_messages = 20;
  CHECK(model::english(policy_gate(facts).sentence) ==
        "p=reject is published, although your users post to mailing lists: what a list changes may be rejected (RFC "
        "9989 section 7.4)");
}

TEST_CASE("a steady stranger stands in the way until the owner says whose he is") {
  auto facts = with_finding(good(), model::FindingKind::unknown_steady, model::Severity::watch);
  facts.findings[0].finding.action = model::say("else nothing to do");
  CHECK(model::english(policy_gate(facts).blocks.at(0).needs) ==
        "Say who 192.0.2.1 belongs to: ruaudit label 192.0.2.1 mine|service|unwanted");
}

namespace {

GateFacts snoozed(GateFacts facts, std::optional<std::int64_t> until = std::nullopt) {
  for (auto& one : facts.findings) {
    one.is_snoozed = true;
    one.snoozed_until = until;
  }
  return facts;
}

constexpr std::int64_t day_20_200 = std::int64_t{20'200} * 86'400;  // 2025-04-22

}  // namespace

TEST_CASE("a snoozed finding does not block, is told, and covers the mail and the host that it tells of") {
  auto facts = with_finding(good(), FindingKind::sender_unaligned, Severity::fix, 90);
  facts.basis.own.passed = facts.basis.own.both = 2'910;
  facts.failing_hosts = {{.address = "192.0.2.1", .name = "192.0.2.1", .messages = 90}};
  facts.failing_sources = {{"192.0.2.1", 90}};
  CHECK(codes(policy_gate(facts)) == "finding");
  const auto gate = policy_gate(snoozed(facts, day_20_200));
  CHECK(gate.state == GateState::may_step);
  CHECK(codes(gate).empty());
  CHECK(gate.snoozed == std::vector<model::SnoozedBlock>{{"x", 1, day_20_200}});
  CHECK(model::english(gate.sentence).starts_with("1 finding snoozed until 2025-04-22; next: publish v=DMARC1;"));
}

TEST_CASE("a snoozed finding covers own failing mail of its sources, whatever it counts itself") {
  // Messages of strangers, of other days, or that pass by the other mechanism.
  for (const auto kind : {FindingKind::unknown_steady, FindingKind::dkim_broken, FindingKind::new_sender}) {
    auto facts = snoozed(with_finding(good(), kind, Severity::ask, 5'000));
    facts.basis.own.passed = facts.basis.own.both = 2'800;
    facts.failing_sources = {{"192.0.2.77", 180}, {"192.0.2.1", 20}};
    const auto gate = policy_gate(facts);
    CHECK(codes(gate) == "own-mail-fails");
    CHECK(gate.blocks.at(0).messages == 180);
  }
}

TEST_CASE("a source that two snoozed findings tell of counts once") {
  auto facts = with_finding(good(), FindingKind::sender_unaligned, Severity::fix, 90, 1);
  facts = snoozed(with_finding(std::move(facts), FindingKind::own_mail_harmed, Severity::fix, 90, 2));
  facts.basis.own.passed = facts.basis.own.both = 2'800;
  facts.failing_sources = {{"192.0.2.1", 90}, {"192.0.2.77", 110}};
  CHECK(policy_gate(facts).blocks.at(0).messages == 110);
}

TEST_CASE("what a snoozed finding does not tell of still blocks") {
  auto facts = snoozed(with_finding(good(), FindingKind::sender_unaligned, Severity::fix, 90));
  facts.basis.own.passed = facts.basis.own.both = 2'800;
  facts.failing_sources = {{"192.0.2.1", 90}, {"192.0.2.77", 110}};
  const auto gate = policy_gate(facts);
  CHECK(codes(gate) == "own-mail-fails");
  CHECK(gate.blocks.at(0).messages == 110);
  CHECK(model::english(gate.sentence).starts_with("1 finding snoozed until it is over; stay at p=none: "));
}

TEST_CASE("of several snoozed findings the first day is told, and one that blocks nothing is not") {
  auto facts = with_finding(good(Policy::reject), FindingKind::dkim_broken, Severity::fix, 10, 1);
  facts = snoozed(with_finding(std::move(facts), FindingKind::spf_broken, Severity::ask, 10, 2), day_20_200);
  facts.findings[0].snoozed_until = day_20_200 + 86'400;
  CHECK(model::english(policy_gate(facts).sentence) ==
        "2 findings snoozed, the first until 2025-04-22; p=reject is published, and no problem is known");
  const auto other = snoozed(with_finding(good(), FindingKind::spoofing_wave, Severity::watch));
  CHECK(policy_gate(other).snoozed.empty());
}

TEST_CASE("what neither passes nor fails blocks nothing up to a half of own mail; beyond, nothing is decided") {
  for (const bool is_dns : {false, true}) {
    CAPTURE(is_dns);
    auto facts = good();
    (is_dns ? facts.unchecked : facts.unsaid) = 1'500;
    facts.basis.own.passed = facts.basis.own.both = 1'500;
    CHECK(policy_gate(facts).state == GateState::may_step);
    CHECK(policy_gate(facts).notes.size() == 1);
    (is_dns ? facts.unchecked : facts.unsaid) = 1'501;
    facts.basis.own.passed = facts.basis.own.both = 1'499;
    const auto gate = policy_gate(facts);
    CHECK(gate.state == GateState::undecided);
    CHECK(codes(gate) == "undecided");
    CHECK(gate.blocks.at(0).messages == 1'501);
    CHECK(
        model::english(gate.sentence)
            .starts_with("undecided, stay at p=none: whether 1,501 of 3,000 messages of your own pass is not known; "));
    CHECK((model::english(gate.blocks.at(0).needs).find("ruaudit check example.org") != std::string::npos) == is_dns);
    for (const auto& side : gate.sides) CHECK_FALSE(side.may);
  }
}

TEST_CASE("mail that fails blocks beside mail of which nothing is known, and only known mail is enough mail") {
  auto facts = good();
  facts.unsaid = 2'000;
  facts.basis.own.passed = facts.basis.own.both = 980;
  CHECK(codes(policy_gate(facts)) == "undecided own-mail-fails");
  CHECK(policy_gate(facts).state == GateState::blocked);
  facts.unsaid = 500;  // 20 of 1,000 that are known
  facts.basis.own = {.messages = 1'500, .passed = 980, .both = 980};
  CHECK(codes(policy_gate(facts)) == "own-mail-fails");
  facts.unsaid = 60;
  facts.basis.own = {.messages = 150, .passed = 90, .both = 90};
  CHECK(codes(policy_gate(facts)) == "few-messages");
  CHECK(model::english(policy_gate(facts).blocks.at(0).text) ==
        "of your own messages in these days only 90 are known to pass or to fail");
  auto there = good(Policy::reject);
  there.unsaid = 3'000;
  there.basis.own = {.messages = 3'000};
  CHECK(policy_gate(there).state == GateState::undecided);
}
