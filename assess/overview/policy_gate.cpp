#include "assess/overview/policy_gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assess/findings/situation.hpp"
#include "assess/overview/gate_parts.hpp"
#include "assess/overview/monthly.hpp"
#include "assess/overview/policy_record.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::assess {
namespace {

using model::GateState;
using model::PolicyGate;

// {1, 2, 4} -> "1, 2 and 4", {1, 2, 3} -> "1-3"
std::string numbers_text(std::vector<int> numbers) {
  std::sort(numbers.begin(), numbers.end());
  if (numbers.size() > 2 && numbers.back() - numbers.front() == static_cast<int>(numbers.size()) - 1)
    return fmt::format("{}-{}", numbers.front(), numbers.back());
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += (i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ") + std::to_string(numbers[i]);
  return text;
}

std::string policy_text(const model::PolicyState& policy) {
  return fmt::format("p={}{}", policy.p ? model::to_text(*policy.p) : "?", policy.is_testing ? "; t=y" : "");
}

std::string blocked_text(const PolicyGate& gate) {
  std::vector<int> numbers;
  std::string rest;
  for (const auto& block : gate.blocks) {
    if (block.number > 0)
      numbers.push_back(block.number);
    else
      rest += (rest.empty() ? "" : "; ") + block.text;
  }
  std::string text = fmt::format("stay at {}", policy_text(gate.now));
  if (!numbers.empty())
    text += fmt::format(" until {} {} done", numbers_text(numbers), numbers.size() == 1 ? "is" : "are");
  return rest.empty() ? text : fmt::format("{}{} {}", text, numbers.empty() ? ":" : "; besides,", rest);
}

std::string step_text(const model::PolicyStep& step) {
  return step.record.empty() ? fmt::format("{}. {}", step.change, unknown_record) : "publish " + step.record;
}

// Why no report says anything.
std::string no_reports_text(const GateFacts& facts) {
  if (facts.basis.reports > 0)
    return "the reports of the last 30 days tell of no message: nothing can be said of the policy";
  if (facts.disbelieved > 0 && !facts.is_proof_demanded)  // others prove it, or these would count
    return "the reports of the last 30 days do not prove where they come from and are left out: nothing can be said of "
           "the policy";
  if (facts.disbelieved > 0)
    return "no report of the last 30 days proves where it comes from: name your receiving server in "
           "trusted_authserv_ids, then run ruaudit authenticate";
  if (!facts.last_report) return "no reports yet: nothing can be said of the policy";
  if (*facts.last_report >= facts.today && facts.last_closed_report)
    return fmt::format("after {} no report yet of a day that is over: nothing can be said of the policy",
                       text_of_day(*facts.last_closed_report));
  if (*facts.last_report >= facts.today)
    return "no report yet of a day that is over: nothing can be said of the policy";
  return fmt::format("no report of any day since {}: nothing can be said of the policy; ruaudit doctor looks for why",
                     text_of_day(*facts.last_report));
}

std::string inherited_text(const PolicyGate& gate) {
  const auto& from = gate.now.inherited_from;
  const auto text = fmt::format("no record of its own: {} of {} applies", policy_text(gate.now), from);
  return gate.now.p == model::Policy::reject && !gate.now.is_testing ? text : text + ", and is changed there";
}

// A record is there: it says what is wanted, and p=none in its place would take that back.
std::string broken_text(const model::PolicyState& policy) {
  const bool are_several = policy.record.find('\n') != std::string::npos && verify::dmarc::is_record(policy.record);
  return are_several
             ? fmt::format("several DMARC records, receivers use none of them: leave one record at {}", policy.name)
             : fmt::format("the DMARC record does not count: correct the record at {}", policy.name);
}

std::string sentence_of(const PolicyGate& gate, const GateFacts& facts) {
  switch (gate.state) {
    case GateState::no_reports:
      return no_reports_text(facts);
    case GateState::no_policy:
      return "which policy stands is not known: run ruaudit enrich";
    case GateState::no_record:
      return gate.steps.empty() ? broken_text(gate.now)
                                : fmt::format("no DMARC record that counts: publish {}", gate.steps.front().record);
    case GateState::blocked:
      return blocked_text(gate);
    case GateState::may_step:
      return gate.steps.front().day > facts.today
                 ? fmt::format("next, from {}: {}", text_of_day(gate.steps.front().day), step_text(gate.steps.front()))
                 : fmt::format("next: {}", step_text(gate.steps.front()));
    case GateState::at_end:
      break;
  }
  if (!gate.now.inherited_from.empty()) return inherited_text(gate);
  if (gate.now.p == model::Policy::reject) return "p=reject stands, and nothing speaks against it";
  return posts_to_lists(facts) ? "stay at p=quarantine: your users post to mailing lists (RFC 9989 section 7.4)"
                               : fmt::format("stay at {}", policy_text(gate.now));
}

void take_notes(PolicyGate& gate, const GateFacts& facts) {
  const auto& own = facts.basis.own;
  if (gate.state == GateState::blocked && own.harmed() > 0 && gate.now.p && level_of(*gate.now.p) > 0 &&
      !gate.now.is_testing && !gate.now.record.empty())
    gate.notes.push_back(
        fmt::format("{} of your own messages went to spam or were refused. Until that is fixed this "
                    "record asks for less: {}",
                    number_text(own.harmed()), with_tag(gate.now.record, "t", "y")));
  if (gate.now.p == model::Policy::reject && is_over(own.only_spf, own.passed, gate_limits::spf_alone_percent))
    gate.notes.push_back(
        fmt::format("{} of your own pass by SPF only, which p=reject must not rest on (RFC 9989 "
                    "section 8): they fail as soon as they are forwarded",
                    share_text(own.only_spf, own.passed)));
  if (posts_to_lists(facts))
    gate.notes.push_back(
        fmt::format("{} messages came by mailing lists: domains whose users post to lists should not "
                    "publish p=reject (RFC 9989 section 7.4)",
                    number_text(facts.basis.list_messages)));
  if (facts.basis.reporters == 1) gate.notes.emplace_back("one reporter only: what others receive is not known");
}

// The strictest policy that is advised at all: RFC 9989 section 7.4 advises against p=reject where users post to lists.
int end_of(const GateFacts& facts) { return posts_to_lists(facts) ? 1 : 2; }

void decide_parked(PolicyGate& gate, const GateFacts& facts) {
  const bool is_broken = !gate.now.is_usable && !gate.now.is_missing;
  const bool is_unknown = !gate.now.p && !gate.now.is_missing && !is_broken;
  const bool is_closed = gate.now.p == model::Policy::reject && !gate.now.is_testing;
  gate.state = is_broken    ? GateState::no_record
               : is_unknown ? GateState::no_policy
               : is_closed  ? GateState::at_end
                            : GateState::may_step;
  if (gate.state != GateState::may_step) return;
  const bool has_none = gate.now.is_missing || !gate.now.inherited_from.empty();
  const auto record = has_none ? first_record(facts).record : gate.now.record;
  gate.steps = {{facts.today,
                 record.empty() ? record : with_tag(with_tag(with_tag(record, "pct", ""), "t", ""), "p", "reject"),
                 "p=reject",
                 fmt::format("the domain is parked and sends nothing: whatever comes in its name is refused{}{}",
                             record.empty() ? ". " : "", record.empty() ? unknown_record : "")}};
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
  if (is_at_end) std::erase_if(gate.blocks, [](const auto& block) { return block.code != "finding"; });
  gate.state = !gate.blocks.empty() ? GateState::blocked : is_at_end ? GateState::at_end : GateState::may_step;
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
  gate.sentence = sentence_of(gate, facts);
  return gate;
}

}  // namespace ruaudit::assess
