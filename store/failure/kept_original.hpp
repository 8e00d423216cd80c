// The kept original of an item that brought failure reports, reduced to what a sample policy permits: its own header
// block (as it arrived or redacted), or nothing. Works inside the caller's transaction.
#pragma once
#include <cstdint>

#include "store/failure/redaction.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// Nothing happens where it was reduced as far before, or where there is no original. True when octets went.
model::Result<bool> reduce_original(Database& database, std::int64_t ledger_key, SamplePolicy policy,
                                    const Redactor& redactor);

}  // namespace ruaudit::store
