// Failure reports as a list: the table of `ruaudit failures`, its CSV and its JSON. Stored rows enter, text leaves;
// text of reports in it is made harmless. Pure.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/failure_result.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

inline constexpr int failures_json_version = 1;

std::string failure_list(const std::vector<model::FailureRow>& rows, Format format);

// One row with its result, without evidence.
nlohmann::json failure_json(const model::FailureRow& row);

}  // namespace ruaudit::report
