// Writes the records of a batch: gives every interned content its id (bounded caches before the database), then inserts
// one narrow row per record. Part of the writer; works inside its transaction.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "store/aggregate/auth_result_inserts.hpp"
#include "store/aggregate/encoded_report.hpp"
#include "store/aggregate/intern_cache.hpp"
#include "store/aggregate/rollup.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// One interned table: what is known of it here, and the next id to give.
struct InternTable {
  Statement find;
  Statement list;  // the ids of a range that are there
  RowInserts inserts;
  int columns = 0;
  InternCache cache;
  std::int64_t next_id = 1;
};

class RecordWriter {
 public:
  // The next ids at some moment: what a rollback returns to.
  using Mark = std::array<std::int64_t, 4>;

  static model::Result<RecordWriter> create(sqlite3* db);

  // At the start of a transaction in which another connection may have written: forgets, and reads the next ids.
  Status reload();
  [[nodiscard]] Mark mark() const;
  void roll_back_to(const Mark& mark);

  // Inserts the records of `batch` as rows of report `report_key` and its countable rows into `rollup`, if one is
  // given.
  Status write(const EncodedBatch& batch, std::int64_t report_key, Rollup* rollup);

 private:
  struct Children {
    AuthResultInserts auth_results;
    Statement policy_override;
  };
  struct Miss {
    model::IpAddress::Key key;
    std::uint32_t record;
  };

  RecordWriter(InternTable sources, InternTable identifiers, InternTable recipients, InternTable verdicts,
               Children children, RowInserts inserts);
  Status intern_sets(InternTable& table, const EncodedBatch& batch, const std::vector<EncodedSet>& sets,
                     std::vector<std::int64_t>& ids);
  Status take_ids(InternTable& table, std::size_t rows);
  Status intern_missing(InternTable& table, const EncodedBatch& batch, const std::vector<EncodedSet>& sets,
                        std::vector<std::int64_t>& ids);
  void bind_set(const InternTable& table, Statement& insert, int first, const EncodedSet& set,
                std::string_view content);
  model::Result<std::int64_t> find_set(InternTable& table, const EncodedSet& set, std::string_view content);
  Status insert_verdict_children(std::int64_t verdict_id, std::string_view content);
  Status resolve_sources(const EncodedBatch& batch);
  Status intern_sources();
  Status intern_some_sources(const RowInserts::Some& inserts, std::size_t from);
  model::Result<std::int64_t> find_source(const std::string& text);
  Status insert_records(const EncodedBatch& batch, std::int64_t report_key);
  void bind_record(Statement& to, int first, const EncodedRecord& record);

  InternTable sources_, identifiers_, recipients_, verdicts_;
  Children children_;
  RowInserts inserts_;  // of records
  // Ids of the current batch, by index; kept to use their memory again.
  std::vector<std::int64_t> source_ids_, identifier_ids_, recipient_ids_, verdict_ids_;
  std::vector<Miss> misses_;
  std::vector<std::uint32_t> missing_sets_;
  std::vector<bool> is_new_;       // of the rows inserted last
  std::vector<Miss> new_sources_;  // each address once; then their texts and ids
  std::vector<std::string> source_texts_;
};

}  // namespace ruaudit::store
