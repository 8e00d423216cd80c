// Failure reports of the item that is being written, inside the writer's transaction: new or known by identity
// (docs/identity.md), and read again by reprocess. A report that is read again keeps its key, and with it its results.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/failure/rows.hpp"
#include "store/ledger/item_writer.hpp"
#include "store/ledger/ledger.hpp"

namespace ruaudit::store {

class FailureWriter {
 public:
  static model::Result<FailureWriter> create(sqlite3* db);
  Status reload();
  void begin_item() { former_.clear(); }
  // The reports that this item brought first are taken away, to be added again or not.
  Status begin_again(std::int64_t ledger_key, const std::vector<FormerPart>& parts);

  struct Added {
    Outcome outcome = Outcome::stored;
    std::int64_t failure_key = 0;
  };
  model::Result<Added> add(const EncodedFailure& failure, FailureOrigin origin);
  // What was not added again is removed, with its results; parts that named it name nothing.
  Status end_item();

 private:
  struct Former {
    std::string path;
    std::int64_t failure_key = 0;
    SamplePolicy policy = SamplePolicy::headers;
  };
  struct Statements {
    Statement find, owner, redirect, delete_dns, delete_lines, delete_results, delete_signatures;
  };
  FailureWriter(FailureRows rows, Statements statements) : rows_(std::move(rows)), statements_(std::move(statements)) {}
  Status forget_results(std::int64_t failure_key);
  Status redirect(std::int64_t from, std::int64_t to);

  FailureRows rows_;
  Statements statements_;
  std::int64_t next_key_ = 1;
  std::vector<Former> former_;
};

}  // namespace ruaudit::store
