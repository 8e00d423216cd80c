// Maintenance of a shard: leftovers of dead attempts are removed, and losses of committed batches (a power failure, a
// disk) are detected, so that they can be shipped again.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

// An attempt counts as dead only at this age: twice as long as one may pause between two steps (ShipLimits), so that
// none commits between the query for dead ones and the marking of its results.
inline constexpr std::int64_t least_dead_seconds = 3600;

// A sealing may take longer, and says beforehand which batches it writes.
inline constexpr std::int64_t dead_seal_seconds = std::int64_t{48} * 3600;

struct Collected {
  std::uint64_t dead = 0, sealed = 0;  // batches
};
// Attempts whose last rows came longer ago and that never were committed. Their batches get state 2, which beats a
// commit that still arrives (the ingester looks after its commit), then their rows go, and those of batches that were
// sealed longer ago. The server deletes them in its own time.
model::Result<Collected> collect_dead(Client& client, const Place& place, std::int64_t older_than_seconds);

// Readers compare the headers of marked reports. Marks go that are as old and of reports that need none any more.
model::Result<void> collect_marks(Client& client, const Place& place, std::int64_t older_than_seconds);

struct LostBatch {
  std::uint64_t batch = 0;
  std::string ingester;                                // its name
  std::uint64_t reports = 0, records = 0;              // committed
  std::uint64_t found_reports = 0, found_records = 0;  // there
  std::uint64_t found_headers = 0;                     // of the reports
};
// Committed batches that have fewer reports, headers of reports or records than they say, at two looks: the tables of
// one statement are not of one moment, so that a batch that is committed meanwhile may look short at the first.
model::Result<std::vector<LostBatch>> find_lost(Client& client, const Place& place);
// They never count, also if a commit still arrives.
model::Result<void> set_dead(Client& client, const Place& place, const std::vector<std::uint64_t>& batches);
// They no longer count. Their ingesters ship them again: `ruaudit cluster ship --backfill`.
model::Result<void> revoke(Client& client, const Place& place, const std::vector<LostBatch>& lost);

}  // namespace ruaudit::cluster
