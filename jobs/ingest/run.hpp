// One run of ingest or reprocess: the reading thread (the caller's) and the writing thread, joined by a bounded queue.
// This file and item_reader.cpp are the only places that know the order of the stages.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "jobs/ingest/counts.hpp"
#include "jobs/ingest/item_reader.hpp"
#include "jobs/ingest/write_worker.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct IngestPlan {
  std::vector<std::string> sources;
  std::string database_path;
  ReadingOptions reading;
  CommitPolicy commit;
};

struct IngestProgress {
  std::uint64_t entries_done = 0;
  std::uint64_t entries_known = 0;
  IngestCounts counts;
};

struct IngestObserver {
  NoticeSink part;                                      // called on the writing thread
  std::function<void(const model::Error&)> unreadable;  // an entry that could not be read; the run continues
  std::function<void(const IngestProgress&)> progress;  // now and then, on the reading thread
  std::function<bool()> stop_requested;                 // asked between items, and inside those that take long
};

// Errors are those that end the run; items that fail are ledger rows and counts.
model::Result<IngestCounts> ingest(const IngestPlan& plan, store::Database& database,
                                   const verify::suffix::PublicSuffixList& list, const IngestObserver& observer);

// Reads every kept original again with today's parser.
model::Result<IngestCounts> reprocess(const IngestPlan& plan, store::Database& database,
                                      const verify::suffix::PublicSuffixList& list, const IngestObserver& observer);

}  // namespace ruaudit::jobs
