#include "verify/dmarc/evaluation.hpp"

#include <algorithm>

namespace ruaudit::verify::dmarc {
namespace {

using model::Alignment;
using model::AlignmentMode;
using model::Domain;
using model::Policy;

Policy one_level_lower(Policy policy) { return policy == Policy::reject ? Policy::quarantine : Policy::none; }

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 120)) + "'"; }

std::string_view top_label(const Domain& domain) {
  const std::string_view text = domain.text();
  return text.substr(text.rfind('.') + 1);  // npos + 1 is 0
}

class Evaluator {
 public:
  Evaluator(const Input& input, const Options& options, dns::Resolver& resolver)
      : input_(input), options_(options), resolver_(resolver), finder_(resolver, options.rules, options.list) {
    out_.rules = options.rules;
  }

  Evaluation run() {
    if (!find_author() || !find_policy()) return std::move(out_);
    collect_identifiers();
    align_identifiers();
    decide();
    return std::move(out_);
  }

 private:
  void because(std::string code, std::string text) { out_.reasons.push_back({std::move(code), std::move(text)}); }

  // RFC 9989 section 5.3.1: exactly one Author Domain, or DMARC cannot be evaluated.
  bool find_author() {
    out_.authors = find_authors(input_.from_values);
    if (options_.rules == Rules::rfc7489 && options_.list == nullptr) {
      out_.result = DmarcResult::permerror;
      because("no-suffix-list", "RFC 7489 needs a public suffix list, and none is loaded");
      return false;
    }
    if (out_.authors.status != AuthorStatus::one_domain) {
      out_.result = DmarcResult::permerror;
      because(std::string(model::to_text(out_.authors.status)), author_fault());
      return false;
    }
    out_.author_domain = out_.authors.domains.front();
    return true;
  }

  [[nodiscard]] std::string author_fault() const {
    switch (out_.authors.status) {
      case AuthorStatus::no_field:
        return "the message has no From field";
      case AuthorStatus::repeated_field:
        return "the message has several From fields";
      case AuthorStatus::no_address:
        return "the From field holds no address";
      case AuthorStatus::bad_domain:
        return "an address in From has no domain name";
      case AuthorStatus::malformed:
        return "the From field is malformed: a quote, comment or bracket stays open";
      default:
        break;
    }
    std::string names;
    for (const auto& domain : out_.authors.domains) names += (names.empty() ? "" : ", ") + domain.text();
    return "the From field names several domains: " + names.substr(0, 300);
  }

  // RFC 9989 section 5.3.2
  bool find_policy() {
    auto discovery = finder_.discover(*out_.author_domain);
    out_.discovery = std::move(discovery.steps);
    out_.organizational_domain = discovery.organizational_domain;
    if (discovery.has_dns_error) {
      out_.result = DmarcResult::temperror;
      because("policy-dns-error", "looking for the policy failed at " + out_.discovery.back().name + ": " +
                                      std::string(model::to_text(out_.discovery.back().status)));
      return false;
    }
    if (!discovery.policy) {
      because("no-record", "no DMARC record applies to " + out_.author_domain->text());
      return false;
    }
    out_.policy_domain = discovery.policy->domain;
    out_.record = std::move(discovery.policy->record);
    // RFC 9989 section 4.10.1; RFC 7489 section 6.6.3 step 6
    if (!out_.record->is_usable()) {
      because("record-unusable", "the DMARC record of " + out_.policy_domain->text() +
                                     " has no valid policy and no valid rua: DMARC does not apply");
      return false;
    }
    return true;
  }

  // RFC 9989 section 5.3.3; d= of every signature by section 4.4.1
  void collect_identifiers() {
    for (const auto& spf : input_.spf) {
      // RFC 9989 section 4.4.2: MAIL FROM alone. RFC 7489 section 4.1: HELO in place of a null MAIL FROM.
      const bool is_helo = spf.scope == model::SpfScope::helo;
      if (is_helo && !(options_.rules == Rules::rfc7489 && input_.is_null_sender)) continue;
      add_identifier({.mechanism = Mechanism::spf,
                      .domain = spf.domain,
                      .result = std::string(model::to_text(spf.result)),
                      .is_authenticated = spf.result == model::SpfResult::pass,
                      .mode = out_.record->aspf});
    }
    for (const auto& dkim : input_.dkim)
      add_identifier({.mechanism = Mechanism::dkim,
                      .domain = dkim.domain,
                      .selector = dkim.selector,
                      .result = std::string(model::to_text(dkim.result)),
                      .is_authenticated = dkim.result == model::DkimResult::pass,
                      .is_checked = dkim.is_checked,
                      .mode = out_.record->adkim});
  }

  void add_identifier(IdentifierAlignment identifier) {
    if (out_.identifiers.size() < options_.max_identifiers) return out_.identifiers.push_back(std::move(identifier));
    if (!is_cut_)
      because("too-many-identifiers",
              "only the first " + std::to_string(options_.max_identifiers) + " identifiers were looked at");
    is_cut_ = true;
  }

  // RFC 9989 section 5.3.4
  void align_identifiers() {
    std::vector<Domain> to_walk;
    for (const bool is_first_pass : {true, false})  // the limit on walks hits what cannot pass first
      for (auto& identifier : out_.identifiers)
        if (is_first_pass == (identifier.is_authenticated || identifier.result == "temperror"))
          align_or_plan(identifier, to_walk);
    if (options_.rules == Rules::rfc9989) finder_.prefetch(to_walk);
    for (auto& identifier : out_.identifiers)
      if (identifier.explanation.empty()) align_by_organization(identifier);
    for (const auto& identifier : out_.identifiers) {
      const bool counts = identifier.is_authenticated && identifier.alignment == Alignment::aligned;
      (identifier.mechanism == Mechanism::spf ? out_.is_spf_aligned : out_.is_dkim_aligned) |= counts;
    }
  }

  void align_or_plan(IdentifierAlignment& identifier, std::vector<Domain>& to_walk) {
    const auto domain = Domain::parse(identifier.domain);
    if (!domain) return settle(identifier, Alignment::not_aligned, "no domain name");
    if (align_by_name(identifier, *domain)) return;
    if (std::find(to_walk.begin(), to_walk.end(), *domain) != to_walk.end()) return;
    if (to_walk.size() == options_.max_walks)
      return settle(identifier, Alignment::undecidable, "not looked up: too many identifiers");
    to_walk.push_back(*domain);
  }

  static void settle(IdentifierAlignment& identifier, Alignment alignment, std::string explanation) {
    identifier.alignment = alignment;
    identifier.explanation = std::move(explanation);
  }

  // What the names alone decide; true when they do. RFC 9989 section 3.2.10
  bool align_by_name(IdentifierAlignment& identifier, const Domain& domain) const {
    const auto& author = *out_.author_domain;
    if (domain == author) return settle(identifier, Alignment::aligned, "equal to the author's domain"), true;
    if (identifier.mode == AlignmentMode::s)
      return settle(identifier, Alignment::not_aligned, "strict alignment, and not equal to " + author.text()), true;
    // An Organizational Domain lies at or above both names, so an identifier elsewhere needs no lookup.
    if (top_label(domain) != top_label(author) ||
        (out_.organizational_domain && !domain.is_at_or_below(*out_.organizational_domain)))
      return settle(identifier, Alignment::not_aligned, "of another organization than " + author.text()), true;
    return false;
  }

  // RFC 9989 section 4.10.2; RFC 7489 section 3.1
  void align_by_organization(IdentifierAlignment& identifier) {
    const auto domain = Domain::parse(identifier.domain);
    identifier.organizational_domain = domain ? finder_.organizational_domain(*domain) : std::nullopt;
    if (!identifier.organizational_domain || !out_.organizational_domain)
      return settle(identifier, Alignment::undecidable, "DNS did not tell the Organizational Domains");
    if (*identifier.organizational_domain == *out_.organizational_domain)
      return settle(identifier, Alignment::aligned, "same Organizational Domain " + out_.organizational_domain->text());
    settle(identifier, Alignment::not_aligned,
           "Organizational Domains differ: " + identifier.organizational_domain->text() + " and " +
               out_.organizational_domain->text());
  }

  // RFC 9989 section 5.3.5
  void decide() {
    const bool is_pass = out_.is_spf_aligned || out_.is_dkim_aligned;
    const bool is_open = !is_pass && has_open_identifier();
    out_.result = is_pass ? DmarcResult::pass : is_open ? DmarcResult::temperror : DmarcResult::fail;
    // RFC 9989 section 5.3.3: without the check that it requires, a message cannot be said to fail.
    if (out_.result == DmarcResult::fail) leave_undecided();
    const bool is_policy_known = choose_policy();
    if (is_policy_known) out_.policy_after_options = is_lowered() ? one_level_lower(*out_.policy) : *out_.policy;
    if (out_.result != DmarcResult::fail) return;
    explain_failure();
    // RFC 9989 section 5.3.6: with a query that did not complete, no policy can be applied.
    if (!is_policy_known) out_.result = DmarcResult::temperror;
    if (is_policy_known) apply_policy();
  }

  void leave_undecided() {
    const bool may_spf_pass = !input_.is_spf_checked && !is_sender_elsewhere();
    const bool may_dkim_pass = std::any_of(out_.identifiers.begin(), out_.identifiers.end(), [](const auto& one) {
      return !one.is_checked && one.alignment != Alignment::not_aligned;
    });
    if (may_spf_pass) because("spf-not-checked", "SPF was not checked, and no signature decides");
    if (may_dkim_pass)
      because("dkim-not-checked", "an aligned signature could not be checked without the body of the mail");
    if (may_spf_pass || may_dkim_pass) out_.result = DmarcResult::undecided;
  }

  // A sender of another organization aligns with nothing, whatever SPF would have said of it.
  bool is_sender_elsewhere() {
    IdentifierAlignment sender{
        .mechanism = Mechanism::spf, .domain = input_.unchecked_sender, .mode = out_.record->aspf};
    const auto domain = Domain::parse(sender.domain);
    if (!domain) return false;
    if (!align_by_name(sender, *domain)) align_by_organization(sender);
    return sender.alignment == Alignment::not_aligned;
  }

  // An identifier that could have made the message pass, had DNS answered. RFC 9989 section 5.3.6; RFC 7489
  // section 6.6.2
  bool has_open_identifier() {
    bool is_open = false;
    for (const auto& identifier : out_.identifiers) {
      const bool has_failed = identifier.result == "temperror" && identifier.alignment != Alignment::not_aligned;
      const bool is_undecided = identifier.is_authenticated && identifier.alignment == Alignment::undecidable;
      if (!has_failed && !is_undecided) continue;
      is_open = true;
      because(has_failed ? "identifier-temperror" : "alignment-dns-error",
              std::string(model::to_text(identifier.mechanism)) + " of " + quoted(identifier.domain) +
                  (has_failed ? " met a temporary error" : " passed, but DNS did not tell whether it is aligned"));
    }
    return is_open;
  }

  void explain_failure() {
    if (out_.identifiers.empty()) because("no-identifiers", "neither SPF nor DKIM gave an identifier");
    for (const auto& identifier : out_.identifiers) {
      const std::string mechanism(model::to_text(identifier.mechanism));
      const bool is_aligned = identifier.alignment == Alignment::aligned;
      if (identifier.is_authenticated)
        because(mechanism + "-not-aligned", mechanism + " passed for " + quoted(identifier.domain) +
                                                ", which is not aligned: " + identifier.explanation);
      else
        because(mechanism + "-not-authenticated", mechanism + " of " + quoted(identifier.domain) + " is " +
                                                      identifier.result +
                                                      (is_aligned ? "; it would be aligned" : "; nor is it aligned"));
    }
  }

  // RFC 9989 section 4.10.1: p at the author's own record, else np or sp, else p. False when DNS did not tell which.
  bool choose_policy() {
    const auto& record = *out_.record;
    out_.policy_tag = PolicyTag::p;
    if (!record.is_policy_valid) {
      out_.policy = Policy::none;
      because("policy-invalid", "the record's policy is missing or invalid and a report address is given: p=none");
      return true;
    }
    out_.policy = record.p;
    if (*out_.policy_domain == *out_.author_domain) return true;
    if (record.sp) set_policy(PolicyTag::sp, *record.sp);
    if (!record.np) return true;
    const auto answer = resolver_.query(out_.author_domain->text(), dns::RecordType::A);
    if (answer.is_temporary_error()) {
      because("existence-dns-error", "whether " + out_.author_domain->text() + " exists could not be found out: " +
                                         std::string(model::to_text(answer.status)));
      return false;
    }
    // RFC 9989 section 3.2.13, RFC 8020: NXDOMAIN; behind an alias it would speak of the alias's target.
    if (answer.status == dns::Status::nxdomain && answer.cname_chain.empty()) set_policy(PolicyTag::np, *record.np);
    return true;
  }

  void set_policy(PolicyTag tag, Policy policy) {
    out_.policy_tag = tag;
    out_.policy = policy;
  }

  // RFC 9989 section 4.7, t: one level below. RFC 7489 section 6.6.4: mail outside the sample gets the next weaker
  // policy.
  [[nodiscard]] bool is_lowered() const {
    return options_.rules == Rules::rfc9989 ? out_.record->is_testing : options_.sample >= out_.record->pct;
  }

  void apply_policy() {
    out_.applied = *out_.policy_after_options;
    if (*out_.policy == Policy::none || !is_lowered()) return;
    if (options_.rules == Rules::rfc9989)
      because("policy-test-mode", "t=y: the policy is applied one level lower");
    else
      because("sampled-out", "pct=" + std::to_string(out_.record->pct) + ": the policy is applied one level lower");
  }

  const Input& input_;
  const Options& options_;
  dns::Resolver& resolver_;
  Finder finder_;
  Evaluation out_;
  bool is_cut_ = false;
};

}  // namespace

Evaluation evaluate(const Input& input, const Options& options, dns::Resolver& resolver) {
  return Evaluator(input, options, resolver).run();
}

}  // namespace ruaudit::verify::dmarc
