#include "store/failure/erase.hpp"

#include <array>
#include <span>
#include <string>

#include "model/fail_point.hpp"

namespace ruaudit::store {
namespace {

constexpr std::array pending_tables = {"pending_failure", "failure_original_chunk", "failure_evidence_line"};
constexpr std::array kept_tables = {"failure_sample",    "failure_report", "failure_claim",
                                    "failure_signature", "failure_defect", "failure_result"};

// A DELETE without WHERE frees the pages of the table, and freed pages are overwritten.
Status write_anew(sqlite3* db, std::string_view table) {
  const std::string name(table);
  TRY_VOID(execute(db, ("CREATE TEMP TABLE rest AS SELECT * FROM " + name).c_str()));
  TRY_VOID(execute(db, ("DELETE FROM " + name).c_str()));
  TRY_VOID(execute(db, ("INSERT INTO " + name + " SELECT * FROM temp.rest").c_str()));
  return execute(db, "DROP TABLE temp.rest");
}

Status write_all_anew(sqlite3* db, std::span<const char* const> tables) {
  for (const char* table : tables) TRY_VOID(write_anew(db, table));
  return {};
}

constexpr int reader_patience_ms = 5000;

// 'pending', 'all', or 'log' when only the log is left; '' when nothing is due.
model::Result<std::string> what_is_due(sqlite3* db) {
  TRY(auto select, Statement::prepare(db, "SELECT value FROM store_info WHERE name = 'erasure-due'"));
  TRY(const bool has_row, select.step());
  return has_row ? std::string(select.text(0)) : std::string();
}

Status erase_tables(sqlite3* db, std::string_view due) {
  TRY_VOID(write_all_anew(db, pending_tables));
  if (due == "all") TRY_VOID(write_all_anew(db, kept_tables));
  RUAUDIT_FAIL_POINT("store.erase");
  return execute(db, "UPDATE store_info SET value = 'log' WHERE name = 'erasure-due'");
}

model::Result<bool> empty_log(const Database& database) {
  sqlite3* db = database.handle();
  sqlite3_busy_timeout(db, reader_patience_ms);
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(db, database.options().busy_timeout_ms);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY) return false;
  return model::failure(sqlite_error(db, code, "checkpoint"));
}

}  // namespace

Status note_erasure(sqlite3* db, Erasure erasure) {
  if (erasure == Erasure::all) return execute(db, "INSERT OR REPLACE INTO store_info VALUES ('erasure-due', 'all')");
  return execute(db,
                 "INSERT INTO store_info VALUES ('erasure-due', 'pending') ON CONFLICT DO UPDATE SET value = 'pending'"
                 " WHERE value = 'log'");
}

model::Result<bool> erase(Database& database) {
  sqlite3* db = database.handle();
  TRY(const auto due, what_is_due(db));
  if (due.empty()) return true;
  if (due != "log") TRY_VOID(in_transaction(db, [&] { return erase_tables(db, due); }));
  TRY(const bool is_empty, empty_log(database));
  if (is_empty) TRY_VOID(execute(db, "DELETE FROM store_info WHERE name = 'erasure-due'"));
  return is_empty;
}

}  // namespace ruaudit::store
