// One INSERT, prepared for several numbers of rows: a statement for many rows costs half of as many statements for one.
#pragma once
#include <array>
#include <string_view>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

class RowInserts {
 public:
  // `insert`: all up to VALUES; `columns`: parameters of a row.
  static model::Result<RowInserts> prepare(sqlite3* db, std::string_view insert, int columns);

  struct Some {
    Statement& statement;
    std::size_t rows;  // that the statement takes, at most those asked for
  };
  // For the next of `left` rows, which are at least one.
  Some next(std::size_t left);

 private:
  static constexpr std::array<std::size_t, 4> sizes = {32, 8, 2, 1};
  explicit RowInserts(std::array<Statement, sizes.size()> statements) : statements_(std::move(statements)) {}
  std::array<Statement, sizes.size()> statements_;
};

}  // namespace ruaudit::store
