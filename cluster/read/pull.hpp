// From the cluster back into one database, the judging one (store/pulled/pulled_writer.hpp), which the judging code
// reads like any other. First every shard is asked which batches are committed; then those that the database does not
// have yet are processed, some at a time: of the reports that they name, the copies that the cluster keeps
// (cluster/schema/counted.hpp) by all batches of that moment are written, and the batches are remembered, in one
// transaction. What is committed in the meantime comes with the next pull. If it is killed, the next pull continues
// where it was.
#pragma once
#include <functional>
#include <string>

#include "cluster/server/client.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::cluster {

struct PullLimits {
  std::uint64_t batch_records = 100'000;  // of one transaction; one batch may exceed it
  std::size_t batches = 200;
  std::size_t reports = 2000;  // of one question
  std::uint64_t question_records = 20'000;
};

struct PullOrder {
  Place place;
  PullLimits limits{};
  std::int64_t now = 0;        // epoch seconds
  std::function<bool()> stop;  // asked between transactions; empty: never
};

struct PullCounts {
  std::int64_t batches = 0;
  std::int64_t reports = 0, records = 0;  // written; a report of which several copies are kept counts for each
  std::int64_t gone = 0;                  // reports that no ingester has any more
};

// "database ruaudit on https://a:8443, https://b:8443": what a judging database is of.
std::string cluster_text(const Place& place);

// The caller holds the IngestLock of `database`. Errors: those of the client and of the schema, of a shard that fails:
// then what is there stays as it is; "cluster-incomplete" (rows of a committed batch are not there), "cluster-other",
// "cluster-not-judging", "cluster-stopped".
model::Result<PullCounts> pull(store::Database& database, const PullOrder& order);

}  // namespace ruaudit::cluster
