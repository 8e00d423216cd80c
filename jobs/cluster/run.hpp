// Shipping to a cluster as a step of a run: one process at a time for a database, apart from the lock of an ingest, so
// that neither waits for the other. What cannot be shipped stays in the outbox for the next run.
#pragma once
#include <cstdint>
#include <string>

#include "cluster/ship/ship.hpp"
#include "store/outbox/outbox.hpp"

namespace ruaudit::jobs {

struct ShipPlan {
  cluster::Place place;
  std::string database_path;
  std::int64_t delay_seconds = 0;  // see cluster::ShipOrder
  bool backfill = false;           // also what is stored already
};

// Has the database note what is to be shipped, then ships, until a signal asks to stop or to reload. Errors of
// cluster::ship(), and "database-in-use" (another process ships).
model::Result<cluster::ShipCounts> ship_now(store::Database& database, const ShipPlan& plan);

// "shipped 12 reports with 3,400 records in 2 batches", and what else happened in the outbox.
std::string ship_line(const cluster::ShipCounts& counts);

// "nothing waits to be shipped", "3 reports with 70 records wait to be shipped, the oldest for 2 hours".
std::string backlog_text(const store::OutboxState& state, std::int64_t now);

}  // namespace ruaudit::jobs
