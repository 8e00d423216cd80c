#include "store/sqlite/read_connection.hpp"

#include <sqlite3.h>

#include "store/sqlite/file_kind.hpp"
#include "store/sqlite/schema_version.hpp"

namespace ruaudit::store {

using model::failure;
using model::Result;

void ReadConnection::Close::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
void ReadStatement::Finalize::operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }

model::Error ReadConnection::error(std::string_view doing) const {
  return {"database", std::string(doing) + ": " + sqlite3_errmsg(handle_.get()),
          "run `ruaudit db check`; a damaged file is restored from a backup"};
}

Result<ReadConnection> ReadConnection::open(const std::string& path) {
  TRY_VOID(check_is_file(path));
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  ReadConnection connection(raw);
  if (code != SQLITE_OK || raw == nullptr)
    return failure("database-open", path + ": " + (raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)),
                   "name the file with --db; `ruaudit ingest` creates it");
  sqlite3_busy_timeout(raw, 60'000);
  TRY_VOID(connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -32768"));
  auto probe = ReadStatement::prepare(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'domain_month_source'");
  if (!probe) return failure("database-foreign", path + ": " + sqlite3_errmsg(raw), "name a database of ruaudit");
  TRY(const bool is_ours, probe->step());
  if (!is_ours)
    return failure("database-foreign", path + " is not a database of ruaudit", "name the right one with --db");
  TRY(auto version, ReadStatement::prepare(connection, "PRAGMA user_version"));
  TRY_VOID(version.step());
  if (auto fits = check_version(version.integer(0)); !fits) return failure(fits.error().in(path));
  return connection;
}

Result<void> ReadConnection::execute(const char* sql) const {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(error("database"));
  return {};
}

Result<ReadStatement> ReadStatement::prepare(const ReadConnection& connection, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) return failure(connection.error("preparing a query"));
  return ReadStatement(connection, raw);
}

void ReadStatement::note(int code) {
  if (code != SQLITE_OK && !error_) error_ = connection_->error("binding a value");
}

ReadStatement& ReadStatement::bind(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(handle_.get(), parameter, value));
  return *this;
}

ReadStatement& ReadStatement::bind(int parameter, std::string_view value) {
  note(sqlite3_bind_text(handle_.get(), parameter, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
  return *this;
}

Result<bool> ReadStatement::step() {
  if (error_) return failure(*error_);
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure(connection_->error("reading"));
}

void ReadStatement::reset() { sqlite3_reset(handle_.get()); }

std::int64_t ReadStatement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

std::string_view ReadStatement::text(int column) const {
  const auto* octets = sqlite3_column_text(handle_.get(), column);
  if (octets == nullptr) return {};
  return {reinterpret_cast<const char*>(octets), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool ReadStatement::is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

std::optional<std::int64_t> ReadStatement::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

}  // namespace ruaudit::store
