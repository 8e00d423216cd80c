// Days of reports: the UTC day of the middle of a period, as YYYY-MM-DD.
#pragma once
#include <cstdint>
#include <string>

#include "model/aggregate_report.hpp"

namespace ruaudit::store {

// Epoch seconds -> YYYY-MM-DD; times outside the years 1970 to 9999 are taken as their ends.
std::string day_text(std::int64_t epoch_seconds);

// The day a report belongs to: of the midpoint of its period, of the end it has when it has one only, else of
// `received`.
std::string report_day(const model::DateRange& range, std::int64_t received);

}  // namespace ruaudit::store
