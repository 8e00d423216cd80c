#include "assess/records/check.hpp"

#include <algorithm>

#include "assess/records/bimi.hpp"
#include "assess/records/dkim/dkim.hpp"
#include "assess/records/dmarc/dmarc.hpp"
#include "assess/records/hosts.hpp"
#include "assess/records/spf/spf.hpp"
#include "assess/records/transport.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::assess::records {
namespace {

using model::Policy;
using model::records::CheckReport;
using model::records::Grade;

constexpr unsigned error_points = 20, warning_points = 5;

void put_unpublished(const Inquiry& inquiry, Answers& answers) {
  const auto& domain = inquiry.domain.text();
  if (inquiry.spf) answers.put_spf(domain, *inquiry.spf);
  if (inquiry.dmarc) answers.put_text("_dmarc." + domain, *inquiry.dmarc);
  for (const auto& [selector, text] : inquiry.dkim) answers.put_text(selector + "._domainkey." + domain, text);
}

// Whether own mail can pass at all, and what of it (RFC 9989 sections 5.1 and 8).
void ways_to_pass(const SpfState& spf, const DkimState& dkim, const DmarcState& dmarc, const std::string& domain,
                  Answers& answers, Findings& findings) {
  const bool is_enforced = dmarc.effective && *dmarc.effective != Policy::none;
  // Nobody sends as a name that does not exist.
  if (answers.query(domain, dns::RecordType::TXT).status == dns::Status::nxdomain) return;
  if (!is_enforced || spf.is_parked || spf.is_unknown || dkim.is_unknown || dkim.has_usable_key) return;
  if (!spf.is_usable)
    findings.push_back(found("dmarc-no-auth", at_name("_dmarc." + domain)));
  else if (*dmarc.effective == Policy::reject)
    findings.push_back(found("dmarc-spf-alone", at_name("_dmarc." + domain)));
}

// A failure of what is published is seen in TLS reports alone (RFC 8460 section 1).
Findings transport(const Inquiry& inquiry, const MxState& mx, bool takes_mail, Answers& answers) {
  auto findings = check_mta_sts(inquiry, mx, takes_mail, answers);
  const bool has_sts = takes_mail && !has_code(findings, "sts-missing") && !has_code(findings, "dns-error");
  auto dane = check_dane(inquiry, mx, answers);
  for (auto& finding : check_tls_rpt(inquiry, takes_mail, answers)) {
    if (finding.code == "tlsrpt-missing" && finding.detail.empty() && (has_sts || dane.is_published))
      finding.detail = has_sts ? "MTA-STS is published: nobody reports senders that cannot comply with it"
                               : "TLSA records are published: nobody reports senders that cannot comply with them";
    findings.push_back(std::move(finding));
  }
  append(findings, std::move(dane.findings));
  return findings;
}

std::optional<model::records::TestVerdict> tested(const Inquiry& inquiry, Answers& answers) {
  if (!inquiry.test) return std::nullopt;
  const verify::spf::Session session{
      .ip = inquiry.test->ip, .helo = inquiry.test->helo, .mail_from = inquiry.test->from};
  const auto result = verify::spf::check_mail_from(session, answers);
  return model::records::TestVerdict{.result = std::string(model::to_text(result.result)),
                                     .term = result.decided_by ? result.decided_by->term : "",
                                     .reason = result.reason};
}

Grade graded(const Findings& findings) {
  Grade grade;
  unsigned lost = 0;
  for (const auto& finding : findings) {
    if (finding.severity == Severity::info) continue;
    const auto points = finding.severity == Severity::error ? error_points : warning_points;
    grade.deductions.push_back({finding.code, points});
    lost += points;
  }
  grade.points = lost > 100 ? 0 : 100 - lost;
  constexpr std::string_view letters = "FEDCBA";  // A from 95, then every 15 points one less
  const unsigned missing = 100 - grade.points;
  grade.letter = missing <= 5 ? 'A' : letters[4 - std::min(4U, (missing - 6) / 15)];
  return grade;
}

}  // namespace

CheckReport check(const Inquiry& inquiry, Answers& answers) {
  put_unpublished(inquiry, answers);
  CheckReport report{.domain = inquiry.domain.text()};
  auto spf = check_spf(inquiry, answers);
  auto dkim = check_dkim(inquiry, spf.is_parked ? Parked::yes : Parked::no, answers);
  auto dmarc = check_dmarc(inquiry, spf.is_parked, answers);
  auto mx = check_mx(inquiry, spf.is_parked, answers);
  const bool takes_mail = !mx.is_null && !mx.hosts.empty();
  append(report.findings, check_report_addresses(dmarc, answers));
  append(report.findings, check_reverse_names(inquiry, mx, answers));
  append(report.findings, check_block_lists(inquiry, mx, answers));
  append(report.findings, transport(inquiry, mx, takes_mail, answers));
  append(report.findings, check_bimi(inquiry, dmarc, answers));
  ways_to_pass(spf, dkim, dmarc, report.domain, answers, report.findings);
  for (auto* const part : {&spf.findings, &dkim.findings, &dmarc.findings, &mx.findings})
    append(report.findings, std::move(*part));
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& left, const Finding& right) { return left.severity > right.severity; });
  if (spf.root) report.spf = shown(*spf.root);
  report.test = tested(inquiry, answers);
  report.grade = graded(report.findings);
  report.is_parked = spf.is_parked;
  return report;
}

}  // namespace ruaudit::assess::records
