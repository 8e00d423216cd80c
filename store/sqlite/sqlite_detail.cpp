#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

struct CodeText {
  int primary;
  const char* code;
  const char* hint;
};

constexpr CodeText code_table[] = {
    {SQLITE_BUSY, "database-busy", "another program is writing to this file: try again when it has finished"},
    {SQLITE_LOCKED, "database-busy", "another program is writing to this file: try again when it has finished"},
    {SQLITE_FULL, "disk-low",
     "free some space where the database lies and where temporary files go (SQLITE_TMPDIR, else TMPDIR, else "
     "/var/tmp)"},
    {SQLITE_CANTOPEN, "database-open", "check the path and its permissions"},
    {SQLITE_PERM, "database-open", "check the path and its permissions"},
    {SQLITE_READONLY, "database-open",
     "the file or its folder is not writable, which reading needs, too: check the permissions, or read a copy made by "
     "`ruaudit db export`"},
    {SQLITE_NOTADB, "database-foreign", "this file is not an SQLite database: choose another with --db"},
    {SQLITE_CORRUPT, "database-damaged", "restore a backup, or create a new database from the original mails"},
};

// Nobody writes there any more; where the file still has its name, a migration has not come to its end.
const char* seal_hint(sqlite3* connection) {
  return has_moved(connection) ? "the migrated file has taken its place: start this program again"
                               : "the migration was interrupted: 'ruaudit db migrate' of that version ends it";
}

}  // namespace

model::Error sqlite_error(sqlite3* connection, int result_code, std::string_view doing) {
  const char* text = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(result_code);
  model::Error error{"database", std::string(doing) + ": " + text, {}};
  for (const auto& row : code_table)
    if (row.primary == (result_code & 0xff)) {
      error.code = row.code;
      error.hint = row.hint;
    }
  if ((result_code & 0xff) == SQLITE_CONSTRAINT && std::string_view(text).starts_with(seal_text)) {
    error.code = "database-sealed";
    error.hint = seal_hint(connection);
  }
  return error;
}

Status execute(sqlite3* connection, const char* sql) {
  const int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return model::failure(sqlite_error(connection, code, std::string_view(sql).substr(0, 80)));
  return {};
}

model::Result<std::int64_t> query_integer(sqlite3* connection, const char* sql) {
  TRY(auto statement, Statement::prepare(connection, sql));
  TRY(const bool has_row, statement.step());
  if (!has_row) return model::failure("database", std::string("no row: ") + sql);
  return statement.integer(0);
}

model::Result<std::vector<std::string>> query_texts(sqlite3* connection, const char* sql) {
  std::vector<std::string> texts;
  TRY(auto statement, Statement::prepare(connection, sql));
  while (true) {
    TRY(const bool has_row, statement.step());
    if (!has_row) return texts;
    texts.emplace_back(statement.text(0));
  }
}

bool has_moved(sqlite3* connection) {
  int moved = 0;
  return sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

model::Result<Statement> Statement::prepare(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  if (code != SQLITE_OK) return model::failure(sqlite_error(connection, code, sql.substr(0, 80)));
  return Statement(handle);
}

model::Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const model::Error failed = error("step", code);
  sqlite3_reset(handle_.get());
  return model::failure(failed);
}

Status Statement::run() {
  const int code = run_fast();
  if (code != SQLITE_OK) return model::failure(error("step", code));
  return {};
}

std::string_view Statement::text(int column) const {
  const auto* octets = sqlite3_column_text(handle_.get(), column);
  if (octets == nullptr) return {};
  return {reinterpret_cast<const char*>(octets), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* octets = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  return {octets, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

model::Error Statement::error(std::string_view doing, int code) const {
  const std::string_view sql = sqlite3_sql(handle_.get());
  return sqlite_error(sqlite3_db_handle(handle_.get()), code,
                      std::string(doing) + " '" + std::string(sql.substr(0, 60)) + "'");
}

}  // namespace ruaudit::store
