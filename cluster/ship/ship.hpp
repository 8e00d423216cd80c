// From the outbox of an ingester to the cluster, so that each report, also one on TLS, counts there exactly once
// whatever is killed meanwhile. Rows of the outbox are cut into batches of one shard (cluster/schema/shard_map.hpp) and
// one month; a batch has one version of a report at most. Of each batch, in this order:
//
//   1. the headers that the shard has of these reports are asked for; what an equal one says already is not sent
//   2. a random number, used once, becomes the batch; its records are inserted
//   3. its headers are inserted; the server says that it is the one that all write to (cluster/replica/writer.hpp)
//   4. all headers of these reports are read back; where there are several, the report is marked as contested
//   5. the batch's row is inserted: the commit
//   6. only then the rows leave the outbox
//
// On any doubt nothing leaves the outbox, and the next attempt begins at 1 with another number. Rows that no commit
// names are never counted. Of two ingesters the one whose header is stored later sees both in step 4, so that of two
// committed versions the report is always contested: cluster/schema/counted.hpp then says which one counts.
#pragma once
#include <functional>
#include <vector>

#include "cluster/server/client.hpp"
#include "store/content/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::cluster {

struct ShipLimits {
  std::int64_t batch_records = 100'000;  // a batch is closed when it has so many; one report may exceed it
  std::int64_t batch_reports = 20'000;
  std::uint64_t block_records = 50'000;  // of one INSERT
  std::int64_t window = 100'000;         // rows of the outbox held in memory
  std::int64_t pause_seconds =
      1800;  // an attempt that pauses longer between two steps is given up (cluster/care/care.hpp)
};

struct ShipOrder {
  Place place;
  ShipLimits limits{};
  // Batches that are smaller wait until one of their reports has waited so long. 0: nothing waits.
  std::int64_t delay_seconds = 0;
  std::int64_t now = 0;        // epoch seconds
  std::string ingester_name;   // for people: the host
  std::function<bool()> stop;  // asked between batches; empty: never
};

struct ShipCounts {
  std::int64_t batches = 0, reports = 0, records = 0;  // sent
  std::int64_t headers = 0;                            // sent without records: seen earlier than there, or gone
  std::int64_t known = 0;                              // equal ones were there
  std::vector<model::Error> errors;                    // of shards that failed
};

// One run over the outbox as it is now. A shard that fails is left out for the rest of the run; its reports stay in the
// outbox. Errors: of the database, and "cluster-ingester".
model::Result<ShipCounts> ship(store::Database& database, const ShipOrder& order);

}  // namespace ruaudit::cluster
