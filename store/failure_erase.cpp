#include "store/failure_erase.hpp"

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

Status erase_noted(sqlite3* db) {
  TRY(const auto is_due, query_integer(db, "SELECT count(*) FROM store_info WHERE name = 'erasure-due'"));
  if (is_due == 0) return {};
  TRY(const auto is_all,
      query_integer(db, "SELECT count(*) FROM store_info WHERE name = 'erasure-due' AND value = 'all'"));
  TRY_VOID(write_all_anew(db, pending_tables));
  if (is_all != 0) TRY_VOID(write_all_anew(db, kept_tables));
  RUAUDIT_FAIL_POINT("store.erase");
  return execute(db, "DELETE FROM store_info WHERE name = 'erasure-due'");
}

// Waits for readers as long as for any other lock.
model::Result<bool> empty_log(sqlite3* db) {
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY) return false;
  return model::failure(sqlite_error(db, code, "checkpoint"));
}

}  // namespace

Status note_erasure(sqlite3* db, Erasure erasure) {
  if (erasure == Erasure::all) return execute(db, "INSERT OR REPLACE INTO store_info VALUES ('erasure-due', 'all')");
  return execute(db, "INSERT OR IGNORE INTO store_info VALUES ('erasure-due', 'pending')");
}

model::Result<bool> erase(Database& database) {
  sqlite3* db = database.handle();
  TRY_VOID(execute(db, "BEGIN IMMEDIATE"));
  auto done = erase_noted(db);
  if (done) done = execute(db, "COMMIT");
  if (!done) {
    sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
    return model::failure(done.error());
  }
  return empty_log(db);
}

}  // namespace ruaudit::store
