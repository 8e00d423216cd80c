#include <fmt/format.h>

#include <algorithm>

#include "assess/overview/gate_parts.hpp"
#include "assess/overview/policy_record.hpp"

namespace ruaudit::assess {
namespace {

using model::Policy;
using model::PolicyStep;
using model::say;
using model::Sentence;

// pct is gone with RFC 9989, and t=y takes its place.
std::string record_with(const GateFacts& facts, std::string_view p, bool is_testing) {
  if (!is_record_known(facts)) return {};
  const auto record = with_tag(with_tag(facts.policy.record, "pct", ""), "p", p);
  return with_tag(record, "t", is_testing ? "y" : "");
}

class Stairs {
 public:
  explicit Stairs(const GateFacts& facts) : facts_(facts), day_(facts.today) {}

  void test(std::string_view p, std::string_view below) {
    add(p, true,
        say("asks receivers to treat failing mail as with p={}; those that do not know t=y apply p={} at once. Wait "
            "seven days, then look at who fails",
            below, p));
    day_ += static_cast<std::int32_t>(gate_limits::testing_days);
  }
  void apply(std::string_view p, Sentence then) {
    add(p, false, std::move(then));
    day_ += static_cast<std::int32_t>(gate_limits::days);
  }
  // The present policy has stood since then, as far as is known; the next one has to wait until it has stood this long.
  void wait(std::optional<std::int32_t> since, std::int64_t days) {
    day_ = std::max(day_, static_cast<std::int32_t>(since.value_or(day_) + days));
  }
  std::vector<PolicyStep> take() { return std::move(steps_); }

 private:
  void add(std::string_view p, bool is_testing, Sentence text) {
    auto change = fmt::format("p={}{}", p, is_testing ? "; t=y" : "");
    if (!is_record_known(facts_)) text = say("{}: {}. {}", change, std::move(text), unknown_record());
    steps_.push_back({day_, record_with(facts_, p, is_testing), std::move(change), std::move(text)});
  }

  const GateFacts& facts_;
  std::int32_t day_;
  std::vector<PolicyStep> steps_;
};

}  // namespace

bool is_record_known(const GateFacts& facts) { return !facts.policy.record.empty() && facts.policy.is_usable; }

int level_of(Policy p) { return p == Policy::reject ? 2 : p == Policy::quarantine ? 1 : 0; }

std::vector<PolicyStep> gate_steps(const GateFacts& facts, int end) {
  const auto& policy = facts.policy;
  const int now = policy.p ? level_of(*policy.p) : 0;
  Stairs stairs(facts);
  const bool is_tested = policy.is_testing && now > 0;
  if (is_tested) stairs.wait(policy.since, gate_limits::testing_days);
  if ((now == 1 || (now == 0 && posts_to_lists(facts))) && !policy.is_testing)
    stairs.wait(policy.since, gate_limits::days);
  if (now < 1 && end >= 1) stairs.test("quarantine", "none");
  if ((now < 1 || (now == 1 && is_tested)) && end >= 1)
    stairs.apply("quarantine", end > 1 ? say("failing mail goes to spam. Wait a month, then compare what was "
                                             "quarantined with what is yours (RFC 9989 section 7.4)")
                                       : say("failing mail goes to spam"));
  if (now < 2 && end >= 2) stairs.test("reject", "quarantine");
  if (end >= 2 && (now < 2 || is_tested)) stairs.apply("reject", say("failing mail is rejected"));
  return stairs.take();
}

PolicyStep first_record(const GateFacts& facts) {
  const auto address = facts.report_address.empty() ? "dmarc@" + facts.domain : facts.report_address;
  return {facts.today, fmt::format("v=DMARC1; p=none; rua=mailto:{}", address), "p=none",
          say("asks for reports and changes nothing else. Wait a month, then see who sends")};
}

}  // namespace ruaudit::assess
