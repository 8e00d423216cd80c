#include "jobs/doctor/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jobs/process/console.hpp"

namespace ruaudit::jobs {

bool has_failed(std::span<const Finding> findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.level == FindingLevel::failed; });
}

std::string findings_text(std::span<const Finding> findings) {
  std::string out;
  std::string_view area;
  std::size_t failures = 0, warnings = 0;
  for (const Finding& finding : findings) {
    if (finding.area != area) out += fmt::format("{}{}\n", out.empty() ? "" : "\n", printable(finding.area));
    area = finding.area;
    failures += finding.level == FindingLevel::failed ? 1 : 0;
    warnings += finding.level == FindingLevel::warning ? 1 : 0;
    const std::string level =
        finding.level == FindingLevel::failed ? "FAILED" : std::string(model::to_text(finding.level));
    out += fmt::format("  {:8} {:12} {}\n", level, finding.check, printable(finding.detail));
    if (!finding.remedy.empty()) out += fmt::format("  {:8} {:12} remedy: {}\n", "", "", printable(finding.remedy));
  }
  return out + fmt::format("\n{} failed, {} warning{}\n", failures, warnings, warnings == 1 ? "" : "s");
}

std::string findings_json(std::span<const Finding> findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings)
    list.push_back({{"area", finding.area},
                    {"check", finding.check},
                    {"level", model::to_text(finding.level)},
                    {"detail", finding.detail},
                    {"remedy", finding.remedy}});
  const nlohmann::ordered_json all = {{"version", 1}, {"healthy", !has_failed(findings)}, {"findings", list}};
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::jobs
