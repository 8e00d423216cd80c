// Aggregate reports inside the writer's transaction: rows as they come, and at the end the judgement what the report is
// (docs/identity.md): new, known, one more version, or a truncated copy. A report that fits one batch is judged before
// anything is written; a longer one is written at once, inside a savepoint. Read again by reprocess, a report keeps its
// key.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/aggregate/encoded_report.hpp"
#include "store/aggregate/record_writer.hpp"
#include "store/aggregate/rollup.hpp"
#include "store/aggregate/versions.hpp"
#include "store/ledger/item_writer.hpp"
#include "store/ledger/ledger.hpp"

namespace ruaudit::store {

class AggregateWriter {
 public:
  static model::Result<AggregateWriter> create(sqlite3* db);
  // Another connection has written: nothing that was cached is valid.
  Status reload();
  // The transaction was rolled back.
  void forget();
  // Writes the sums that are still in memory: the last thing before a commit.
  Status settle() { return rollup_.settle(); }
  void begin_item() { former_.clear(); }
  // The reports that this item made are taken away, to be added again or not.
  Status begin_again(std::vector<FormerPart> parts);

  Status begin_report(const Part& part);
  // Takes the batch; what is left in its place may be used again.
  Status append(EncodedBatch& batch);
  struct Added {
    Outcome outcome = Outcome::stored;
    std::int64_t report_key = 0;
    bool has_changed_parts = false;  // parts of other items have another outcome now
  };
  // `proven`: of a report whose origin another database has looked at.
  model::Result<Added> end_report(const EncodedHeader& header, std::int64_t received, Versions::Finding proven = {});
  // The report cannot be read: nothing of it is kept.
  Status reject_report();
  // What was not added again is removed; parts that named it name nothing.
  Status end_item();
  [[nodiscard]] const Part& part() const { return report_.part; }

 private:
  struct ReportInHand {  // between begin_report() and its end
    Part part;
    std::int64_t report_key = 0;
    std::int64_t former_key = 0;  // the key it had, when its item is read again
    FormerPart former;            // what it was then
    EncodedBatch held;            // the first batch
    bool has_held = false;
    bool is_spilled = false;  // more than one batch: its rows are in the database, inside a savepoint
    RecordWriter::Mark mark{};
    Versions::Finding proven{};
  };
  AggregateWriter(sqlite3* db, RecordWriter records, Versions versions, Rollup rollup)
      : db_(db), records_(std::move(records)), versions_(std::move(versions)), rollup_(std::move(rollup)) {}
  void take_former(const std::string& path);
  [[nodiscard]] Outcome lasting_outcome(const EncodedHeader& header, const Added& added) const;
  Status spill();
  Status open_savepoint();
  Status close_savepoint();
  Status undo_savepoint();
  Status write_batch(const EncodedBatch& batch, Rollup* into);
  Status drop_report();
  model::Result<Added> store_new(const EncodedHeader& header, std::int64_t received);
  model::Result<Added> store_version(const EncodedHeader& header, std::int64_t received,
                                     const std::vector<Version>& others);
  model::Result<Cell> insert_report(const EncodedHeader& header, std::int64_t received, bool is_counted);
  model::Result<Added> judge(const EncodedHeader& header, const std::vector<Version>& others);

  sqlite3* db_;
  RecordWriter records_;
  Versions versions_;
  Rollup rollup_;
  ReportInHand report_;
  std::vector<FormerPart> former_;  // parts of an item that is read again
};

}  // namespace ruaudit::store
