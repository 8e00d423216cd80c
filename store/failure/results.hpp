// What verification has written about a report, reduced to what a sample policy permits: evidence lines that quote the
// sample, texts that name people, header input of signatures. Works inside the caller's transaction.
#pragma once
#include <cstdint>

#include "store/failure/redaction.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

Status reduce_results(sqlite3* db, std::int64_t failure_key, SamplePolicy policy, const Redactor& redactor);

}  // namespace ruaudit::store
