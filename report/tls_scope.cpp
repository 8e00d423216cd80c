#include "report/tls_scope.hpp"

namespace ruaudit::report {
namespace {

// "certificate-expired/gamma" of "tls_failing/example.org/certificate-expired/gamma".
std::string_view behind_domain(const model::Finding& finding) {
  const std::string_view id = finding.id;
  const auto begin = model::to_text(finding.kind).size() + 1 + finding.domain.size();
  return begin < id.size() && id[begin] == '/' ? id.substr(begin + 1) : std::string_view();
}

}  // namespace

TlsScope tls_scope_of(const model::Finding& finding) {
  if (!finding.subject.reporter.empty()) return TlsScope::sender;
  if (finding.id == model::to_text(finding.kind)) return TlsScope::further_domains;
  const bool is_of_several =
      finding.kind == model::FindingKind::tls_reporter_silent && behind_domain(finding) == "several";
  return is_of_several ? TlsScope::several : TlsScope::domain;
}

std::string_view tls_result_of(const model::Finding& finding) {
  if (finding.kind != model::FindingKind::tls_failing) return {};
  const auto rest = behind_domain(finding);
  return rest.substr(0, rest.find('/'));
}

}  // namespace ruaudit::report
