#include <catch2/catch.hpp>

#include <string>

#include "assess/overview/policy_gate.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using model::FindingKind;
using model::GateState;
using model::Policy;
using model::Severity;

namespace {

constexpr std::int32_t today = 20'100;

// A domain that may step: a month of reports, all proven, all own mail by both mechanisms.
GateFacts good(Policy p = Policy::none, std::int64_t messages = 3'000) {
  GateFacts facts{.domain = "example.org", .report_address = "dmarc@example.org", .today = today};
  facts.policy = {.name = "_dmarc.example.org",
                  .record = "v=DMARC1; p=" + std::string(model::to_text(p)) + "; rua=mailto:dmarc@example.org",
                  .p = p,
                  .since = today - 60};
  facts.basis = {.first_day = today - 30,
                 .last_day = today - 1,
                 .days = 90,
                 .covered_days = 30,
                 .reports = 90,
                 .reporters = 3,
                 .messages = messages,
                 .proven = messages};
  facts.basis.own = {.messages = messages, .passed = messages, .both = messages};
  facts.failing_days.assign(30, 0);
  facts.side = {.strict_dkim = messages, .strict_spf = messages, .strict_both = messages};
  return facts;
}

GateFacts with_finding(GateFacts facts, FindingKind kind, Severity severity, std::int64_t messages = 500,
                       int number = 1) {
  model::Finding finding{.id = "x", .kind = kind, .severity = severity, .domain = "example.org", .messages = messages};
  finding.subject.sources = {"192.0.2.1"};
  facts.findings.push_back({number, finding, false});
  return facts;
}

std::string codes(const model::PolicyGate& gate) {
  std::string text;
  for (const auto& block : gate.blocks) text += (text.empty() ? "" : " ") + block.code;
  return text;
}

}  // namespace

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
      {"p=none for 10 days, no lists", [](GateFacts& f) { f.policy.since = today - 10; }, ""},
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
      CHECK(gate.sentence == "stay at p=none until 1 is done");
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
  for (const auto& step : gate.steps) CHECK(gate.sentence.find(step.record) == std::string::npos);
}

TEST_CASE("one is not many") {
  auto facts = good();
  facts.basis.days = 1;
  CHECK(policy_gate(facts).sentence == "stay at p=none: reports reach back 1 day");
  facts = good(Policy::quarantine);
  facts.policy.since = today - 1;
  CHECK(policy_gate(facts).sentence == "stay at p=quarantine: p=quarantine for 1 day so far");
}

TEST_CASE("what blocks stands by messages, and the sentence names the findings") {
  auto facts = with_finding(good(), FindingKind::dkim_broken, Severity::fix, 10, 1);
  facts = with_finding(std::move(facts), FindingKind::sender_unaligned, Severity::ask, 300, 2);
  facts = with_finding(std::move(facts), FindingKind::unknown_steady, Severity::watch, 20, 4);
  const auto gate = policy_gate(facts);
  REQUIRE(gate.blocks.size() == 3);
  CHECK(gate.blocks[0].messages == 300);
  CHECK(gate.blocks[2].messages == 10);
  CHECK(gate.sentence == "stay at p=none until 1, 2 and 4 are done");
}

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
  CHECK(gate.sentence == "next: publish " + gate.steps[0].record);
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
    CHECK(step.text.find("keep the rest") != std::string::npos);
  }
  CHECK(gate.sentence ==
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
  CHECK(gate.sentence == "stay at p=quarantine: since when p=quarantine stands is not known");
  CHECK(gate.steps.at(0).day == today + 30);
  facts = good(Policy::reject);
  facts.policy.since.reset();
  CHECK(policy_gate(facts).state == GateState::at_end);
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
  CHECK(gate.sentence.find("7.4") != std::string::npos);
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
  CHECK(policy_gate(there).notes.at(0).find("section 8") != std::string::npos);
}

TEST_CASE("at p=reject nothing is left, unless mail is lost") {
  CHECK(policy_gate(good(Policy::reject)).state == GateState::at_end);
  auto facts = with_finding(good(Policy::reject), FindingKind::own_mail_harmed, Severity::fix);
  facts.basis.own.rejected = 40;
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::blocked);
  CHECK(gate.notes.at(0).find("p=reject; t=y") != std::string::npos);
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
  CHECK(gate.sentence == "the DMARC record does not count: correct the record at _dmarc.example.org");
  facts.policy.record = "v=DMARC1; p=none\nv=DMARC1; p=reject";
  gate = policy_gate(facts);
  CHECK(gate.steps.empty());
  CHECK(gate.sentence == "several DMARC records, receivers use none of them: leave one record at _dmarc.example.org");
}

TEST_CASE("without reports nothing is said but why there are none") {
  auto facts = good();
  facts.basis.messages = facts.basis.proven = 0;
  facts.basis.own = {};
  CHECK(policy_gate(facts).state == GateState::no_reports);
  CHECK(policy_gate(facts).steps.empty());
  CHECK(policy_gate(facts).sentence.find("tell of no message") != std::string::npos);
  facts.basis.reports = 0;
  CHECK(policy_gate(facts).sentence == "no reports yet: nothing can be said of the policy");
  facts.last_report = today;
  CHECK(policy_gate(facts).sentence.find("a day that is over") != std::string::npos);
  facts.last_report = today - 100;
  CHECK(policy_gate(facts).sentence.find("no report of any day since 2024-10-04") != std::string::npos);
  facts.disbelieved = 3;
  CHECK(policy_gate(facts).sentence.find("proves where it comes from") != std::string::npos);
}

TEST_CASE("a policy that nobody told is not known, and no lack of reports") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.example.org"};
  const auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::no_policy);
  CHECK(gate.sentence == "which policy stands is not known: run ruaudit enrich");
}

TEST_CASE("a step that has to wait is told with its day") {
  auto facts = good(Policy::quarantine);
  facts.policy.is_testing = true;
  facts.policy.record = "v=DMARC1; p=quarantine; t=y";
  facts.policy.since = today - 3;
  CHECK(policy_gate(facts).sentence == "next, from 2025-01-16: publish v=DMARC1; p=quarantine");
  facts.policy.since = today - 7;
  CHECK(policy_gate(facts).sentence == "next: publish v=DMARC1; p=quarantine");
}

// RFC 9989 section 4.10.1
TEST_CASE("a name that inherits its policy is told no record of its own") {
  auto facts = good();
  facts.policy = {.name = "_dmarc.news.example.org", .inherited_from = "_dmarc.example.org", .p = Policy::none};
  auto gate = policy_gate(facts);
  CHECK(gate.state == GateState::at_end);
  CHECK(gate.steps.empty());
  CHECK(gate.sides.empty());
  CHECK(gate.sentence == "no record of its own: p=none of _dmarc.example.org applies, and is changed there");
  facts.basis.messages = 0;
  facts.policy.p = Policy::reject;
  CHECK(policy_gate(facts).sentence == "no record of its own: p=reject of _dmarc.example.org applies");
  // A parked one has a record to gain.
  facts.is_parked = true;
  facts.basis.own = {};
  facts.policy.p = Policy::none;
  CHECK(policy_gate(facts).steps.at(0).record == "v=DMARC1; p=reject; rua=mailto:dmarc@example.org");
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

TEST_CASE("the gate is the same at ten messages a day and at ten million") {
  for (const std::int64_t daily : {10LL, 10'000'000LL})
    for (const std::int64_t days : {7LL, 365LL}) {
      CAPTURE(daily, days);
      auto facts = good(Policy::none, daily * 30);
      facts.basis.days = days;
      CHECK(codes(policy_gate(facts)) == (days < 30 ? "span" : ""));
    }
}

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
  CHECK(gate.sides[1].text.find("1,000 of 3,000") != std::string::npos);
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
  CHECK(side(gate, "aspf").text ==
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
}

TEST_CASE("blocked, no side policy is advised either") {
  auto facts = good();
  facts.basis.days = 3;
  for (const auto& side : policy_gate(facts).sides) {
    CHECK_FALSE(side.may);
    CHECK(side.record.empty());
  }
}
