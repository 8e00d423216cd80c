#include "store/sqlite/migration_steps.hpp"

#include <array>
#include <string>

#include "model/fail_point.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/schema_version.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

struct Step {
  std::int64_t to;
  const char* const& sql;
};
constexpr std::array step_table = {Step{2, migration_2_sql}, Step{3, migration_3_sql}};

Status drop_views(sqlite3* db) {
  TRY(const auto names, query_texts(db, "SELECT name FROM sqlite_schema WHERE type = 'view'"));
  for (const std::string& name : names) TRY_VOID(execute(db, ("DROP VIEW \"" + name + "\"").c_str()));
  return {};
}

Status run_steps(sqlite3* db) {
  TRY(const auto from, query_integer(db, "PRAGMA user_version"));
  // Views name tables that a step may change.
  TRY_VOID(drop_views(db));
  for (const Step& step : step_table) {
    if (step.to <= from) continue;
    if (auto done = execute(db, step.sql); !done)
      return model::failure(done.error().in("migration to version " + std::to_string(step.to)));
    RUAUDIT_FAIL_POINT("store.migrate");
  }
  TRY_VOID(execute(db, views_sql));
  RUAUDIT_FAIL_POINT("store.migrated");
  return execute(db, ("PRAGMA user_version=" + std::to_string(schema_version)).c_str());
}

}  // namespace

Status run_migration_steps(sqlite3* db) {
  return in_transaction(db, [db] { return run_steps(db); });
}

}  // namespace ruaudit::store
