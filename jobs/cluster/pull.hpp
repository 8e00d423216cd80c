// Brings the judging database, next to the ingester's, up to date with the cluster; one process at a time.
#pragma once
#include <chrono>
#include <string>

#include "cluster/read/pull.hpp"
#include "store/care/ingest_lock.hpp"

namespace ruaudit::jobs {

// cluster.db in the folder of `database_path`; a file of that name is it itself.
std::string judging_path(const std::string& database_path);

struct PullPlan {
  cluster::Place place;
  std::string path;  // of the judging database, made where it is not there
  std::chrono::milliseconds patience{60'000};
};

struct PulledDatabase {
  store::IngestLock lock;
  store::Database database;
  cluster::PullCounts counts;
  std::int64_t reports = 0;  // that count
};

// Errors of cluster::pull(), with when the database was brought up to date last, and "database-in-use".
model::Result<PulledDatabase> pull_now(const PullPlan& plan);

// "of 60 reports in the cluster 12 are new or changed here"
std::string pull_line(const PulledDatabase& pulled);

}  // namespace ruaudit::jobs
