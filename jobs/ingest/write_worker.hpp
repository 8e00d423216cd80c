// The writing thread of ingest and reprocess: takes parcels of steps off the queue, applies them to store::Writer, and
// commits at item boundaries. On the first error it rolls back what is not committed, abandons the queue and keeps the
// error; what was committed stays.
#pragma once
#include <functional>
#include <mutex>

#include "jobs/ingest/counts.hpp"
#include "jobs/ingest/work.hpp"
#include "model/result.hpp"
#include "store/writer.hpp"

namespace ruaudit::jobs {

struct CommitPolicy {
  std::size_t items = 5000;  // at most per transaction
  std::size_t octets =
      std::size_t{48} * 1024 * 1024;  // of steps applied, at most before the next item boundary commits
  store::Durability durability = store::Durability::consistent;
};

// What happened to one part, for --verbose and for messages about rejections.
struct PartNotice {
  std::string source, locator, part;
  store::Outcome outcome = store::Outcome::stored;
  store::Finding finding;
};
// "SOURCE: LOCATOR: PART: outcome (code): reason"
std::string notice_line(const PartNotice& notice);
using NoticeSink = std::function<void(const PartNotice&)>;

class WriteWorker {
 public:
  WriteWorker(store::Database& database, WorkQueue& queue, const CommitPolicy& policy, NoticeSink notice)
      : database_(database), queue_(queue), policy_(policy), notice_(std::move(notice)) {}

  // Runs until the queue is closed and empty. Call on the writing thread.
  void run();
  // After run(): whether all succeeded.
  [[nodiscard]] const model::Result<void>& result() const { return result_; }
  [[nodiscard]] IngestCounts counts() const;  // from any thread

 private:
  model::Result<void> drain();
  model::Result<void> apply(store::Writer& writer, Step& step);
  model::Result<void> begin_item(store::Writer& writer, const BeginItem& step);
  model::Result<void> end_report(store::Writer& writer, const EndReport& step);
  model::Result<void> end_tls(store::Writer& writer, const EndTls& step);
  model::Result<void> reject(store::Writer& writer, const store::Finding& finding);
  model::Result<void> add_failure(store::Writer& writer, const AddFailure& step);
  model::Result<void> add_part(store::Writer& writer, const AddPart& step);
  model::Result<void> end_item(store::Writer& writer);
  model::Result<void> commit_if_due(store::Writer& writer);
  model::Result<void> commit(store::Writer& writer);
  model::Result<void> checkpoint(store::Writer& writer);
  model::Result<void> drop_item(store::Writer& writer);
  void note(store::Outcome outcome, const std::string& part, const store::Finding& finding);

  store::Database& database_;
  WorkQueue& queue_;
  CommitPolicy policy_;
  NoticeSink notice_;
  model::Result<void> result_;
  mutable std::mutex mutex_;  // guards counts_
  IngestCounts counts_;
  IngestCounts counts_at_checkpoint_;
  store::Item item_;
  std::string part_;
  std::int64_t defects_ = 0;  // of the current report
  bool is_skipping_ = false;  // the current item is known: its steps are skipped
  std::size_t items_in_transaction_ = 0;
  std::size_t octets_in_transaction_ = 0;
};

}  // namespace ruaudit::jobs
