// Sealing: a month of a shard that has become quiet is written anew into a few batches that hold every content once.
// Readers then look at few commits, and at several headers of a report only where the ingesters disagree.
//
//   1. the committed batches of the month are determined; one that lost rows stops it (`cluster audit`)
//   2. for some reports at a time: their headers are read, those that are kept (cluster/care/seal_plan.hpp) get new
//   numbers,
//      one batch for the first header of each report, one for the second, ...; the numbers are noted with state 0
//   3. the headers are inserted, then the rows that they keep are copied, and counted
//   4. the headers of these reports that are of no batch in 1 are looked at: where there are several, the report is
//      marked as contested, as an ingester does
//   5. the server says that it is still the one that all write to (cluster/replica/writer.hpp); one insert says state 1
//   of
//      every new batch and state 3 (sealed) of every old one: the commit. It inserts nothing where an old batch is
//      sealed or dead already, or a new one is dead
//   6. what is there is looked at: two sealings at once may both have passed 5 (cluster/care/seal_runs.hpp)
//
// An ingester may ship to the month meanwhile and later, and needs to know nothing: what it ships is a batch like any
// other, compared by the same rules, and the next sealing takes it in. Old rows stay until collect_dead() removes them.
// A sealing that dies has changed nothing that counts.
#pragma once
#include <cstdint>
#include <optional>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct SealLimits {
  std::uint64_t batch_records = 2'000'000;    // of one batch, about
  std::uint64_t chunk_headers = 1'000'000;    // of one answer, about
  std::int64_t deadline_seconds = 24 * 3600;  // half of dead_seal_seconds (cluster/care/care.hpp)
};

struct SealOrder {
  std::optional<std::uint32_t> month;  // 202609; none: every one that is over and quiet
  std::uint32_t current_month = 0;     // it and later ones are not sealed
  std::int64_t quiet_seconds = 0;      // since the last commit of a month
  SealLimits limits{};
};

struct SealCounts {
  std::uint64_t months = 0;
  std::uint64_t batches_before = 0, batches = 0;
  std::uint64_t reports_before = 0, reports = 0;  // with rows
  std::uint64_t records_before = 0, records = 0;
};

// Months of which everything is sealed are left alone, and so are those that another sealing has taken meanwhile.
// Errors: "cluster-lost" (a batch of a month has lost rows), "cluster-incomplete" (copied rows are not all there),
// "cluster-paused" (it took longer than a day); then that month is as it was.
model::Result<SealCounts> seal(Client& client, const Place& place, const SealOrder& order);

}  // namespace ruaudit::cluster
