#include "assess/overview/gate_parts.hpp"
#include "assess/overview/policy_record.hpp"

namespace ruaudit::assess {
namespace {

using model::say;
using model::say_count;
using model::Sentence;
using model::SidePolicy;

void strictness(const GateFacts& facts, bool is_blocked, std::vector<SidePolicy>& sides) {
  const auto& own = facts.basis.own;
  const auto& policy = facts.policy;
  const auto strict = model::AlignmentMode::s;
  const auto lost_by_both = own.passed - facts.side.strict_both;
  const bool is_one_only = own.passed == facts.side.strict_dkim && own.passed == facts.side.strict_spf &&
                           lost_by_both > 0 && policy.adkim != strict && policy.aspf != strict;
  // Where the other one is strict already, both are.
  const auto ask = [&](const char* tag, std::optional<model::AlignmentMode> mode,
                       std::optional<model::AlignmentMode> other, std::int64_t alone) {
    if (mode == strict) return;
    const auto lost = other == strict ? lost_by_both : own.passed - alone;
    SidePolicy side{.tag = tag, .may = lost == 0 && !is_blocked};
    side.text = lost > 0     ? say("{}=s would make {} of your own fail", tag, share_of(lost, own.passed))
                : is_blocked ? say("{}=s: not before the rest is settled", tag)
                             : say_count(
                                   "the one message of your own passes with {1}=s, too; it helps only where others "
                                   "may send from names below the domain",
                                   "all {0} of your own messages pass with {1}=s, too; it helps only where others may "
                                   "send from names below the domain",
                                   own.passed, tag);
    if (side.may && !facts.policy.record.empty()) side.record = with_tag(facts.policy.record, tag, "s");
    sides.push_back(std::move(side));
  };
  ask("adkim", policy.adkim, policy.aspf, facts.side.strict_dkim);
  ask("aspf", policy.aspf, policy.adkim, facts.side.strict_spf);
  if (!is_one_only || is_blocked) return;
  auto& second = sides.back();
  second.may = false;
  second.record.clear();
  second.text =
      say("aspf=s: not together with adkim=s, both would make {} of your own fail", share_of(lost_by_both, own.passed));
}

// np and sp are about mail from names below the domain that fails (RFC 9989 section 4.7).
void subdomains(const GateFacts& facts, bool is_blocked, std::vector<SidePolicy>& sides) {
  const auto& policy = facts.policy;
  const auto& side = facts.side;
  const bool is_clean = side.subdomain_failed == 0 && side.subdomain_unchecked == 0;
  const bool is_safe = is_clean && !is_blocked;
  const Sentence mail = side.subdomain == 0 ? say("no mail of yours comes from below the domain")
                        : is_clean          ? say_count("the one message of your own from below the domain passes",
                                                        "all {} of your own from below the domain pass", side.subdomain)
                        : side.subdomain_failed == 0 ? say("{} of your own from below the domain could not be checked",
                                                           share_of(side.subdomain_unchecked, side.subdomain))
                                                     : say("{} of your own from below the domain fail",
                                                           share_of(side.subdomain_failed, side.subdomain));
  const auto with_mail = [&](Sentence what) {
    auto text = say("{}; {}", std::move(what), mail);
    return is_blocked && is_clean ? say("{}, but not before the rest is settled", std::move(text)) : text;
  };
  const auto effective = policy.np ? policy.np : policy.sp ? policy.sp : policy.p;
  if (effective != model::Policy::reject)
    sides.push_back(
        {.tag = "np",
         .may = is_safe,
         .text = with_mail(say("np=reject stops mail from names that do not exist")),
         .record = is_safe && !policy.record.empty() ? with_tag(policy.record, "np", "reject") : std::string()});
  if (policy.sp && policy.p && level_of(*policy.sp) < level_of(*policy.p))
    sides.push_back(
        {.tag = "sp",
         .may = is_safe,
         .text = with_mail(say("sp={} is weaker than p={}", model::to_text(*policy.sp), model::to_text(*policy.p))),
         .record = is_safe && !policy.record.empty() ? with_tag(policy.record, "sp", "") : std::string()});
}

}  // namespace

std::vector<SidePolicy> side_policies(const GateFacts& facts, bool is_blocked) {
  std::vector<SidePolicy> sides;
  if (!facts.policy.p) return sides;
  if (facts.basis.own.messages > 0) strictness(facts, is_blocked, sides);
  subdomains(facts, is_blocked, sides);
  return sides;
}

}  // namespace ruaudit::assess
