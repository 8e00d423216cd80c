#include "store/sqlite/row_comparison.hpp"

#include <cstring>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

bool is_same_value(sqlite3_stmt* one, sqlite3_stmt* other, int column) {
  const int type = sqlite3_column_type(one, column);
  if (type != sqlite3_column_type(other, column)) return false;
  if (type == SQLITE_NULL) return true;
  if (type == SQLITE_INTEGER) return sqlite3_column_int64(one, column) == sqlite3_column_int64(other, column);
  if (type == SQLITE_FLOAT) return sqlite3_column_double(one, column) == sqlite3_column_double(other, column);
  const void* const octets = sqlite3_column_blob(one, column);
  const void* const others = sqlite3_column_blob(other, column);
  const int size = sqlite3_column_bytes(one, column);
  return size == sqlite3_column_bytes(other, column) &&
         (size == 0 || std::memcmp(octets, others, static_cast<std::size_t>(size)) == 0);
}

}  // namespace

bool is_same_row(const Statement& one, const Statement& other, int columns) {
  for (int column = 0; column < columns; ++column)
    if (!is_same_value(one.handle(), other.handle(), column)) return false;
  return true;
}

model::Result<bool> give_same_rows(sqlite3* db, std::string_view one, std::string_view other) {
  TRY(auto first, Statement::prepare(db, one));
  TRY(auto second, Statement::prepare(db, other));
  const int columns = sqlite3_column_count(first.handle());
  while (true) {
    TRY(const bool has_row, first.step());
    TRY(const bool has_other, second.step());
    if (!has_row || !has_other) return has_row == has_other;
    if (!is_same_row(first, second, columns)) return false;
  }
}

}  // namespace ruaudit::store
