#include "assess/overview/policy_gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assess/findings/situation.hpp"
#include "assess/overview/gate_parts.hpp"
#include "assess/overview/monthly.hpp"
#include "assess/overview/policy_record.hpp"
#include "model/calendar.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::assess {
namespace {

using model::DayOf;
using model::GateState;
using model::PolicyGate;
using model::say;
using model::say_count;
using model::Sentence;

// {1, 2, 4} -> "1, 2 and 4", {1, 2, 3} -> "1-3"
Sentence numbers_said(std::vector<int> numbers) {
  std::sort(numbers.begin(), numbers.end());
  if (numbers.size() > 2 && numbers.back() - numbers.front() == static_cast<int>(numbers.size()) - 1)
    return fmt::format("{}-{}", numbers.front(), numbers.back());
  std::string text = std::to_string(numbers.front());
  for (std::size_t i = 1; i + 1 < numbers.size(); ++i) text += ", " + std::to_string(numbers[i]);
  return numbers.size() == 1 ? Sentence(text) : say("{} and {}", text, std::to_string(numbers.back()));
}

std::string policy_text(const model::PolicyState& policy) {
  return fmt::format("p={}{}", policy.p ? model::to_text(*policy.p) : "?", policy.is_testing ? "; t=y" : "");
}

Sentence blocked_said(const PolicyGate& gate) {
  std::vector<int> numbers;
  Sentence rest;
  for (const auto& block : gate.blocks) {
    if (block.number > 0)
      numbers.push_back(block.number);
    else
      rest = rest.empty() ? block.text : say("{}; {}", std::move(rest), block.text);
  }
  const auto now = policy_text(gate.now);
  if (const auto& from = gate.now.inherited_from; !from.empty()) {
    if (numbers.empty()) return say("no record of its own: {} of {} applies, although {}", now, from, std::move(rest));
    auto open =
        numbers.size() == 1
            ? say("no record of its own: {} of {} applies, although {} is not done", now, from, numbers_said(numbers))
            : say("no record of its own: {} of {} applies, although {} are not done", now, from, numbers_said(numbers));
    return rest.empty() ? open : say("{}; besides, {}", std::move(open), std::move(rest));
  }
  if (numbers.empty() && gate.now.p == model::Policy::reject && !gate.now.is_testing)
    return say("p=reject is published, although {}", std::move(rest));
  if (numbers.empty()) return say("stay at {}: {}", now, std::move(rest));
  auto until = numbers.size() == 1 ? say("stay at {} until {} is done", now, numbers_said(numbers))
                                   : say("stay at {} until {} are done", now, numbers_said(numbers));
  return rest.empty() ? until : say("{}; besides, {}", std::move(until), std::move(rest));
}

Sentence undecided_said(const PolicyGate& gate) {
  const auto& block = gate.blocks.front();
  return say("undecided, stay at {}: {}; {}", policy_text(gate.now), block.text, block.needs);
}

// "1 finding snoozed until 2026-12-15", of several the first day on which one is back.
Sentence snoozed_said(const std::vector<model::SnoozedBlock>& snoozed) {
  const auto count = static_cast<std::int64_t>(snoozed.size());
  std::optional<std::int64_t> first;
  for (const auto& one : snoozed)
    if (one.until) first = std::min(first.value_or(*one.until), *one.until);
  if (!first) return say_count("{} finding snoozed until it is over", "{} findings snoozed until they are over", count);
  const DayOf day{static_cast<std::int32_t>(model::day_number(*first))};
  return say_count("{0} finding snoozed until {1}", "{0} findings snoozed, the first until {1}", count, day);
}

Sentence step_said(const model::PolicyStep& step) {
  return step.record.empty() ? say("{}. {}", step.change, unknown_record()) : say("publish {}", step.record);
}

// Why no report says anything.
Sentence no_reports_said(const GateFacts& facts) {
  if (facts.basis.reports > 0)
    return say("the reports of the last 30 days contain no message: nothing can be said about the policy");
  if (facts.disbelieved > 0 && !facts.is_proof_demanded)  // others prove it, or these would count
    return say(
        "the reports of the last 30 days do not prove where they come from and are left out: nothing can be said about "
        "the policy");
  if (facts.disbelieved > 0)
    return say(
        "no report of the last 30 days proves where it comes from: name your receiving server in "
        "trusted_authserv_ids, then run ruaudit authenticate");
  if (!facts.last_report) return say("no reports yet: nothing can be said about the policy");
  if (*facts.last_report >= facts.today && facts.last_closed_report)
    return say("after {} no report yet for a day that is over: nothing can be said about the policy",
               DayOf{*facts.last_closed_report});
  if (*facts.last_report >= facts.today)
    return say("no report yet for a day that is over: nothing can be said about the policy");
  return say("no report for any day since {}: nothing can be said about the policy; run ruaudit doctor to find out why",
             DayOf{*facts.last_report});
}

Sentence inherited_said(const PolicyGate& gate) {
  const auto& from = gate.now.inherited_from;
  if (gate.now.p == model::Policy::reject && !gate.now.is_testing)
    return say("no record of its own: {} of {} applies", policy_text(gate.now), from);
  return say("no record of its own: {} of {} applies, and is changed there", policy_text(gate.now), from);
}

// A record is there: it says what is wanted, and p=none in its place would take that back.
Sentence broken_said(const model::PolicyState& policy) {
  const bool are_several = policy.record.find('\n') != std::string::npos && verify::dmarc::is_record(policy.record);
  return are_several ? say("several DMARC records, receivers use none of them: leave one record at {}", policy.name)
                     : say("the DMARC record is not valid: correct the record at {}", policy.name);
}

Sentence next_said(const model::PolicyStep& step, std::int32_t today) {
  return step.day > today ? say("next, from {}: {}", DayOf{step.day}, step_said(step))
                          : say("next: {}", step_said(step));
}

Sentence sentence_of(const PolicyGate& gate, const GateFacts& facts) {
  switch (gate.state) {
    case GateState::no_reports:
      return no_reports_said(facts);
    case GateState::no_policy:
      return say("the current policy is not known: run ruaudit enrich");
    case GateState::no_record:
      return gate.steps.empty() ? broken_said(gate.now)
                                : say("no valid DMARC record: publish {}", gate.steps.front().record);
    case GateState::blocked:
      return blocked_said(gate);
    case GateState::undecided:
      return undecided_said(gate);
    case GateState::may_step:
      return next_said(gate.steps.front(), facts.today);
    case GateState::at_end:
      break;
  }
  if (!gate.now.inherited_from.empty()) return inherited_said(gate);
  if (gate.now.p == model::Policy::reject && posts_to_lists(facts))
    return say(
        "p=reject is published, although your users post to mailing lists: what a list changes may be rejected (RFC "
        "9989 "
        "section 7.4)");
  if (gate.now.p == model::Policy::reject) return say("p=reject is published, and no problem is known");
  return posts_to_lists(facts) ? say("stay at p=quarantine: your users post to mailing lists (RFC 9989 section 7.4)")
                               : say("stay at {}", policy_text(gate.now));
}

void take_notes(PolicyGate& gate, const GateFacts& facts) {
  const auto& own = facts.basis.own;
  if (gate.state == GateState::blocked && own.harmed() > 0 && gate.now.p && level_of(*gate.now.p) > 0 &&
      !gate.now.is_testing && !gate.now.record.empty())
    gate.notes.push_back(say_count(
        "{} message of your own went to spam or was rejected. Until that is fixed, this record asks for less: {}",
        "{} messages of your own went to spam or were rejected. Until that is fixed, this record asks for less: {}",
        own.harmed(), with_tag(gate.now.record, "t", "y")));
  if (gate.now.p == model::Policy::reject && is_over(own.only_spf, own.passed, gate_limits::spf_alone_percent))
    gate.notes.push_back(
        say("{} of your own pass by SPF only, which p=reject must not rest on (RFC 9989 section 8): they fail as soon "
            "as they are forwarded",
            share_of(own.only_spf, own.passed)));
  for (auto& note : undecided_notes(facts)) gate.notes.push_back(std::move(note));
  if (posts_to_lists(facts))
    gate.notes.push_back(
        say_count("{} message came through mailing lists: domains whose users post to lists should not publish "
                  "p=reject (RFC 9989 section 7.4)",
                  "{} messages came through mailing lists: domains whose users post to lists should not publish "
                  "p=reject (RFC 9989 section 7.4)",
                  facts.basis.list_messages));
  if (facts.basis.reporters == 1) gate.notes.push_back(say("only one reporter: what others receive is not known"));
}

// The strictest policy that is advised at all: RFC 9989 section 7.4 advises against p=reject where users post to lists.
int end_of(const GateFacts& facts) { return posts_to_lists(facts) ? 1 : 2; }

// p=reject for the domain and all names below it.
std::string closed(std::string record) {
  for (const char* tag : {"pct", "t", "sp", "np"}) record = with_tag(record, tag, "");
  return with_tag(record, "p", "reject");
}

void decide_parked(PolicyGate& gate, const GateFacts& facts) {
  const bool is_broken = !gate.now.is_usable && !gate.now.is_missing;
  const bool is_unknown = !gate.now.p && !gate.now.is_missing && !is_broken;
  const auto is_reject = [](const std::optional<model::Policy>& p) { return !p || *p == model::Policy::reject; };
  const bool is_closed =
      gate.now.p == model::Policy::reject && !gate.now.is_testing && is_reject(gate.now.sp) && is_reject(gate.now.np);
  gate.state = is_broken    ? GateState::no_record
               : is_unknown ? GateState::no_policy
               : is_closed  ? GateState::at_end
                            : GateState::may_step;
  if (gate.state != GateState::may_step) return;
  const bool has_none = gate.now.is_missing || !gate.now.inherited_from.empty();
  const auto record = has_none ? first_record(facts).record : gate.now.record;
  auto text = say("the domain is parked and sends nothing: whatever comes in its name is rejected");
  if (record.empty()) text = say("{}. {}", std::move(text), unknown_record());
  gate.steps = {{facts.today, record.empty() ? record : closed(record), "p=reject", std::move(text)}};
}

void decide(PolicyGate& gate, const GateFacts& facts) {
  const auto& policy = gate.now;
  if (facts.is_parked && facts.basis.own.messages == 0) return decide_parked(gate, facts);
  if (policy.is_missing || !policy.is_usable) {
    gate.state = GateState::no_record;
    if (policy.is_missing) gate.steps = {first_record(facts)};
    return;
  }
  // Another record's policy is not raised here, unless by a record of its own: that is the owner's to want. Reports
  // come for the domain of that record.
  const bool is_inherited = !policy.inherited_from.empty();
  if (facts.basis.messages == 0 && !is_inherited) return;
  if (!policy.p) {
    gate.state = GateState::no_policy;
    return;
  }
  const int now = level_of(*policy.p), end = is_inherited ? now : std::max(now, end_of(facts));
  const int target = std::min(policy.is_testing ? now : now + 1, 2);
  gate.blocks = gate_blocks(facts, target);
  const bool is_at_end = is_inherited || (now == end && !policy.is_testing);
  // At the end only what loses mail speaks: the amount of reports asks nothing more.
  if (is_at_end)
    std::erase_if(gate.blocks, [](const auto& block) {
      return block.code != "finding" && block.code != "own-mail-fails" && block.code != "own-host-fails" &&
             block.code != "undecided";
    });
  const auto is_unknown = [](const auto& block) { return block.code == "undecided"; };
  const bool is_undecided_alone = std::all_of(gate.blocks.begin(), gate.blocks.end(), is_unknown);
  gate.state = gate.blocks.empty()  ? is_at_end ? GateState::at_end : GateState::may_step
               : is_undecided_alone ? GateState::undecided
                                    : GateState::blocked;
  if (!is_inherited) gate.steps = gate_steps(facts, end);
}

}  // namespace

PolicyGate policy_gate(const GateFacts& facts) {
  PolicyGate gate{.now = facts.policy, .basis = facts.basis};
  const auto risk = monthly(facts.failing_days);
  gate.basis.risk = risk.mean;
  gate.basis.risk_low = risk.low;
  gate.basis.risk_high = risk.high;
  decide(gate, facts);
  if (gate.now.inherited_from.empty())
    gate.sides = side_policies(facts, gate.state != GateState::may_step && gate.state != GateState::at_end);
  take_notes(gate, facts);
  gate.snoozed = snoozed_blocks(facts);
  gate.sentence = sentence_of(gate, facts);
  if (!gate.snoozed.empty()) gate.sentence = say("{}; {}", snoozed_said(gate.snoozed), std::move(gate.sentence));
  return gate;
}

}  // namespace ruaudit::assess
