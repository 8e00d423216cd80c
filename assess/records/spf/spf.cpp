#include "assess/records/spf/spf.hpp"

#include <algorithm>

#include "assess/records/spf/rules.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"
#include "verify/dns/type_spf.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::assess::records {
namespace {

namespace spf = verify::spf;

std::vector<RecordText> record_texts(const dns::Answer& answer, bool (*is_wanted)(std::string_view)) {
  std::vector<RecordText> out;
  for (const auto& record : answer.txt) {
    RecordText text{.text = record.text()};
    if (!is_wanted(text.text)) continue;
    std::size_t at = 0;
    for (const auto& string : record.strings) text.joints.push_back(at += string.size());
    out.push_back(std::move(text));
  }
  return out;
}

bool is_meant(std::string_view text) { return meant_spf_version(text).has_value(); }

class Check {
 public:
  Check(const Inquiry& inquiry, Answers& answers) : domain_(inquiry.domain.text()), answers_(answers) {}

  SpfState run() {
    const auto answer = answers_.query(domain_, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      state_.is_unknown = true;
      add(found("dns-error", at_name(domain_),
                "the SPF record was looked up here: " + std::string(model::to_text(answer.status))));
      return std::move(state_);
    }
    texts_ = record_texts(answer, spf::is_spf_record);
    const auto type99 = texts_of(answers_.query(domain_, dns::type_spf));
    if (texts_.size() == 1)
      one_record(texts_.front());
    else if (texts_.size() > 1)
      add(found("spf-multiple", at_name(domain_), std::to_string(texts_.size()) + " records"));
    else
      no_record(answer, type99);
    if (!texts_.empty() && !type99.empty())
      add(found("spf-type99", Severity::info, at_name(domain_), "the TXT record counts"));
    offer_fix();
    return std::move(state_);
  }

 private:
  void add(Finding finding) { state_.findings.push_back(std::move(finding)); }

  void no_record(const dns::Answer& answer, const std::vector<std::string>& type99) {
    texts_ = record_texts(answer, is_meant);
    if (!texts_.empty()) {
      const auto& text = texts_.front().text;
      return add(found("spf-version", at_part(domain_, text, 0, *meant_spf_version(text)),
                       "it must begin with v=spf1 and a blank"));
    }
    for (const auto& text : type99) texts_.push_back({text, {}});
    add(found(type99.empty() ? "spf-missing" : "spf-type99", at_name(domain_)));
  }

  void one_record(const RecordText& record) {
    state_.root = grow(answers_, domain_, record);
    const auto& root = *state_.root;
    state_.is_parked = ascii::lower(trim(record.text)) == "v=spf1 -all";
    append(state_.findings, spf_findings(root, domain_, answers_));
    const auto tree = shown(root);
    state_.is_unknown = has_code(state_.findings, "dns-error");
    state_.is_usable = !tree.is_permerror && (!tree.networks.empty() || !tree.dynamic.empty());
    const bool has_error = std::any_of(state_.findings.begin(), state_.findings.end(),
                                       [](const Finding& each) { return each.severity == Severity::error; });
    if (!state_.is_parked && !has_error) coverage();
  }

  // Whether the domain's own mail hosts pass, evaluated as a receiver does.
  void coverage() {
    for (const auto& mx : answers_.query(domain_, dns::RecordType::MX).mx) {
      if (mx.exchange.empty()) continue;
      std::vector<model::IpAddress> passing_hosts, failing;
      const dns::Question questions[] = {{mx.exchange, dns::RecordType::A}, {mx.exchange, dns::RecordType::AAAA}};
      for (const auto& answer : answers_.query_all(questions))
        for (const auto& address : answer.addresses)
          (passes(address, mx.exchange) ? passing_hosts : failing).push_back(address);
      if (failing.empty()) continue;
      const bool is_half =
          !passing_hosts.empty() && std::none_of(failing.begin(), failing.end(), [&](const auto& address) {
            return address.is_v4() == passing_hosts.front().is_v4();
          });
      for (const auto& address : failing) {
        const auto severity = is_half ? Severity::warning : Severity::info;
        add(found("spf-mx-coverage", severity, {.name = mx.exchange, .text = address.to_string()},
                  is_half ? "its other address passes" : "correct if this host never sends"));
        if (is_half) uncovered_.push_back(network_of(address, 128));
      }
    }
  }
  bool passes(const model::IpAddress& address, const std::string& helo) {
    const spf::Session session{.ip = address, .helo = helo, .mail_from = "postmaster@" + domain_};
    const auto result = spf::check_mail_from(session, answers_).result;
    return result == model::SpfResult::pass || result == model::SpfResult::temperror;
  }

  // Every record of the owner that has a fault gets the one record that cures all of them.
  void offer_fix() {
    const auto fix =
        wanted(domain_) ? clean(repaired_spf({domain_, domain_, texts_, uncovered_}, answers_), domain_) : std::nullopt;
    for (auto& finding : state_.findings) {
      const bool is_coverage = finding.code == "spf-mx-coverage" && finding.severity == Severity::warning;
      if (fix && (is_coverage || (finding.place.name == domain_ && is_curable(finding))))
        finding.fix = Fix{*fix, domain_};
    }
    if (state_.root) offer_below(*state_.root);
  }
  // Nothing that is offered may have a fault itself.
  std::optional<std::string> clean(std::optional<std::string> fix, const std::string& name) {
    if (!fix) return fix;
    auto left = spf_findings(grow(answers_, name, {*fix, {}}), name, answers_);
    // Which addresses are his the owner alone knows: what is offered for other faults keeps them.
    std::erase_if(left, [](const Finding& each) { return each.code == "spf-network-wide"; });
    if (name != domain_)  // how strangers are treated is said by the record that includes this one
      std::erase_if(left,
                    [](const Finding& each) { return each.code == "spf-neutral-all" || each.code == "spf-no-all"; });
    return has_fault(left, "spf-", name) ? std::nullopt : fix;
  }
  static bool is_curable(const Finding& finding) {
    return finding.code.starts_with("spf-") && finding.code != "spf-network-wide" &&
           (finding.severity != Severity::info || finding.code == "spf-redundant");
  }
  bool wanted(const std::string& name) const {
    return std::any_of(state_.findings.begin(), state_.findings.end(), [&](const Finding& each) {
      return (each.place.name == name && is_curable(each)) || (each.code == "spf-mx-coverage" && name == domain_);
    });
  }
  void offer_below(const Branch& branch) {
    for (const auto& leaf : branch.leaves)
      for (const auto& child : leaf.child) {
        if (is_own_name(child.domain, domain_) && wanted(child.domain)) {
          const auto fix =
              clean(repaired_spf({child.domain, domain_, {{child.record, {}}}, {}}, answers_), child.domain);
          for (auto& finding : state_.findings)
            if (fix && finding.place.name == child.domain && is_curable(finding)) finding.fix = Fix{*fix, child.domain};
        }
        offer_below(child);
      }
  }

  const std::string& domain_;
  Answers& answers_;
  SpfState state_;
  std::vector<RecordText> texts_;
  std::vector<Network> uncovered_;
};

}  // namespace

SpfState check_spf(const Inquiry& inquiry, Answers& answers) { return Check(inquiry, answers).run(); }

}  // namespace ruaudit::assess::records
