#include "verify/consistency/record_check.hpp"

#include <algorithm>

namespace ruaudit::verify::consistency {
namespace {

using model::AlignedResult;
using model::Alignment;
using model::Contradiction;
using model::OverrideType;
using model::Record;
using model::SpfScope;

// RFC 9990: a row names at most 100 signatures, so that a full list may have lost some.
constexpr std::size_t max_reported_signatures = 100;

constexpr AlignmentAnswer surely(Alignment alignment) { return {alignment, alignment}; }

// The alignment of one reported result: a result that did not pass authenticates nothing, an unknown one may have
// passed or not.
template <class Result>
AlignmentAnswer answer_of(Result result, const AlignmentAnswer& domain) {
  if (result == Result::pass) return domain;
  if (result != Result::unknown) return surely(Alignment::not_aligned);
  const auto doubt = [](Alignment a) {
    return a == Alignment::not_aligned ? Alignment::not_aligned : Alignment::undecidable;
  };
  return {doubt(domain.by_rule), doubt(domain.in_every_reading)};
}

// One aligned identifier is enough (RFC 7489 section 4.2); it is not_aligned only where none is left open.
Alignment any_of(Alignment so_far, Alignment next) {
  if (so_far == Alignment::aligned || next == Alignment::aligned) return Alignment::aligned;
  return so_far == next ? so_far : Alignment::undecidable;
}

bool has_no_results(const Record& record) {
  return record.auth_results.dkim.empty() && record.auth_results.spf.empty();
}

// Whether SPF's outcome for DMARC rests on this result. RFC 7489 section 4.1: the MAIL FROM identity, or HELO where
// the sender is null; RFC 9989: MAIL FROM alone, which RFC 7208 section 2.4 makes postmaster@HELO for a null sender.
enum class Counts { yes, maybe, no };
struct SpfRole {
  Counts by_rule = Counts::yes;
  Counts in_every_reading = Counts::yes;
};

SpfRole role_of(const model::SpfAuthResult& result, const Record& record, bool is_envelope_domain) {
  const auto& envelope = record.identifiers.envelope_from;
  const bool has_sender = envelope && !envelope->empty();
  if (result.scope == SpfScope::mfrom) return {Counts::yes, Counts::yes};
  // A reporter may write the HELO name as the envelope domain of a null sender: then it counts after all.
  if (result.scope == SpfScope::helo && has_sender)
    return {Counts::no, is_envelope_domain ? Counts::maybe : Counts::no};
  if (result.scope == SpfScope::helo) return {Counts::yes, envelope ? Counts::yes : Counts::maybe};
  // No scope means mfrom (RFC 9990), but reporters of the older generation leave it out of HELO results, too.
  return {Counts::yes, is_envelope_domain ? Counts::yes : Counts::maybe};
}

// What all counted SPF results say together. Unlike signatures they are not alternatives: only one identity counts,
// and where several are reported that disagree, nobody knows which.
struct SpfView {
  bool has_rule = false, has_certain = false, has_possible = false;
  Alignment by_rule = Alignment::undecidable;
  Alignment in_every_reading = Alignment::undecidable;

  void add(const SpfRole& role, const AlignmentAnswer& answer) {
    if (role.by_rule != Counts::no) {
      by_rule = has_rule && by_rule != answer.by_rule ? Alignment::undecidable : answer.by_rule;
      has_rule = true;
    }
    if (role.in_every_reading == Counts::no) return;
    const bool differs = has_possible && in_every_reading != answer.in_every_reading;
    in_every_reading = differs ? Alignment::undecidable : answer.in_every_reading;
    has_possible = true;
    has_certain = has_certain || role.in_every_reading == Counts::yes;
  }
};

// RFC 7489 section 6.1's reasons explain the disposition, not the aligned results. Only where the receiver's own
// policy or an unnamed reason was at work may the results be its own as well.
bool may_be_local_decision(const Record& record) {
  return std::any_of(record.policy_evaluated.reasons.begin(), record.policy_evaluated.reasons.end(),
                     [](const model::PolicyOverrideReason& reason) {
                       return reason.type == OverrideType::local_policy || reason.type == OverrideType::other ||
                              reason.type == OverrideType::unknown;
                     });
}

std::string_view domain_of(std::string_view mailbox) {
  const auto at = mailbox.rfind('@');
  return at == std::string_view::npos ? mailbox : mailbox.substr(at + 1);
}

constexpr std::uint8_t bit(Contradiction contradiction) { return static_cast<std::uint8_t>(contradiction); }

}  // namespace

void RecordChecker::policy(const model::PolicyPublished& published) {
  dkim_rules_ = {published.adkim, published.discovery_method, facts(published.domain)};
  spf_rules_ = {published.aspf, published.discovery_method, dkim_rules_.policy_domain};
}

std::string_view RecordChecker::method() const {
  if (dkim_rules_.method == model::DiscoveryMethod::treewalk) return "treewalk (assumed)";
  return dkim_rules_.method == model::DiscoveryMethod::psl ? "psl" : "psl (method not given)";
}

const NameFacts& RecordChecker::facts(std::string_view raw) {
  static const NameFacts unusable;
  constexpr std::size_t longest_name = 1024;  // as U-labels; beyond it nothing is a name
  if (raw.empty() || raw.size() > longest_name) return unusable;
  if (const auto known = names_.find(raw); known != names_.end()) return known->second;
  return names_.emplace(std::string(raw), name_facts(raw, *list_)).first->second;
}

RecordChecker::Answers RecordChecker::check_dkim(const Record& record, const NameFacts& from) {
  const auto& signatures = record.auth_results.dkim;
  const bool may_have_lost_some = has_no_results(record) || signatures.size() >= max_reported_signatures;
  Answers answers;
  answers.alignment = surely(may_have_lost_some ? Alignment::undecidable : Alignment::not_aligned);
  for (const auto& signature : signatures) {
    if (signature.result != model::DkimResult::pass && signature.result != model::DkimResult::unknown) continue;
    const auto one = answer_of(signature.result, align(facts(signature.domain), from, dkim_rules_));
    answers.alignment = {any_of(answers.alignment.by_rule, one.by_rule),
                         any_of(answers.alignment.in_every_reading, one.in_every_reading)};
  }
  answers.can_be_pass = answers.alignment.in_every_reading != Alignment::not_aligned;
  answers.can_be_fail = answers.alignment.in_every_reading != Alignment::aligned;
  return answers;
}

RecordChecker::Answers RecordChecker::check_spf(const Record& record, const NameFacts& from) {
  SpfView view;
  const auto& envelope = record.identifiers.envelope_from;
  for (const auto& result : record.auth_results.spf) {
    const NameFacts& domain = facts(result.domain);
    const bool is_envelope_domain = domain.is_usable && envelope && !envelope->empty() &&
                                    (domain_of(*envelope) == result.domain ||  // the usual case, not looked up
                                     facts(domain_of(*envelope)).text == domain.text);
    view.add(role_of(result, record, is_envelope_domain), answer_of(result.result, align(domain, from, spf_rules_)));
  }
  Answers answers;
  answers.alignment = {view.by_rule, view.in_every_reading};
  // Without a counted result (none reported, or only a HELO one beside a sender) either outcome may be right.
  answers.can_be_pass = !view.has_possible || view.in_every_reading != Alignment::not_aligned;
  answers.can_be_fail = !view.has_certain || view.in_every_reading != Alignment::aligned;
  return answers;
}

model::RecordCheck RecordChecker::check(const Record& record) {
  if (names_.size() >= max_cached_names) names_.clear();
  const NameFacts& from = facts(record.identifiers.header_from);
  const auto dkim = check_dkim(record, from);
  const auto spf = check_spf(record, from);
  model::RecordCheck result{dkim.alignment.by_rule, spf.alignment.by_rule, 0};
  if (may_be_local_decision(record)) return result;
  const auto mark = [&result](bool contradicts, Contradiction which) {
    if (contradicts) result.contradiction = static_cast<std::uint8_t>(result.contradiction | bit(which));
  };
  const auto& evaluated = record.policy_evaluated;
  mark(evaluated.dkim == AlignedResult::pass && !dkim.can_be_pass, Contradiction::dkim_pass_unfounded);
  mark(evaluated.dkim == AlignedResult::fail && !dkim.can_be_fail, Contradiction::dkim_fail_unfounded);
  mark(evaluated.spf == AlignedResult::pass && !spf.can_be_pass, Contradiction::spf_pass_unfounded);
  mark(evaluated.spf == AlignedResult::fail && !spf.can_be_fail, Contradiction::spf_fail_unfounded);
  return result;
}

}  // namespace ruaudit::verify::consistency
