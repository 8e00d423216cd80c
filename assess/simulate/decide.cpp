#include "assess/simulate/decide.hpp"

#include <algorithm>

namespace ruaudit::assess::simulate {
namespace {

using model::AlignedResult;
using model::AlignmentMode;
using model::Disposition;
using simulation::Doubt;
using simulation::Effect;
using simulation::Outcome;
using simulation::Verdict;

// Three-valued: of several ways to pass the best counts, of several conditions the worst.
enum class Known : std::uint8_t { no, open, yes };
Known of(bool value) { return value ? Known::yes : Known::no; }
Known of(const std::optional<bool>& value) { return value ? of(*value) : Known::open; }

struct Answer {  // of one mechanism: aligned and passed, not, or not known
  Known pass = Known::no;
  bool is_touched = false;
};

// The receiver's own reasons not to follow a policy; the others are what the record itself asks for.
bool is_own_reason(model::OverrideType type) {
  return type != model::OverrideType::sampled_out && type != model::OverrideType::policy_test_mode;
}

Disposition disposition_of(model::Policy policy) {
  if (policy == model::Policy::reject) return Disposition::reject;
  return policy == model::Policy::quarantine ? Disposition::quarantine : Disposition::none;
}

Disposition one_lower(Disposition disposition) {
  return disposition == Disposition::reject ? Disposition::quarantine : Disposition::none;
}

// 0 none, 1 quarantine, 2 reject
int strictness(Disposition disposition) {
  return disposition == Disposition::reject ? 2 : disposition == Disposition::quarantine ? 1 : 0;
}

class Judge {
 public:
  explicit Judge(const Row& row) : row_(row) {}

  simulation::Decision run() {
    take_before();
    const auto dkim = judge_dkim();
    const auto spf = judge_spf();
    out_.after.is_dkim_aligned = dkim.pass == Known::yes;
    out_.after.is_spf_aligned = spf.pass == Known::yes;
    out_.after.verdict = verdict(dkim, spf);
    if (out_.after.verdict == Verdict::not_covered || out_.after.verdict == Verdict::undecided) {
      out_.after.disposition = out_.after.verdict == Verdict::undecided ? out_.before.disposition : Disposition::none;
    } else {
      out_.after.disposition = disposition();
    }
    out_.effect = effect();
    if (out_.effect == Effect::stricter && is_untold()) leave_undecided();
    if (out_.effect != Effect::none) explain(dkim, spf);
    return std::move(out_);
  }

 private:
  void doubt(Doubt which) { out_.doubts |= simulation::bit(which); }

  void take_before() {
    const auto& pattern = row_.pattern;
    out_.before = {.verdict = pattern.passes() ? Verdict::pass : Verdict::fail,
                   .is_dkim_aligned = pattern.dkim == AlignedResult::pass,
                   .is_spf_aligned = pattern.spf == AlignedResult::pass,
                   .disposition = pattern.disposition};
    if (strictness(pattern.disposition) == 0) out_.before.disposition = Disposition::none;
  }

  // A mode that the reporter saw and one that applies now say the same of this identifier.
  static bool is_same(const Aligned& aligned, AlignmentMode then, AlignmentMode now) {
    return aligned.in(then) == aligned.in(now);
  }

  Answer judge_dkim() {
    if (row_.gains_signature && gains()) return {.pass = Known::yes, .is_touched = true};
    Answer answer;
    for (std::size_t i = 0; i < row_.signatures.size(); ++i) {
      if (row_.pattern.signatures[i].result != model::DkimResult::pass) continue;
      const auto& aligned = row_.signatures[i];
      const bool is_removed = row_.removed_keys[i] != 0;
      answer.is_touched |= is_removed || !is_same(aligned, row_.published.adkim, row_.policy.adkim);
      if (!is_removed) answer.pass = std::max(answer.pass, of(aligned.in(row_.policy.adkim)));
    }
    if (!answer.is_touched) answer.pass = of(out_.before.is_dkim_aligned);
    if (answer.pass == Known::open) doubt(Doubt::dns_failed);
    return answer;
  }

  // A message whose signature of the service was broken on its way would break another one, too.
  bool gains() {
    const auto& signatures = row_.pattern.signatures;
    const auto passes = [](const auto& signature) { return signature.result == model::DkimResult::pass; };
    if (!signatures.empty() && std::none_of(signatures.begin(), signatures.end(), passes)) return false;
    if (!out_.before.is_dkim_aligned) doubt(Doubt::signature_assumed);
    return true;
  }

  Answer judge_spf() {
    Answer answer;
    for (std::size_t i = 0; i < row_.spf.size(); ++i) {
      const bool is_reported = i < row_.pattern.spf_results.size();
      const auto& anew = row_.new_spf[i];
      const auto aligned = of(row_.spf[i].in(row_.policy.aspf));
      const bool was_pass =
          is_reported ? row_.pattern.spf_results[i].result == model::SpfResult::pass : out_.before.is_spf_aligned;
      if (was_pass) answer.is_touched |= !is_same(row_.spf[i], row_.published.aspf, row_.policy.aspf);
      if (anew && aligned != Known::no) {
        answer.is_touched = true;
        note_doubts(i, *anew);
      }
      const auto passes = anew ? as_known(*anew) : of(was_pass);
      answer.pass = std::max(answer.pass, std::min(passes, aligned));
    }
    if (!answer.is_touched) answer.pass = of(out_.before.is_spf_aligned);
    return answer;
  }

  static Known as_known(const NewSpf& anew) {
    return anew.is_known() ? of(anew.result == model::SpfResult::pass) : Known::open;
  }

  void note_doubts(std::size_t i, const NewSpf& anew) {
    doubt(Doubt::dns_time);
    if (anew.is_of_local_part) doubt(Doubt::local_part);
    if (anew.result == model::SpfResult::temperror || anew.result == model::SpfResult::unknown)
      doubt(Doubt::dns_failed);
    const auto& results = row_.pattern.spf_results;
    if (i >= results.size()) return doubt(Doubt::no_identifier);
    if (results[i].scope == model::SpfScope::helo || row_.pattern.envelope_from == "") doubt(Doubt::helo);
  }

  Verdict verdict(const Answer& dkim, const Answer& spf) {
    if (row_.policy.state == Policy::State::absent) return Verdict::not_covered;
    if (row_.policy.state == Policy::State::unknown) {
      doubt(Doubt::dns_failed);
      return Verdict::undecided;
    }
    const auto best = std::max(dkim.pass, spf.pass);
    if (best == Known::yes) return Verdict::pass;
    if (best == Known::no && out_.before.verdict == Verdict::pass && has_unknown_key()) {
      doubt(Doubt::receiver_temperror);
      if (has_unknown_aligned_key()) return Verdict::undecided;
    }
    if (best == Known::no && !is_fate_known()) {
      doubt(Doubt::dns_failed);
      return Verdict::undecided;
    }
    return best == Known::no ? Verdict::fail : Verdict::undecided;
  }

  // What fails as before under the policy of before is treated as before, whichever policy that is.
  [[nodiscard]] bool is_fate_known() const {
    return row_.policy.is_policy_known || (out_.before.verdict == Verdict::fail && !row_.policy.is_of_change);
  }

  // A receiver that could not look up a key may treat the message otherwise than the policy says.
  [[nodiscard]] bool has_unknown_key() const {
    const auto& signatures = row_.pattern.signatures;
    return std::any_of(signatures.begin(), signatures.end(),
                       [](const auto& each) { return each.result == model::DkimResult::temperror; });
  }
  // RFC 9989 section 5.3.6: an aligned signature that might have passed, had DNS answered the receiver.
  [[nodiscard]] bool has_unknown_aligned_key() const {
    for (std::size_t i = 0; i < row_.signatures.size(); ++i)
      if (row_.pattern.signatures[i].result == model::DkimResult::temperror && row_.removed_keys[i] == 0 &&
          of(row_.signatures[i].in(row_.policy.adkim)) != Known::no)
        return true;
    return false;
  }

  Disposition disposition() {
    const bool is_as_before = out_.after.verdict == out_.before.verdict;
    if (is_as_before && (out_.after.verdict == Verdict::pass || !row_.policy.is_of_change))
      return out_.before.disposition;
    if (out_.after.verdict == Verdict::pass) return Disposition::none;
    return failing();
  }

  // RFC 9989 sections 4.7 and 7.4; RFC 7489 section 6.3 for those who follow it.
  Disposition failing() {
    const auto& policy = row_.policy;
    const auto full = disposition_of(policy.policy);
    const bool is_new_rfc = row_.published.is_rfc9990;
    auto wanted = is_new_rfc && policy.is_testing ? one_lower(full) : full;
    if (full != Disposition::none && ((policy.is_testing) || policy.other_policy != policy.policy))
      doubt(Doubt::dialect);
    if (full != Disposition::none && policy.pct < 100 && !is_new_rfc) doubt(Doubt::sampled);
    if (!policy.is_of_change && !policy.is_last) doubt(Doubt::policy_then);
    if (wanted == Disposition::none) return wanted;
    const auto& overrides = row_.pattern.overrides;
    if (std::any_of(overrides.begin(), overrides.end(), is_own_reason) &&
        strictness(out_.before.disposition) < strictness(wanted)) {
      doubt(Doubt::receiver_override);
      return out_.before.disposition;
    }
    const bool is_passed_on =
        row_.sender == simulation::Sender::forwarder || row_.sender == simulation::Sender::mailing_list;
    if (is_passed_on) doubt(Doubt::may_be_overridden);
    if (strictness(wanted) > strictness(out_.before.disposition)) doubt(Doubt::receiver_choice);
    return wanted;
  }

  // Nothing passes, and of a mechanism it is not known: what a stricter policy would do to it is not either.
  [[nodiscard]] bool is_untold() const {
    const auto is_unknown = [](AlignedResult result) { return result == AlignedResult::unknown; };
    const auto& pattern = row_.pattern;
    return !pattern.passes() && (is_unknown(pattern.dkim) || is_unknown(pattern.spf) || has_unknown_aligned_key());
  }
  void leave_undecided() {
    out_.after.verdict = Verdict::undecided;
    out_.after.disposition = out_.before.disposition;
    out_.effect = Effect::undecided;
    say("the report does not say whether it passes");
  }

  [[nodiscard]] Effect effect() const {
    const auto was = out_.before.verdict, is = out_.after.verdict;
    if (is == Verdict::not_covered) return Effect::no_policy;
    if (is == Verdict::undecided) return Effect::undecided;
    if (was == Verdict::pass && is == Verdict::fail) return Effect::newly_fails;
    if (was == Verdict::fail && is == Verdict::pass) return Effect::newly_passes;
    const int before = strictness(out_.before.disposition), after = strictness(out_.after.disposition);
    if (after > before) return Effect::stricter;
    return after < before ? Effect::milder : Effect::none;
  }

  void say(std::string text) {
    if (!out_.why.empty()) out_.why += "; ";
    out_.why += text;
  }

  void explain(const Answer& dkim, const Answer& spf) {
    if (row_.policy.state == Policy::State::absent) return say("no DMARC record would apply");
    if (row_.policy.state == Policy::State::unknown) return say("DNS did not tell which DMARC record applies");
    if (out_.effect == Effect::undecided && !row_.policy.is_policy_known)
      say("DNS did not tell whether the name exists: sp or np");
    if (dkim.pass != of(out_.before.is_dkim_aligned)) explain_dkim(dkim);
    if (spf.pass != of(out_.before.is_spf_aligned)) explain_spf(spf);
    if (out_.effect == Effect::stricter || out_.effect == Effect::milder)
      say("fails as before; " + std::string(model::to_text(out_.before.disposition)) + " -> " +
          std::string(model::to_text(out_.after.disposition)));
  }

  void explain_dkim(const Answer& dkim) {
    if (dkim.pass == Known::yes) return say(row_.gains_signature ? "DKIM: signs as the domain" : "DKIM: aligned");
    for (std::size_t i = 0; i < row_.signatures.size(); ++i)
      if (row_.removed_keys[i] != 0 && row_.pattern.signatures[i].result == model::DkimResult::pass)
        return say("DKIM: key " + row_.pattern.signatures[i].selector + "._domainkey." +
                   row_.pattern.signatures[i].domain + " gone");
    for (const auto& signature : row_.pattern.signatures)
      if (signature.result == model::DkimResult::pass)
        return say("DKIM: signed by " + signature.domain +
                   ", not aligned with adkim=" + std::string(model::to_text(row_.policy.adkim)));
    say(dkim.pass == Known::open ? "DKIM: alignment is not known" : "DKIM: not aligned");
  }

  void explain_spf(const Answer& spf) {
    for (std::size_t i = 0; i < row_.spf.size(); ++i) {
      const auto& anew = row_.new_spf[i];
      if (!anew || of(row_.spf[i].in(row_.policy.aspf)) == Known::no) continue;
      return say("SPF: " + std::string(out_.before.is_spf_aligned ? "pass" : "no pass") + " -> " +
                 std::string(anew->is_of_local_part ? "depends on the local part" : model::to_text(anew->result)) +
                 (anew->because.empty() || anew->is_of_local_part ? "" : " (" + anew->because + ")"));
    }
    if (spf.pass == Known::yes) return say("SPF: aligned");
    say("SPF: return path not aligned with aspf=" + std::string(model::to_text(row_.policy.aspf)));
  }

  const Row& row_;
  simulation::Decision out_;
};

}  // namespace

simulation::Decision decide(const Row& row) { return Judge(row).run(); }

}  // namespace ruaudit::assess::simulate
