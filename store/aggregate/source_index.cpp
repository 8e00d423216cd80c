#include "store/aggregate/source_index.hpp"

#include "model/fail_point.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// As in store/schema.sql: a file is the same whichever made it.
constexpr const char* make_index_sql = "CREATE INDEX record_by_source ON record (source_id)";
constexpr const char* is_missing_sql =
    "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'record_by_source')";

// SQLite sorts in as much memory as its cache may have. What the cache holds is of no use here: all is read once.
constexpr const char* spare_memory_sql = "PRAGMA shrink_memory; PRAGMA cache_size=-4096";

}  // namespace

Status put_off_source_index(Database& database) {
  sqlite3* const db = database.handle();
  const auto is_empty = [db] { return query_integer(db, "SELECT NOT EXISTS (SELECT 1 FROM record)"); };
  TRY(const auto may_drop, is_empty());
  if (may_drop == 0) return {};
  return in_transaction(db, [&]() -> Status {
    TRY(const auto is_still_empty, is_empty());  // the lock is held now
    return is_still_empty != 0 ? execute(db, "DROP INDEX IF EXISTS record_by_source") : Status{};
  });
}

Status make_source_index(Database& database) {
  sqlite3* const db = database.handle();
  TRY(const auto is_missing, query_integer(db, is_missing_sql));
  if (is_missing == 0) return {};
  RUAUDIT_FAIL_POINT("store.index");
  TRY(const auto cache, query_integer(db, "PRAGMA cache_size"));
  TRY_VOID(execute(db, spare_memory_sql));
  auto made = in_transaction(db, [db]() -> Status {
    TRY(const auto is_still_missing, query_integer(db, is_missing_sql));
    return is_still_missing != 0 ? execute(db, make_index_sql) : Status{};
  });
  TRY_VOID(execute(db, ("PRAGMA cache_size=" + std::to_string(cache)).c_str()));
  return made;
}

}  // namespace ruaudit::store
