#include "store/facts/day_table_detail.hpp"

#include <algorithm>

namespace ruaudit::store {
namespace {

constexpr int day_columns = 2;  // domain and day, which come first in every table

// The key's own columns, by the names of the table: " AND c2 = ?3 AND c3 = ?4", " ORDER BY c2, c3".
struct KeyTexts {
  std::string condition, order;
};

model::Result<KeyTexts> key_texts(sqlite3* db, const DayTable::Shape& shape) {
  const std::string names =
      "SELECT name FROM pragma_table_info('" + std::string(shape.name) + "') WHERE pk > 2 ORDER BY pk";
  TRY(const auto columns, query_texts(db, names.c_str()));
  KeyTexts texts;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    texts.condition += " AND " + columns[i] + " = ?" + std::to_string(i + 1 + day_columns);
    texts.order += (i == 0 ? " ORDER BY " : ", ") + columns[i];
  }
  return texts;
}

Statement& bind_day(Statement& statement, const DomainDay& day) {
  return statement.bind(1, day.first).bind(2, day.second);
}

}  // namespace

// OR ROLLBACK: an error ends the whole transaction anyhow, and SQLite need not keep the former state of the pages that
// a statement of several rows changes.
model::Result<DayTable> DayTable::create(sqlite3* db, const Shape& shape) {
  const std::string name(shape.name), of_day = " WHERE domain_id = ?1 AND day = ?2";
  TRY(const auto key, key_texts(db, shape));
  TRY(auto select, Statement::prepare(db, "SELECT * FROM " + name + of_day + key.order));
  TRY(auto remove, Statement::prepare(db, "DELETE FROM " + name + of_day + key.condition));
  TRY(auto clear, Statement::prepare(db, "DELETE FROM " + name + of_day));
  TRY(auto inserts,
      RowInserts::prepare(db, "INSERT OR ROLLBACK INTO " + name, day_columns + static_cast<int>(shape.columns)));
  return DayTable(shape, {std::move(select), std::move(remove), std::move(clear)}, std::move(inserts));
}

Status DayTable::replace(const DomainDay& day, const std::vector<std::int64_t>& rows) {
  fresh_.clear();
  gone_.clear();
  TRY_VOID(compare(day, rows));
  Statement& remove = bind_day(statements_.remove, day);
  for (auto key = gone_.begin(); key != gone_.end();) {
    for (std::size_t i = 0; i < shape_.keys; ++i) remove.bind(static_cast<int>(i) + 1 + day_columns, *key++);
    TRY_VOID(remove.run());
  }
  return insert(day, rows);
}

Status DayTable::clear(const DomainDay& day) { return bind_day(statements_.clear, day).run(); }

Status DayTable::append(const DomainDay& day, const std::vector<std::int64_t>& rows) {
  fresh_.clear();
  for (std::size_t at = 0; at < rows.size(); at += shape_.columns) fresh_.push_back(at);
  return insert(day, rows);
}

// Both sides come in the order of their keys.
Status DayTable::compare(const DomainDay& day, const std::vector<std::int64_t>& rows) {
  Statement& select = bind_day(statements_.select, day);
  ResetAtEnd reset(select);
  std::size_t next = 0;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) break;
    compare_row(rows, next);
  }
  for (; next < rows.size(); next += shape_.columns) fresh_.push_back(next);
  return {};
}

void DayTable::compare_row(const std::vector<std::int64_t>& rows, std::size_t& next) {
  std::vector<std::int64_t> former;
  former.reserve(shape_.columns);
  for (std::size_t i = 0; i < shape_.columns; ++i)
    former.push_back(statements_.select.integer(static_cast<int>(i) + day_columns));
  const auto keys = static_cast<std::ptrdiff_t>(shape_.keys);
  const auto row = [&rows](std::size_t at) { return rows.begin() + static_cast<std::ptrdiff_t>(at); };
  const auto comes_before = [&](std::size_t at) {
    return std::lexicographical_compare(row(at), row(at) + keys, former.begin(), former.begin() + keys);
  };
  for (; next < rows.size() && comes_before(next); next += shape_.columns) fresh_.push_back(next);
  const bool is_known = next < rows.size() && std::equal(former.begin(), former.begin() + keys, row(next));
  const bool is_same = is_known && std::equal(former.begin(), former.end(), row(next));
  if (!is_same) gone_.insert(gone_.end(), former.begin(), former.begin() + keys);
  if (is_known && !is_same) fresh_.push_back(next);
  if (is_known) next += shape_.columns;
}

Status DayTable::insert(const DomainDay& day, const std::vector<std::int64_t>& rows) {
  for (auto place = fresh_.begin(); place != fresh_.end();) {
    const auto some = inserts_.next(static_cast<std::size_t>(fresh_.end() - place));
    int parameter = 0;
    for (std::size_t n = 0; n < some.rows; ++n, ++place) {
      some.statement.bind(++parameter, day.first);
      some.statement.bind(++parameter, day.second);
      for (std::size_t i = 0; i < shape_.columns; ++i) some.statement.bind(++parameter, rows[*place + i]);
    }
    if (const int code = some.statement.run_fast(); code != SQLITE_OK)
      return model::failure(some.statement.error("roll-up", code));
  }
  return {};
}

}  // namespace ruaudit::store
