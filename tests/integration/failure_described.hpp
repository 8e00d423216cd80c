// Failure reports as the program's pipeline reads them, without a store, in the form of the .expected.json beside a
// sample (see sample-reports/README.md). Limits are the stages' own defaults.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/failure_report.hpp"

namespace ruaudit::tests {

nlohmann::json described(const model::FailureReport& report);

// {"outcome", "reports"} of a file, mail, mbox or maildir: failure_report, other_feedback, rejected or not_a_report.
nlohmann::json read_failures(const std::filesystem::path& path);

}  // namespace ruaudit::tests
