// The roll-up stream_day: messages of counted reports by domain, day, source and authentication pattern. The writer of
// records only notes which days changed (stale_day); whoever judges has those days rebuilt first. A reader that may
// not write takes stale days from the records: what it reads is always right, and slower while days are stale.
#pragma once
#include <cstdint>
#include <functional>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// What of a day is held in memory at once; the records of a larger day are put in order in a file.
inline constexpr std::int64_t most_records_of_a_day = 131'072;

// Sums up stale days anew, some days a transaction, and writes the rows that are not what they were; returns how many
// days. The caller holds the IngestLock. Stops between transactions when stop_requested() says so: the next call
// continues.
model::Result<std::int64_t> refresh_streams(Database& database, const std::function<bool()>& stop_requested = {},
                                            std::int64_t most_records = most_records_of_a_day);

}  // namespace ruaudit::store
