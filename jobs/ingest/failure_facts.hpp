// What the store is told about a failure report beside its claims: when its sample arrived and who its author claims to
// be, read out of the sample by the verifiers' own readers.
#pragma once
#include <cstdint>

#include "model/failure_report.hpp"
#include "store/failure/encoder.hpp"

namespace ruaudit::jobs {

// Arrival: claimed, else of the topmost Received of the sample, else the report's own date, else `received`.
store::FailureFacts facts_of(const model::FailureReport& report, std::int64_t received);

}  // namespace ruaudit::jobs
