// The ledger rows of an item: known or new, its parts, its original in chunks. Part of the writer; works inside its
// transaction. The ledger row itself is written last, when the outcome of all parts is known.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/content/original.hpp"
#include "store/ledger/ledger.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// One row of ledger_part.
struct PartRow {
  Part part;
  Outcome outcome = Outcome::not_a_report;
  Finding finding;
  std::int64_t records = 0, messages = 0;
  std::int64_t report_key = 0;   // 0 = none
  std::int64_t failure_key = 0;  // 0 = none
  std::int64_t tls_key = 0;      // 0 = none
};

// A part as a former run wrote it.
struct FormerPart {
  std::string path;
  Outcome outcome = Outcome::not_a_report;
  std::int64_t target = 0;       // the report it named
  std::int64_t report_key = 0;   // the same where it made that report and has not made it again
  Digest identity{};             // of the report it made
  std::int64_t failure_key = 0;  // the failure report it named
  std::int64_t tls_key = 0;      // the TLS report it named
};

class ItemWriter {
 public:
  static model::Result<ItemWriter> create(sqlite3* db);
  Status reload();

  // True when it was known: its row has been brought up to date, or a row for this mailbox message has been added.
  model::Result<bool> begin(const Item& item);
  // An item that is there already: its parts are returned and taken away.
  model::Result<std::vector<FormerPart>> begin_again(std::int64_t ledger_key);

  Status add_chunk(Extent extent, const EncodedChunk& chunk);
  Status discard_original();
  // The item holds a failure report: its octets go to, or are moved to, the table that can be erased by itself.
  Status set_failure_original_apart();
  Status add_part(const PartRow& row);
  model::Result<Outcome> end();

  [[nodiscard]] std::int64_t ledger_key() const { return ledger_key_; }
  [[nodiscard]] std::int64_t received() const { return item_.received; }
  // Parts of this item may have got another outcome since they were written.
  void expect_changed_parts() { has_changed_parts_ = true; }

 private:
  struct Statements {
    Statement find_content, find_message, touch, forget_message, insert, finish, insert_part, best_part;
    Statement insert_chunk, delete_chunks, insert_failure_chunk, delete_failure_chunks, move_chunks;
    Statement insert_original, delete_original, find_parts, delete_parts, find_received, forget_policy;
  };
  explicit ItemWriter(Statements statements) : statements_(std::move(statements)) {}
  model::Result<std::int64_t> find_content(const Item& item);
  model::Result<std::int64_t> find_message(const Item& item);
  Status touch(std::int64_t ledger_key, const Item& item);
  Status insert(const Item& item, Outcome outcome);
  model::Result<Outcome> best_outcome();

  Statements statements_;
  std::int64_t next_ledger_key_ = 1;
  std::int64_t ledger_key_ = 0;
  Item item_;
  bool is_again_ = false;
  bool has_changed_parts_ = false;
  bool has_failure_ = false;
  std::int64_t parts_ = 0;
  Outcome best_ = Outcome::not_a_report;
  Extent extent_ = Extent::full;
  std::int64_t chunks_ = 0;
  std::int64_t original_octets_ = 0;
};

}  // namespace ruaudit::store
