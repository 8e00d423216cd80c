// The roll-up stream_day: messages of counted reports by domain, day, source and authentication pattern. The writer of
// records only notes which days changed (stale_day); whoever judges has those days rebuilt first. A reader that may
// not write takes stale days from the records: what it reads is always right, and slower while days are stale.
#pragma once
#include <cstdint>
#include <functional>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Rebuilds stale days, some days a transaction; returns how many. The caller holds the IngestLock. Stops between
// transactions when stop_requested() says so: the next call continues.
model::Result<std::int64_t> refresh_streams(Database& database, const std::function<bool()>& stop_requested = {});

}  // namespace ruaudit::store
