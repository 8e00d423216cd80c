// Failure reports of a cluster in the judging database: what is known of each, without a sample. `part` of its row
// names its number at the ingester, the source of its ledger row the ingester, which has the rest. Works inside the
// caller's transaction.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/outbox/failure_reader.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

class PulledFailures {
 public:
  static model::Result<PulledFailures> create(sqlite3* db);

  struct Held {
    std::int64_t failure_key = 0, ledger_key = 0;
    std::string key;  // of the copy
    std::int64_t taken_in = 0;
  };
  model::Result<std::optional<Held>> held(const Digest& key);
  Status remove(const Held& held);
  // `failure_key`: 0: a new one.
  Status insert(const ShippedFailure& failure, std::int64_t ledger_key, std::int64_t failure_key);

 private:
  struct Statements {
    Statement find, delete_dns, delete_lines, delete_results, delete_parts, delete_report, delete_item;
    Statement insert_report, insert_part, insert_result;
  };
  explicit PulledFailures(Statements statements) : statements_(std::move(statements)) {}

  Statements statements_;
};

}  // namespace ruaudit::store
