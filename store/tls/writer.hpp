// SMTP TLS reports inside the writer's transaction: rows as they come, inside a savepoint, and at the end the judgement
// what the report is (docs/identity.md): new, known, one more version, or a truncated copy. Read again by reprocess, a
// report keeps its key.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/ledger/item_writer.hpp"
#include "store/ledger/ledger.hpp"
#include "store/tls/encoded_report.hpp"
#include "store/tls/rows.hpp"

namespace ruaudit::store {

class TlsWriter {
 public:
  static model::Result<TlsWriter> create(sqlite3* db);
  Status reload();
  void begin_item() { former_.clear(); }
  // The reports that this item made are taken away, to be added again or not.
  Status begin_again(const std::vector<FormerPart>& parts);

  Status begin_report(const Part& part);
  Status append(const TlsBatch& batch) { return rows_.insert(key_, batch); }
  struct Added {
    Outcome outcome = Outcome::stored;
    std::int64_t tls_key = 0;
    bool has_changed_parts = false;  // parts of other items have another outcome now
  };
  // `proven`: what is known of its sender already.
  model::Result<Added> end_report(const TlsHeader& header, std::int64_t received, const TlsRows::Finding& proven = {});
  Status drop_report();
  // What was not added again is removed; parts that named it name nothing.
  Status end_item();
  [[nodiscard]] const Part& part() const { return part_; }

 private:
  struct Former {
    std::string path;
    Outcome outcome = Outcome::stored;
    std::int64_t target = 0;   // the report it named
    std::int64_t tls_key = 0;  // the same where it made it
    Digest identity{};         // of what it made
  };
  TlsWriter(sqlite3* db, TlsRows rows) : db_(db), rows_(std::move(rows)) {}
  model::Result<Added> judge(const TlsHeader& header, const std::vector<TlsVersion>& others);
  [[nodiscard]] Outcome lasting_outcome(const Added& added, const Digest& identity) const;
  Status take_back();

  sqlite3* db_;
  TlsRows rows_;
  std::int64_t next_key_ = 1, key_ = 0;
  Part part_;
  Former was_;  // the current part, as it was
  std::vector<Former> former_;
};

}  // namespace ruaudit::store
