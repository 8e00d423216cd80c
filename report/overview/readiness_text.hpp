// Readiness: the policy gate of each domain in full. As text, and as JSON (docs/readiness.schema.json). Pure.
#pragma once
#include <string>

#include "model/overview.hpp"
#include "report/overview/overview_text.hpp"

namespace ruaudit::report {

std::string readiness_text(const model::Overview& overview, std::size_t columns, Colour colour);
std::string readiness_json(const model::Overview& overview);

// The JSON of a summary (docs/summary.schema.json) with the overview as a further member.
std::string with_overview(const std::string& summary_json, const model::Overview& overview);

}  // namespace ruaudit::report
