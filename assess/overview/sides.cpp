#include <fmt/format.h>

#include "assess/overview/gate_parts.hpp"
#include "assess/overview/policy_record.hpp"

namespace ruaudit::assess {
namespace {

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
    side.text = lost > 0     ? fmt::format("{}=s would make {} of your own fail", tag, share_text(lost, own.passed))
                : is_blocked ? fmt::format("{}=s: not before the rest is settled", tag)
                             : fmt::format(
                                   "all {} of your own messages pass with {}=s, too; it helps only where "
                                   "others may send from names below the domain",
                                   number_text(own.passed), tag);
    if (side.may && !facts.policy.record.empty()) side.record = with_tag(facts.policy.record, tag, "s");
    sides.push_back(std::move(side));
  };
  ask("adkim", policy.adkim, policy.aspf, facts.side.strict_dkim);
  ask("aspf", policy.aspf, policy.adkim, facts.side.strict_spf);
  if (!is_one_only || is_blocked) return;
  auto& second = sides.back();
  second.may = false;
  second.record.clear();
  second.text = fmt::format("aspf=s: not together with adkim=s, both would make {} of your own fail",
                            share_text(lost_by_both, own.passed));
}

// np and sp are about mail from names below the domain that fails (RFC 9989 section 4.7).
void subdomains(const GateFacts& facts, bool is_blocked, std::vector<SidePolicy>& sides) {
  const auto& policy = facts.policy;
  const auto& side = facts.side;
  const bool is_safe = side.subdomain_failed == 0 && !is_blocked;
  const std::string later = is_blocked && side.subdomain_failed == 0 ? ", but not before the rest is settled" : "";
  const std::string mail =
      side.subdomain == 0 ? std::string("no mail of yours comes from below the domain")
      : side.subdomain_failed == 0
          ? fmt::format("all {} of your own from below the domain pass", number_text(side.subdomain))
          : fmt::format("{} of your own from below the domain fail", share_text(side.subdomain_failed, side.subdomain));
  const auto effective = policy.np ? policy.np : policy.sp ? policy.sp : policy.p;
  if (effective != model::Policy::reject)
    sides.push_back(
        {.tag = "np",
         .may = is_safe,
         .text = fmt::format("np=reject stops mail from names that do not exist; {}{}", mail, later),
         .record = is_safe && !policy.record.empty() ? with_tag(policy.record, "np", "reject") : std::string()});
  if (policy.sp && policy.p && level_of(*policy.sp) < level_of(*policy.p))
    sides.push_back({.tag = "sp",
                     .may = is_safe,
                     .text = fmt::format("sp={} is weaker than p={}; {}{}", model::to_text(*policy.sp),
                                         model::to_text(*policy.p), mail, later),
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
