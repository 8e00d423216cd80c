// RAII around SQLite for the .cpp files of this stage: a connection, a prepared statement, errors as model::Error.
// Text and blobs are bound without a copy: they must live until the statement has been reset.
#pragma once
#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::store {

using Status = model::Result<void>;

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

// The last error of the connection as an Error whose code follows from the result code; `doing` says what failed.
model::Error sqlite_error(sqlite3* connection, int result_code, std::string_view doing);

// Runs SQL text that yields no rows.
Status execute(sqlite3* connection, const char* sql);
// The integer in the first column of the first row; an error when there is no row.
model::Result<std::int64_t> query_integer(sqlite3* connection, const char* sql);
// The first column of every row.
model::Result<std::vector<std::string>> query_texts(sqlite3* connection, const char* sql);

// Another file has taken the place of the one that is open: it was migrated, or restored.
bool has_moved(sqlite3* connection);

// What a program is told that would change a row of a file that was migrated (store/sqlite/replacement.hpp); the schema
// version follows.
inline constexpr const char* seal_text = "this file was sealed for its migration to schema version";

// Runs work() in one transaction, rolled back when it fails.
template <class Work>
Status in_transaction(sqlite3* connection, const Work& work) {
  TRY_VOID(execute(connection, "BEGIN IMMEDIATE"));
  Status done = work();
  if (done) done = execute(connection, "COMMIT");
  if (!done) sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

class Statement {
 public:
  static model::Result<Statement> prepare(sqlite3* connection, std::string_view sql);

  Statement& bind(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_.get(), index, value);
    return *this;
  }
  Statement& bind(int index, std::string_view text) {
    // A null pointer would bind NULL, which an empty text is not.
    sqlite3_bind_text(handle_.get(), index, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
    return *this;
  }
  // The text is not copied: a temporary would be gone when the rows are read.
  template <class Text>
  requires std::same_as<Text, std::string> Statement& bind(int index, Text&& text) = delete;
  Statement& bind_optional(int index, const std::optional<std::string>& text) {
    return text ? bind(index, std::string_view(*text)) : bind_null(index);
  }
  Statement& bind_optional(int index, std::optional<std::string_view> text) {
    return text ? bind(index, *text) : bind_null(index);
  }
  Statement& bind_optional(int index, std::optional<std::int64_t> value) {
    return value ? bind(index, *value) : bind_null(index);
  }
  Statement& bind_blob(int index, std::span<const std::uint8_t> octets) {
    sqlite3_bind_blob(handle_.get(), index, octets.data(), static_cast<int>(octets.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& bind_null(int index) {
    sqlite3_bind_null(handle_.get(), index);
    return *this;
  }

  // One step: true when there is a row.
  model::Result<bool> step();
  // Runs to the end and resets.
  Status run();
  // The same without an Error object: a SQLite result code, SQLITE_OK when all succeeded.
  int run_fast() {
    const int code = sqlite3_step(handle_.get());
    const int reset = sqlite3_reset(handle_.get());
    return code == SQLITE_DONE ? SQLITE_OK : (reset != SQLITE_OK ? reset : code);
  }
  void reset() { sqlite3_reset(handle_.get()); }

  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
  [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }
  [[nodiscard]] model::Error error(std::string_view doing, int code) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Resets a statement at the end of a scope in which its rows are read.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

}  // namespace ruaudit::store
