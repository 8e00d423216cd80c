#include "assess/records/dmarc/dmarc.hpp"

#include <algorithm>

#include "verify/dmarc/discovery.hpp"

namespace ruaudit::assess::records {
namespace {

namespace dmarc = verify::dmarc;
using model::Domain;

std::string dmarc_name(std::string_view domain) { return "_dmarc." + std::string(domain); }

bool is_accepted(std::string_view text) {
  return dmarc::is_record(text.substr(std::min(text.size(), text.find_first_not_of(" \t"))));
}

// Gives each finding about the record at `name` the record that would be right.
void offer_fix(Findings& findings, const std::string& name, const std::string& fix) {
  if (has_fault(review_dmarc_record(name, fix, OwnerLevel::organizational).findings, "dmarc-", name)) return;
  for (auto& finding : findings) {
    const bool is_about_it = finding.place.name == name && finding.code.starts_with("dmarc-");
    if (is_about_it && finding.severity != Severity::info && !finding.fix) finding.fix = Fix{fix, name};
  }
}

class Check {
 public:
  Check(const Inquiry& inquiry, Answers& answers)
      : domain_(inquiry.domain),
        name_(dmarc_name(inquiry.domain.text())),
        answers_(answers),
        finder_(answers, dmarc::Rules::rfc9989, nullptr) {}

  DmarcState run() {
    const auto answer = answers_.query(name_, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      add(found("dns-error", at_name(name_),
                "the policy was asked for here: " + std::string(model::to_text(answer.status))));
      return std::move(state_);
    }
    const auto texts = texts_of(answer);
    for (const auto& text : texts)
      if (is_accepted(text) || is_meant_as_dmarc(text)) state_.own_texts.push_back(text);
    const auto accepted = std::count_if(texts.begin(), texts.end(), is_accepted);
    if (accepted == 1) {
      own_record(*std::find_if(texts.begin(), texts.end(), is_accepted));
    } else if (accepted > 1) {
      add(found("dmarc-multiple", at_name(name_), std::to_string(accepted) + " records"));
    } else {
      no_record(texts);
    }
    offer_fix(state_.findings, name_, repaired_dmarc(state_.own_texts, domain_.text()));
    return std::move(state_);
  }

 private:
  void add(Finding finding) { state_.findings.push_back(std::move(finding)); }

  void own_record(const std::string& text) {
    const auto organizational = finder_.organizational_domain(domain_);
    const bool is_below = organizational && *organizational != domain_;
    auto review = review_dmarc_record(name_, text, is_below ? OwnerLevel::below : OwnerLevel::organizational);
    append(state_.findings, std::move(review.findings));
    state_.uris = std::move(review.uris);
    state_.is_own = true;
    state_.record_domain = domain_.text();
    state_.record = std::move(review.record);
    if (state_.record->is_usable()) state_.effective = state_.record->p.value_or(model::Policy::none);
  }

  void no_record(const std::vector<std::string>& texts) {
    if (!state_.own_texts.empty()) return add(version_fault(name_, state_.own_texts.front()));
    if (wrong_name()) return;
    walk_gap();
    if (inherited()) return;
    if (has_dns_error_) return;
    auto missing = found("dmarc-missing", at_name(name_));
    missing.fix = Fix{"v=DMARC1; p=none; rua=mailto:dmarc@" + domain_.text(), name_};
    add(missing);
    if (texts.empty()) return;
    auto other = found("dmarc-wildcard", at_name(name_), "found: " + texts.front().substr(0, 80));
    other.fix = missing.fix;
    add(std::move(other));
  }

  // A record where nobody asks: at the domain itself, or with the domain appended twice by a panel.
  bool wrong_name() {
    const auto twice = name_ + "." + domain_.text();
    const auto bare = "dmarc." + domain_.text();
    for (const auto& name : {domain_.text(), twice, bare}) {
      for (const auto& text : texts_of(answers_.query(name, dns::RecordType::TXT))) {
        if (!is_accepted(text)) continue;
        auto finding = found("dmarc-wrong-name", at_name(name), "it belongs to " + name_);
        finding.fix = Fix{repaired_dmarc({text}, domain_.text()), name_};
        add(std::move(finding));
        return true;
      }
    }
    return false;
  }

  // RFC 9989 section 4.10 step 4: names of more than eight labels are shortened to seven at once.
  void walk_gap() {
    const auto targets = dmarc::walk_targets(domain_);
    if (targets.size() < 2) return;
    const auto& next = targets[1].text();
    for (auto parent = domain_.text().substr(domain_.text().find('.') + 1);
         parent != next && parent.size() > next.size(); parent = parent.substr(parent.find('.') + 1)) {
      for (const auto& text : texts_of(answers_.query(dmarc_name(parent), dns::RecordType::TXT))) {
        if (!is_accepted(text)) continue;
        auto finding =
            found("dmarc-walk-gap", at_name(dmarc_name(parent)), "receivers go from " + domain_.text() + " to " + next);
        finding.fix = Fix{repaired_dmarc({text}, domain_.text()), name_};
        add(std::move(finding));
      }
    }
  }

  bool inherited() {
    const auto discovery = finder_.discover(domain_);
    has_dns_error_ = discovery.has_dns_error;
    if (has_dns_error_) {
      const auto& last = discovery.steps.back();
      add(found("dns-error", at_name(last.name),
                "the tree walk ends here: " + std::string(model::to_text(last.status))));
    }
    if (!discovery.policy) return false;
    const auto& parent = discovery.policy->domain;
    const auto name = dmarc_name(parent.text());
    add(found("dmarc-inherited", at_name(name), "it applies to " + domain_.text()));
    auto review = review_dmarc_record(name, discovery.policy->record.text, OwnerLevel::organizational);
    offer_fix(review.findings, name, repaired_dmarc({discovery.policy->record.text}, parent.text()));
    append(state_.findings, std::move(review.findings));
    state_.uris = std::move(review.uris);
    state_.record_domain = parent.text();
    state_.record = std::move(review.record);
    if (state_.record->is_usable())
      state_.effective = state_.record->sp ? state_.record->sp : state_.record->p.value_or(model::Policy::none);
    return true;
  }

  const Domain& domain_;
  const std::string name_;
  Answers& answers_;
  dmarc::Finder finder_;
  DmarcState state_;
  bool has_dns_error_ = false;
};

}  // namespace

DmarcState check_dmarc(const Inquiry& inquiry, Answers& answers) { return Check(inquiry, answers).run(); }

}  // namespace ruaudit::assess::records
