#include "assess/records/dmarc/dmarc.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"
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
  Check(const Inquiry& inquiry, bool is_parked, Answers& answers)
      : inquiry_(inquiry),
        is_parked_(is_parked),
        domain_(inquiry.domain),
        name_(dmarc_name(inquiry.domain.text())),
        answers_(answers),
        finder_(answers, dmarc::Rules::rfc9989, nullptr) {}

  DmarcState run() {
    const auto answer = answers_.query(name_, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      add(found("dns-error", at_name(name_),
                "the policy was looked up here: " + std::string(model::to_text(answer.status))));
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
      no_record(texts, answer.cname_chain);
    }
    public_suffixes();
    auto fix = repaired_dmarc(state_.own_texts, domain_.text());
    offer_fix(state_.findings, name_, psd_wanted_ ? with_psd(fix, *psd_wanted_) : fix);
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

  [[nodiscard]] bool is_suffix(const Domain& name) const {
    const auto& listed = inquiry_.public_suffixes;
    return name.label_count() == 1 ||
           (listed && std::find(listed->begin(), listed->end(), name.text()) != listed->end());
  }

  // RFC 9989 section 11.8, and the tag psd of section 4.7
  void public_suffixes() {
    const auto walk = finder_.walk(domain_);
    const dmarc::FoundRecord* own = nullptr;
    for (const auto& each : walk.records)
      if (each.domain == domain_) own = &each;
    if (own != nullptr && own->record.psd == dmarc::Psd::y && inquiry_.public_suffixes && !is_suffix(domain_)) {
      psd_wanted_ = dmarc::Psd::u;
      add(found("dmarc-psd", psd_place(own->record.text),
                "psd=y is for registries, below whose name anybody can register"));
    }
    if (own != nullptr && own->record.psd == dmarc::Psd::n) cut_off(own->record.text);
    for (const auto& each : walk.records)
      if (each.domain != domain_ && each.record.psd == dmarc::Psd::u && is_suffix(each.domain))
        suffix_above(each, walk);
  }
  [[nodiscard]] Place psd_place(const std::string& text) const {
    for (const auto& tag : split_tags(text))
      if (ascii::equal_folded(tag.name, "psd")) return at_part(name_, text, tag.whole.begin, tag.whole.text.size());
    return at_name(name_);
  }

  // psd=n below a domain that has a policy: what aligned with that domain no longer does.
  void cut_off(const std::string& text) {
    const auto targets = dmarc::walk_targets(domain_);
    if (targets.size() < 2) return;
    auto above = finder_.walk(targets[1]).records;
    std::erase_if(above, [&](const dmarc::FoundRecord& each) { return is_suffix(each.domain); });
    if (above.empty()) return;
    add(found("dmarc-psd-cut", psd_place(text),
              "DKIM and SPF of " + above.back().domain.text() + " are not aligned with " + domain_.text()));
  }

  // A registry's record without psd=y: receivers take the registry for the Organizational Domain, and every name below
  // it for one of the same organization.
  void suffix_above(const dmarc::FoundRecord& suffix, const dmarc::Walk& walk) {
    const auto labels = suffix.domain.label_count() + 1;
    auto organizational = domain_;
    for (auto text = domain_.text(); organizational.label_count() > labels;) {
      text = text.substr(text.find('.') + 1);
      if (auto parsed = Domain::parse(text))
        organizational = *parsed;
      else
        return;
    }
    auto finding = found("dmarc-psd-above", at_name(dmarc_name(suffix.domain.text())),
                         "without psd=y there, " + suffix.domain.text() + " counts as the Organizational Domain of " +
                             organizational.text() + ": psd=n in its own record says otherwise");
    std::vector<std::string> texts;
    for (const auto& each : walk.records)
      if (each.domain == organizational) texts.push_back(each.record.text);
    if (organizational == domain_) psd_wanted_ = dmarc::Psd::n;
    if (organizational == domain_ && texts.empty()) texts = state_.own_texts;
    if (!texts.empty())
      finding.fix =
          Fix{with_psd(repaired_dmarc(texts, organizational.text()), dmarc::Psd::n), dmarc_name(organizational.text())};
    add(std::move(finding));
  }

  void no_record(const std::vector<std::string>& texts, const std::vector<std::string>& aliases) {
    if (!state_.own_texts.empty()) return add(version_fault(name_, state_.own_texts.front()));
    if (wrong_name()) return;
    walk_gap();
    if (inherited()) return;
    if (has_dns_error_) return;
    auto missing = found(
        "dmarc-missing", at_name(name_),
        aliases.empty() ? std::string()
                        : "the name is an alias of " + aliases.back() +
                              ", and there is no policy: the alias must be removed before a record can be published");
    if (domain_.label_count() > 1) missing.fix = Fix{first_record(), name_};
    add(missing);
    if (texts.empty()) return;
    auto other = found("dmarc-wildcard", at_name(name_), "found: " + texts.front().substr(0, 80));
    other.fix = missing.fix;
    add(std::move(other));
  }

  // Reports to an address that takes no mail would bounce.
  std::string first_record() {
    const std::string policy = is_parked_ ? "v=DMARC1; p=reject; sp=reject; np=reject" : "v=DMARC1; p=none";
    return takes_mail() ? policy + "; rua=mailto:dmarc@" + domain_.text() : policy;
  }
  bool takes_mail() {
    const auto mx = answers_.query(domain_.text(), dns::RecordType::MX);
    if (mx.is_found()) return mx.mx.size() != 1 || !mx.mx.front().exchange.empty();
    const dns::Question questions[] = {{domain_.text(), dns::RecordType::A}, {domain_.text(), dns::RecordType::AAAA}};
    const auto addresses = answers_.query_all(questions);
    return !mx.is_void() ||
           std::any_of(addresses.begin(), addresses.end(), [](const dns::Answer& each) { return !each.is_void(); });
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
    if (is_suffix(parent)) return inherited_from_suffix(*discovery.policy);
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

  // The registry's record, which is not the owner's to repair; one of his own brings the reports to him.
  bool inherited_from_suffix(const dmarc::FoundRecord& suffix) {
    auto finding = found("dmarc-inherited", at_name(dmarc_name(suffix.domain.text())),
                         "the registry's policy applies to " + domain_.text() + " until it has one of its own");
    state_.record_domain = suffix.domain.text();
    state_.record = suffix.record;
    if (suffix.record.is_usable())
      state_.effective = suffix.record.sp ? suffix.record.sp : suffix.record.p.value_or(model::Policy::none);
    finding.fix =
        Fix{"v=DMARC1; p=" + std::string(model::to_text(state_.effective.value_or(model::Policy::none))) +
                "; rua=mailto:dmarc@" + domain_.text() + (suffix.record.psd == dmarc::Psd::y ? "" : "; psd=n"),
            name_};
    add(std::move(finding));
    return true;
  }

  const Inquiry& inquiry_;
  bool is_parked_;
  const Domain& domain_;
  const std::string name_;
  Answers& answers_;
  dmarc::Finder finder_;
  DmarcState state_;
  bool has_dns_error_ = false;
  std::optional<dmarc::Psd> psd_wanted_{};
};

}  // namespace

DmarcState check_dmarc(const Inquiry& inquiry, bool is_parked, Answers& answers) {
  return Check(inquiry, is_parked, answers).run();
}

}  // namespace ruaudit::assess::records
