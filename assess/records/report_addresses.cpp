// RFC 9990 section 4: external destinations, and RFC 5321 section 5.1: whether mail can reach them.
#include <algorithm>
#include <map>

#include "assess/records/dmarc/dmarc.hpp"
#include "verify/dmarc/destinations.hpp"
#include "verify/dns/name.hpp"

namespace ruaudit::assess::records {
namespace {

namespace dmarc = verify::dmarc;

class Check {
 public:
  Check(const DmarcState& state, Answers& answers)
      : state_(state), domain_(model::Domain::parse(state.record_domain)), answers_(answers) {}

  Findings run() {
    for (const auto& uri : state_.uris) {
      authorisation(uri);
      delivery(uri);
    }
    return std::move(findings_);
  }

 private:
  void add(Finding finding) {
    if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end())
      findings_.push_back(std::move(finding));
  }

  void authorisation(const UriPlace& uri) {
    const dmarc::ReportUri asked{.uri = uri.uri, .host = uri.host, .is_mailto = true};
    const auto kind = uri.tag == "rua" ? dmarc::ReportKind::rua : dmarc::ReportKind::ruf;
    const auto verdicts =
        dmarc::check_destinations({.policy_domain = *domain_, .kind = kind, .uris = {&asked, 1}}, answers_);
    if (verdicts.empty()) return;
    const auto& verdict = verdicts.front();
    const auto& name = verdict.queried;
    if (verdict.status == dmarc::DestinationStatus::refused) return override_host(name, kind);
    if (verdict.status == dmarc::DestinationStatus::temperror && !name.empty())
      return add(found("dns-error", at_name(name), "the authorisation was looked up here"));
    if (verdict.status == dmarc::DestinationStatus::unauthorized) unauthorised(uri, name);
  }

  void unauthorised(const UriPlace& uri, const std::string& name) {
    if (name.size() > dns::max_name_octets)
      return add(found("report-name-too-long", uri.place, std::to_string(name.size()) + " octets"));
    const auto texts = texts_of(answers_.query(name, dns::RecordType::TXT));
    auto finding = texts.empty() ? found("report-not-authorised", uri.place, uri.host + " must publish " + name)
                                 : found("report-bad-record", at_name(name), "found: " + texts.front().substr(0, 80));
    finding.fix = Fix{"v=DMARC1", name};
    add(std::move(finding));
  }

  void override_host(const std::string& name, dmarc::ReportKind kind) {
    const auto tag = kind == dmarc::ReportKind::rua ? "rua" : "ruf";
    for (const auto& text : texts_of(answers_.query(name, dns::RecordType::TXT))) {
      if (!dmarc::is_record(text)) continue;
      for (const auto& uri : review_dmarc_record(name, text, OwnerLevel::organizational).uris) {
        if (uri.tag != tag) continue;
        auto finding = found("report-override-host", uri.place, "only the host that was asked may be named here");
        finding.fix = Fix{"v=DMARC1", name};
        add(std::move(finding));
        return;
      }
    }
  }

  void delivery(const UriPlace& uri) {
    const auto mx = answers_.query(uri.host, dns::RecordType::MX);
    if (mx.is_temporary_error()) return add(found("dns-error", at_name(uri.host), "a report address is there"));
    if (mx.is_found()) {
      const bool is_null = mx.mx.size() == 1 && mx.mx.front().exchange.empty();
      if (is_null) add(found("report-undeliverable", uri.place, uri.host + " accepts no mail (null MX)"));
      return;
    }
    const dns::Question questions[] = {{uri.host, dns::RecordType::A}, {uri.host, dns::RecordType::AAAA}};
    for (const auto& answer : answers_.query_all(questions)) {
      if (answer.is_temporary_error()) return add(found("dns-error", at_name(uri.host), "a report address is there"));
      if (answer.is_found()) return;
    }
    add(found("report-undeliverable", uri.place, uri.host + " has neither MX nor address"));
  }

  const DmarcState& state_;
  const model::Result<model::Domain> domain_;
  Answers& answers_;
  Findings findings_;
};

}  // namespace

Findings check_report_addresses(const DmarcState& state, Answers& answers) {
  if (state.uris.empty() || !model::Domain::parse(state.record_domain)) return {};
  return Check(state, answers).run();
}

}  // namespace ruaudit::assess::records
