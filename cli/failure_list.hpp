// Failure reports as a list: the table of `ruaudit failures`, its CSV and its JSON. Stored rows enter, text leaves;
// text of reports in it is made harmless. Pure.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/summary.hpp"
#include "store/failure/queries.hpp"

namespace ruaudit::cli {

inline constexpr int failures_json_version = 1;

std::string failure_list(const std::vector<store::FailureRow>& rows, report::Format format);

// One row with its result, without evidence.
nlohmann::json failure_json(const store::FailureRow& row);

}  // namespace ruaudit::cli
