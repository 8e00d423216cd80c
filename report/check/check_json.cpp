#include "report/check/check_json.hpp"

#include <nlohmann/json.hpp>

namespace ruaudit::report {
namespace {

using nlohmann::ordered_json;
namespace records = model::records;

template <class Value>
ordered_json or_null(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json finding_json(const records::Finding& finding) {
  ordered_json out = {{"code", finding.code},
                      {"severity", model::to_text(finding.severity)},
                      {"name", finding.place.name},
                      {"text", or_null(finding.place.text)},
                      {"pos", or_null(finding.place.pos)},
                      {"meaning", finding.meaning},
                      {"detail", finding.detail},
                      {"effect", finding.effect},
                      {"rfc", finding.section},
                      {"fix", nullptr},
                      {"fix_at", nullptr},
                      {"fix_type", nullptr}};
  if (!finding.fix) return out;
  out["fix"] = finding.fix->text;
  if (finding.fix->at != finding.place.name) out["fix_at"] = finding.fix->at;
  out["fix_type"] = model::to_text(finding.fix->type);
  return out;
}

ordered_json node_json(const records::SpfNode& node) {
  auto terms = ordered_json::array();
  for (const auto& term : node.terms) {
    ordered_json one = {{"term", term.term}, {"counts", term.counts}, {"void", term.is_void}};
    if (term.mx) one["mx"] = *term.mx;
    terms.push_back(std::move(one));
  }
  auto children = ordered_json::array();
  for (const auto& child : node.children) children.push_back(node_json(child));
  ordered_json out = {
      {"domain", node.domain}, {"via", nullptr}, {"record", nullptr}, {"own", node.own}, {"total", node.total}};
  if (!node.via.empty()) out["via"] = node.via;
  if (!node.record.empty()) out["record"] = node.record;
  out["terms"] = std::move(terms);
  out["children"] = std::move(children);
  return out;
}

ordered_json places_json(const std::vector<records::SpfTermPlace>& places) {
  auto out = ordered_json::array();
  for (const auto& place : places) out.push_back({place.domain, place.term});
  return out;
}

ordered_json spf_json(const std::optional<records::SpfTree>& tree) {
  if (!tree) return nullptr;
  return {{"lookups", tree->root.total},
          {"void", tree->void_terms.size()},
          {"void_terms", places_json(tree->void_terms)},
          {"networks", tree->networks},
          {"not_pass", tree->not_pass},
          {"dynamic", tree->dynamic},
          {"loops", places_json(tree->loops)},
          {"permerror", tree->is_permerror},
          {"tree", node_json(tree->root)}};
}

ordered_json report_json(const records::CheckReport& report) {
  auto findings = ordered_json::array();
  for (const auto& finding : report.findings) findings.push_back(finding_json(finding));
  auto deductions = ordered_json::array();
  for (const auto& each : report.grade.deductions) deductions.push_back({{"code", each.code}, {"points", each.points}});
  ordered_json test = nullptr;
  if (report.test)
    test = {{"result", report.test->result}, {"term", report.test->term}, {"reason", report.test->reason}};
  return {{"domain", report.domain},
          {"parked", report.is_parked},
          {"grade",
           {{"letter", std::string(1, report.grade.letter)},
            {"points", report.grade.points},
            {"from", 100},
            {"deductions", std::move(deductions)}}},
          {"findings", std::move(findings)},
          {"spf", spf_json(report.spf)},
          {"test", std::move(test)}};
}

ordered_json reports_json(std::span<const records::CheckReport> reports) {
  if (reports.size() == 1) return report_json(reports.front());
  auto out = ordered_json::array();
  for (const auto& report : reports) out.push_back(report_json(report));
  return out;
}

std::string written(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string check_json(std::span<const records::CheckReport> reports) { return written(reports_json(reports)); }

std::string check_mail_json(std::span<const records::CheckReport> reports, const MailFacts& mail) {
  ordered_json out = reports.size() == 1 ? report_json(reports.front()) : ordered_json::object();
  if (reports.size() != 1) out["checks"] = reports_json(reports);
  auto evaluation = ordered_json::parse(mail.json, nullptr, false);  // our own text
  out["mail"] = evaluation.is_discarded() ? ordered_json(nullptr) : std::move(evaluation);
  out["standing"] = mail.standing;
  out["bounce"] = mail.bounce.empty() ? ordered_json(nullptr) : ordered_json(mail.bounce);
  return written(out);
}

}  // namespace ruaudit::report
