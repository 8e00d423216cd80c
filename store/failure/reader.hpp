// Failure reports as they are kept, for whoever verifies or shows them. Before verification the report is whole; after
// it, what the sample policy has left. Reads only; the Database may be open read-only.
#pragma once
#include <cstdint>
#include <optional>

#include "model/failure_report.hpp"
#include "model/result.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct StoredFailure {
  std::int64_t failure_key = 0;
  std::int64_t received = 0;    // of the item that brought it
  std::int64_t at = 0;          // when the sample arrived, as ingest found it
  model::FailureReport report;  // with its sample, as far as it is kept
  SamplePolicy policy = SamplePolicy::headers;
  SampleState state = SampleState::pending_verification;
  bool is_verified = false;  // has a current result
};

// Error codes "failure-key" (there is none of this number), "failure-damaged".
model::Result<StoredFailure> load_failure(Database& database, std::int64_t failure_key);

// The next authentication failure after `failure_key` that has no current result; nothing at the end. With
// `arrived_since` only samples of that time or later.
model::Result<std::optional<std::int64_t>> next_unverified(Database& database, std::int64_t failure_key,
                                                           std::int64_t arrived_since = INT64_MIN);

}  // namespace ruaudit::store
