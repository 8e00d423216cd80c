// One row at a time: what the change does not touch stays as reported; unknown never becomes pass or fail.
#include "assess/simulate/decide.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace ruaudit::assess::simulate {
namespace {

using model::AlignedResult;
using model::Disposition;
using simulation::Doubt;
using simulation::Effect;
using simulation::Verdict;

// A row that passes by an aligned signature and by SPF, from a reporter of RFC 7489, under p=none.
struct Case {
  model::AuthPattern pattern{.header_from = "a.example",
                             .envelope_from = "a.example",
                             .disposition = Disposition::none,
                             .dkim = AlignedResult::pass,
                             .spf = AlignedResult::pass,
                             .signatures = {{"a.example", "s1", model::DkimResult::pass}},
                             .spf_results = {{"a.example", model::SpfScope::mfrom, model::SpfResult::pass}},
                             .overrides = {}};
  model::ReplayPolicy published{
      .p = model::Policy::none, .adkim = model::AlignmentMode::r, .aspf = model::AlignmentMode::r};
  Policy policy{};
  simulation::Sender sender = simulation::Sender::own_server;
  std::vector<Aligned> signatures = {{.is_strict = true, .is_relaxed = true}};
  std::vector<Aligned> spf = {{.is_strict = true, .is_relaxed = true}};
  std::vector<std::uint8_t> removed = {0};
  std::vector<std::optional<NewSpf>> new_spf = {std::nullopt};
  bool gains = false;

  void only_spf() {
    pattern.dkim = AlignedResult::fail;
    pattern.signatures.clear();
    signatures.clear();
    removed.clear();
  }
  void fails() {
    only_spf();
    pattern.spf = AlignedResult::fail;
    pattern.spf_results[0].result = model::SpfResult::fail;
  }
  [[nodiscard]] simulation::Decision decide() const {
    return simulate::decide({pattern, published, policy, sender, signatures, spf, removed, new_spf, gains});
  }
};

bool has(const simulation::Decision& decision, Doubt doubt) { return (decision.doubts & simulation::bit(doubt)) != 0; }

}  // namespace

TEST_CASE("a change that touches nothing of a row changes nothing, whatever the row says") {
  Case c;
  c.pattern.disposition = Disposition::quarantine;  // a receiver's own way
  const auto decision = c.decide();
  CHECK(decision.effect == Effect::none);
  CHECK(decision.after == decision.before);
  c.pattern.dkim = AlignedResult::fail;  // a reporter that contradicts himself stays believed
  CHECK(c.decide().after == c.decide().before);
}

TEST_CASE("SPF that no longer passes fails the row that rests on it alone") {
  Case c;
  c.new_spf[0] = NewSpf{.result = model::SpfResult::softfail, .because = "~all of a.example"};
  CHECK(c.decide().effect == Effect::none);  // DKIM saves it
  CHECK_FALSE(c.decide().after.is_spf_aligned);
  c.only_spf();
  const auto decision = c.decide();
  CHECK(decision.effect == Effect::newly_fails);
  CHECK(decision.why == "SPF: pass -> softfail (~all of a.example)");
  CHECK(has(decision, Doubt::dns_time));
}

TEST_CASE("a permerror is a fail; a temperror and an unknown local part are undecided") {
  Case c;
  c.only_spf();
  c.new_spf[0] = NewSpf{.result = model::SpfResult::permerror};
  CHECK(c.decide().effect == Effect::newly_fails);
  c.new_spf[0] = NewSpf{.result = model::SpfResult::temperror};
  CHECK(c.decide().effect == Effect::undecided);
  CHECK(has(c.decide(), Doubt::dns_failed));
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail, .is_of_local_part = true};
  CHECK(c.decide().effect == Effect::undecided);
  CHECK(has(c.decide(), Doubt::local_part));
  CHECK(c.decide().after.disposition == c.decide().before.disposition);
}

TEST_CASE(
    "what newly fails under sp or np is undecided where DNS did not tell which; what passes and what stays is not") {
  Case c;
  c.policy.is_policy_known = false;
  c.policy.policy = model::Policy::reject;
  c.only_spf();
  CHECK(c.decide().effect == Effect::none);
  CHECK(c.decide().after.verdict == Verdict::pass);
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail};
  const auto decision = c.decide();
  CHECK(decision.effect == Effect::undecided);
  CHECK(decision.after.disposition == decision.before.disposition);
  CHECK(has(decision, Doubt::dns_failed));
  c.fails();
  CHECK(c.decide().effect == Effect::none);
  c.policy.is_of_change = true;
  CHECK(c.decide().effect == Effect::undecided);
  c.policy.is_policy_known = true;
  CHECK(c.decide().effect == Effect::stricter);
}

TEST_CASE("a pass that is not aligned helps nobody") {
  Case c;
  c.fails();
  c.spf = {{.is_strict = false, .is_relaxed = false}};
  c.new_spf[0] = NewSpf{.result = model::SpfResult::pass};
  CHECK(c.decide().effect == Effect::none);
  c.spf = {{.is_strict = false, .is_relaxed = true}};
  CHECK(c.decide().effect == Effect::newly_passes);
  c.policy.aspf = model::AlignmentMode::s;
  CHECK(c.decide().effect == Effect::none);
}

TEST_CASE("strict alignment fails what was aligned by its organization") {
  Case c;
  c.only_spf();
  c.spf = {{.is_strict = false, .is_relaxed = true}};
  c.policy.aspf = model::AlignmentMode::s;
  CHECK(c.decide().effect == Effect::newly_fails);
  c.published.aspf = model::AlignmentMode::s;  // and was strict before: then the reporter knows why it passed
  CHECK(c.decide().effect == Effect::none);
}

TEST_CASE("of several signatures one that is left suffices") {
  Case c;
  c.pattern.signatures.push_back({"a.example", "s2", model::DkimResult::pass});
  c.signatures.push_back({.is_strict = true, .is_relaxed = true});
  c.removed = {1, 0};
  c.pattern.spf = AlignedResult::fail;
  c.pattern.spf_results[0].result = model::SpfResult::fail;
  CHECK(c.decide().effect == Effect::none);
  c.removed = {1, 1};
  CHECK(c.decide().effect == Effect::newly_fails);
  CHECK(c.decide().why == "DKIM: key s1._domainkey.a.example gone");
}

TEST_CASE("a key that the receiver could not look up keeps a message from being called failed") {
  Case c;
  c.pattern.dkim = AlignedResult::fail;
  c.pattern.signatures[0].result = model::DkimResult::temperror;
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail};
  CHECK(c.decide().effect == Effect::undecided);
  CHECK(has(c.decide(), Doubt::receiver_temperror));
  c.signatures = {{.is_strict = false, .is_relaxed = false}};  // it would not have helped
  CHECK(c.decide().effect == Effect::newly_fails);
  CHECK(has(c.decide(), Doubt::receiver_temperror));
}

TEST_CASE("a new policy applies to what fails, t lowers it for receivers of RFC 9989 alone") {
  Case c;
  c.fails();
  c.policy = {.policy = model::Policy::reject, .other_policy = model::Policy::reject, .is_of_change = true};
  CHECK(c.decide().effect == Effect::stricter);
  CHECK(c.decide().after.disposition == Disposition::reject);
  CHECK(c.decide().doubts == simulation::bit(Doubt::receiver_choice));
  c.policy.is_testing = true;
  CHECK(c.decide().after.disposition == Disposition::reject);
  CHECK(has(c.decide(), Doubt::dialect));
  c.published.is_rfc9990 = true;
  CHECK(c.decide().after.disposition == Disposition::quarantine);
  c.policy.policy = model::Policy::quarantine;
  CHECK(c.decide().after.disposition == Disposition::none);
}

TEST_CASE("what a stricter policy would do to mail of which no report says whether it passes is undecided") {
  Case c;
  c.fails();
  c.policy = {.policy = model::Policy::quarantine, .other_policy = model::Policy::quarantine, .is_of_change = true};
  CHECK(c.decide().effect == Effect::stricter);
  c.pattern.spf = AlignedResult::unknown;
  const auto decision = c.decide();
  CHECK(decision.effect == Effect::undecided);
  CHECK(decision.after.verdict == Verdict::undecided);
  CHECK(decision.after.disposition == Disposition::none);
  CHECK(decision.why == "the report does not say whether it passes");
  c.pattern.dkim = AlignedResult::pass;
  CHECK(c.decide().effect == Effect::none);
}

TEST_CASE("pct is counted whole, and said, for receivers of RFC 7489") {
  Case c;
  c.fails();
  c.policy = {.policy = model::Policy::reject, .other_policy = model::Policy::reject, .pct = 20, .is_of_change = true};
  CHECK(c.decide().after.disposition == Disposition::reject);
  CHECK(has(c.decide(), Doubt::sampled));
  c.published.is_rfc9990 = true;
  CHECK_FALSE(has(c.decide(), Doubt::sampled));
}

TEST_CASE("a receiver that went its own way is taken to go on, a record's own reasons are not his") {
  Case c;
  c.fails();
  c.policy = {.policy = model::Policy::reject, .other_policy = model::Policy::reject, .is_of_change = true};
  c.pattern.overrides = {model::OverrideType::mailing_list};
  CHECK(c.decide().effect == Effect::none);
  CHECK(has(c.decide(), Doubt::receiver_override));
  for (const auto type : {model::OverrideType::sampled_out, model::OverrideType::policy_test_mode}) {
    c.pattern.overrides = {type};
    CHECK(c.decide().after.disposition == Disposition::reject);
  }
}

TEST_CASE("what fails as before keeps its disposition where no policy changes") {
  Case c;
  c.fails();
  c.pattern.disposition = Disposition::reject;
  c.policy.policy = model::Policy::none;
  CHECK(c.decide().effect == Effect::none);
  CHECK(c.decide().after.disposition == Disposition::reject);
}

TEST_CASE("mail that newly fails is treated by the policy of its day, which is said where a later one differs") {
  Case c;
  c.only_spf();
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail};
  c.policy = {.policy = model::Policy::quarantine, .other_policy = model::Policy::quarantine, .is_last = false};
  CHECK(c.decide().after.disposition == Disposition::quarantine);
  CHECK(has(c.decide(), Doubt::policy_then));
}

TEST_CASE("without a record DMARC does not apply; where DNS did not tell, nothing is decided") {
  Case c;
  c.policy.state = Policy::State::absent;
  CHECK(c.decide().after.verdict == Verdict::not_covered);
  CHECK(c.decide().effect == Effect::no_policy);
  c.policy.state = Policy::State::unknown;
  CHECK(c.decide().effect == Effect::undecided);
}

TEST_CASE("a service that signs passes, but for messages whose signatures were broken on their way") {
  Case c;
  c.fails();
  c.gains = true;
  CHECK(c.decide().effect == Effect::newly_passes);
  CHECK(has(c.decide(), Doubt::signature_assumed));
  c.pattern.signatures = {{"service.example", "k", model::DkimResult::fail}};
  c.signatures = {{}};
  c.removed = {0};
  CHECK(c.decide().effect == Effect::none);
}

TEST_CASE("a null sender is judged by the HELO name that was reported, and that is said") {
  Case c;
  c.only_spf();
  c.pattern.envelope_from = "";
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail};
  CHECK(has(c.decide(), Doubt::helo));
}

TEST_CASE("a report without an SPF result is judged by its envelope, and that is said") {
  Case c;
  c.only_spf();
  c.pattern.spf_results.clear();
  c.new_spf[0] = NewSpf{.result = model::SpfResult::fail};
  CHECK(c.decide().effect == Effect::newly_fails);
  CHECK(has(c.decide(), Doubt::no_identifier));
}

}  // namespace ruaudit::assess::simulate
