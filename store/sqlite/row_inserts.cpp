#include "store/sqlite/row_inserts.hpp"

namespace ruaudit::store {
namespace {

std::string text_for(std::string_view insert, int columns, std::size_t rows) {
  std::string row = "(?";
  for (int column = 1; column < columns; ++column) row += ",?";
  row += ")";
  std::string sql(insert);
  for (std::size_t i = 0; i < rows; ++i) (sql += i == 0 ? " VALUES " : ",") += row;
  return sql;
}

}  // namespace

model::Result<RowInserts> RowInserts::prepare(sqlite3* db, std::string_view insert, int columns) {
  const auto prepared = [&](std::size_t rows) { return Statement::prepare(db, text_for(insert, columns, rows)); };
  TRY(auto most, prepared(sizes[0]));
  TRY(auto many, prepared(sizes[1]));
  TRY(auto few, prepared(sizes[2]));
  TRY(auto one, prepared(sizes[3]));
  return RowInserts({std::move(most), std::move(many), std::move(few), std::move(one)});
}

RowInserts::Some RowInserts::next(std::size_t left) {
  std::size_t at = 0;
  while (sizes[at] > left) ++at;
  return {statements_[at], sizes[at]};
}

}  // namespace ruaudit::store
