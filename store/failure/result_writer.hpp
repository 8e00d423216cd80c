// Results of verifying failure reports, written: the conclusion with its evidence lines, the DNS answers it rests on
// (interned), and what is kept per signature so that b= can be checked again when the sample is cut. The caller gives
// only what the report's sample policy permits to keep. A new result becomes the current one; of former ones the first
// stays, because its DNS is the nearest to the sample's time.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/failure_result.hpp"
#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

using model::FailureResult, model::KeptAnswer, model::KeptEvidenceLine, model::KeptSignature;

// One transaction for all of them; on an error nothing of them is written.
model::Result<void> write_failure_results(Database& database, const std::vector<FailureResult>& results);

}  // namespace ruaudit::store
