#include "store/care/query.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "model/ascii.hpp"
#include "store/care/cell.hpp"
#include "store/sqlite/read_connection.hpp"

namespace ruaudit::store {
namespace {

using model::Cell;
using model::failure;
using model::Result;
using model::ResultTable;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_sql = 1 << 20;
constexpr int progress_every = 4000;  // virtual machine instructions between looks at the clock

// PRAGMAs that only tell; with an argument only those that name a table or an index.
constexpr std::array<std::string_view, 9> telling_pragmas{"table_info",       "table_xinfo",   "table_list",
                                                          "index_list",       "index_info",    "index_xinfo",
                                                          "foreign_key_list", "function_list", "collation_list"};
constexpr std::array<std::string_view, 5> plain_pragmas{"user_version", "schema_version", "page_count", "page_size",
                                                        "encoding"};

bool is_harmless_pragma(std::string_view name, bool has_argument) {
  const auto among = [name](const auto& list) { return std::find(list.begin(), list.end(), name) != list.end(); };
  return among(telling_pragmas) || (!has_argument && among(plain_pragmas));
}

// What reaches beyond the database, or takes and gives addresses of the program's memory.
constexpr std::array<std::string_view, 7> refused_functions{"load_extension", "readfile",       "writefile", "edit",
                                                            "eval",           "fts3_tokenizer", "fts5"};
constexpr int max_value = 16 << 20;  // octets of one value: no single function may take the memory
constexpr int max_pattern = 256;     // octets of the pattern of LIKE and GLOB, whose cost is a product

struct Action {
  int code;
  std::string_view text;
};
constexpr std::array<Action, 10> refused_actions{{{SQLITE_ATTACH, "ATTACH"},
                                                  {SQLITE_DETACH, "DETACH"},
                                                  {SQLITE_INSERT, "INSERT"},
                                                  {SQLITE_UPDATE, "UPDATE"},
                                                  {SQLITE_DELETE, "DELETE"},
                                                  {SQLITE_TRANSACTION, "a transaction"},
                                                  {SQLITE_SAVEPOINT, "SAVEPOINT"},
                                                  {SQLITE_ANALYZE, "ANALYZE"},
                                                  {SQLITE_REINDEX, "REINDEX"},
                                                  {SQLITE_ALTER_TABLE, "ALTER TABLE"}}};

std::string_view name_of(int code) {
  const auto* at = std::find_if(refused_actions.begin(), refused_actions.end(),
                                [code](const Action& action) { return action.code == code; });
  return at == refused_actions.end() ? "changing the schema" : at->text;
}

// What the callbacks of one query share.
struct Guard {
  std::string refused;  // the first thing the authorizer refused
  Clock::time_point deadline;
  bool is_late = false;

  int decide(int code, const char* first, const char* second) {
    const std::string_view name = first == nullptr ? "" : first;
    if (code == SQLITE_SELECT || code == SQLITE_READ || code == SQLITE_RECURSIVE) return SQLITE_OK;
    if (code == SQLITE_PRAGMA) {
      std::string folded(name);
      ascii::lower_in_place(folded);
      return is_harmless_pragma(folded, second != nullptr) ? SQLITE_OK : refuse("PRAGMA " + folded);
    }
    if (code == SQLITE_FUNCTION) {
      const std::string_view function = second == nullptr ? "" : second;
      const bool is_refused =
          std::find(refused_functions.begin(), refused_functions.end(), function) != refused_functions.end();
      return is_refused ? refuse(std::string(function) + "()") : SQLITE_OK;
    }
    return refuse(std::string(name_of(code)));
  }

  int refuse(const std::string& what) {
    if (refused.empty()) refused = what;
    return SQLITE_DENY;
  }
};

// C callbacks: nothing may be thrown through them.
int authorize(void* guard, int code, const char* first, const char* second, const char* /*database*/,
              const char* /*trigger*/) noexcept {
  try {
    return static_cast<Guard*>(guard)->decide(code, first, second);
  } catch (...) {
    return SQLITE_DENY;
  }
}

int watch_clock(void* context) noexcept {
  auto* guard = static_cast<Guard*>(context);
  guard->is_late = Clock::now() >= guard->deadline;
  return guard->is_late ? 1 : 0;
}

struct Finalize {
  void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
};
using OwnedStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

tl::unexpected<model::Error> refusal(const std::string& what) {
  return failure("query-refused", "queries only read: " + what + " is refused",
                 "select from the views v_* (docs/schema.md); export a copy with `ruaudit db export` to change data");
}

model::Error sql_error(sqlite3* handle, const Guard& guard) {
  if (!guard.refused.empty()) return refusal(guard.refused).value();
  if (guard.is_late)
    return {"query-time", "the query took longer than its time limit", "raise --time-limit or ask for less"};
  return {"query-sql", sqlite3_errmsg(handle), "docs/schema.md lists the views and their columns"};
}

bool is_blank(std::string_view sql) { return sql.find_first_not_of(" \t\r\n;") == std::string_view::npos; }

Result<OwnedStatement> prepare(sqlite3* handle, std::string_view sql, const Guard& guard) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
  OwnedStatement statement(raw);
  if (code != SQLITE_OK) return failure(sql_error(handle, guard));
  if (!statement) return failure("query-sql", "the query is empty", "write one SELECT");
  // A second statement would be left undone without a word; comments after the first are none.
  const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (!is_blank(rest)) {
    sqlite3_stmt* second = nullptr;
    const int rest_code = sqlite3_prepare_v2(handle, rest.data(), static_cast<int>(rest.size()), &second, nullptr);
    const OwnedStatement owner(second);
    if (rest_code != SQLITE_OK || second != nullptr)
      return failure("query-several", "there is more than one statement", "give one SELECT at a time");
  }
  // A second safeguard: SQLite's own opinion, whatever the authorizer has let through.
  if (sqlite3_stmt_readonly(raw) == 0) return refusal("a statement that writes");
  return statement;
}

std::int64_t octets_of(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return static_cast<std::int64_t>(text->size());
  if (const auto* blob = std::get_if<model::Blob>(&cell)) return static_cast<std::int64_t>(blob->octets.size());
  return 8;
}

Result<ResultTable> fetch(sqlite3* handle, sqlite3_stmt* statement, const Guard& guard, const QueryLimits& limits) {
  ResultTable table;
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) {
    const char* name = sqlite3_column_name(statement, i);
    table.columns.emplace_back(name == nullptr ? "" : name);
  }
  std::int64_t octets = 0;
  for (;;) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return table;
    if (code != SQLITE_ROW) return failure(sql_error(handle, guard));
    if (static_cast<std::int64_t>(table.rows.size()) >= limits.rows || octets >= limits.octets) break;
    auto& row = table.rows.emplace_back();
    for (int i = 0; i < columns; ++i) octets += octets_of(row.emplace_back(cell_of(statement, i)));
  }
  table.is_cut = true;
  return table;
}

// Table-valued functions declare a table of their own at first use, which the authorizer could not tell from a CREATE
// TABLE of the query. So those that are allowed are used once before it is set.
void declare_table_functions(sqlite3* handle) {
  for (const char* sql : {"SELECT 1 FROM json_each('[]')", "SELECT 1 FROM json_tree('[]')",
                          "SELECT 1 FROM pragma_table_info('')", "SELECT 1 FROM pragma_table_xinfo('')",
                          "SELECT 1 FROM pragma_table_list", "SELECT 1 FROM pragma_index_list('')",
                          "SELECT 1 FROM pragma_index_info('')", "SELECT 1 FROM pragma_foreign_key_list('')"})
    sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);  // where SQLite lacks one, the query itself will say so
}

}  // namespace

Result<ResultTable> run_query(const std::string& database_path, std::string_view sql, const QueryLimits& limits) {
  if (sql.size() > max_sql) return failure("query-sql", "the query is longer than 1 MiB", "shorten it");
  TRY(auto connection, ReadConnection::open(database_path));
  sqlite3* handle = connection.handle();
  Guard guard;
  guard.deadline = Clock::now() + limits.time;
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, max_value);
  sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, max_pattern);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  declare_table_functions(handle);
  sqlite3_set_authorizer(handle, authorize, &guard);
  sqlite3_progress_handler(handle, progress_every, watch_clock, &guard);
  auto statement = prepare(handle, sql, guard);
  if (!statement) return failure(statement.error());
  return fetch(handle, statement->get(), guard, limits);
}

}  // namespace ruaudit::store
