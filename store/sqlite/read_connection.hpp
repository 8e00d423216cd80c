// A read-only connection and its statements, for the queries that live beside the writer. RAII over SQLite's handles;
// every return code is checked, the first error of a statement is kept and told by step(). One thread.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace ruaudit::store {

class ReadConnection {
 public:
  // Opens an existing database; errors "database-open", "database-foreign" (not a database of ruaudit),
  // "database-older", "database-newer" (store/sqlite/migration.hpp).
  static model::Result<ReadConnection> open(const std::string& path);
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  [[nodiscard]] model::Error error(std::string_view doing) const;  // SQLite's last error, code "database"
  // Constant SQL without a result.
  model::Result<void> execute(const char* sql) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  explicit ReadConnection(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, Close> handle_;
};

class ReadStatement {
 public:
  static model::Result<ReadStatement> prepare(const ReadConnection& connection, std::string_view sql);

  // Parameters count from 1, columns from 0. Bind before the first step or after reset().
  ReadStatement& bind(int parameter, std::int64_t value);
  ReadStatement& bind(int parameter, std::string_view value);
  // True while there is a row.
  model::Result<bool> step();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // valid until the next step; empty for NULL
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  ReadStatement(const ReadConnection& connection, sqlite3_stmt* handle) : connection_(&connection), handle_(handle) {}
  void note(int code);
  const ReadConnection* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  std::optional<model::Error> error_;
};

// Calls take(statement) for each row.
template <class Take>
model::Result<void> for_each_row(ReadStatement& statement, Take take) {
  for (;;) {
    TRY(const bool has_row, statement.step());
    if (!has_row) break;
    take(statement);
  }
  statement.reset();
  return {};
}

}  // namespace ruaudit::store
