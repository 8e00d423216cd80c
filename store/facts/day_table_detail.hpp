// A roll-up by domain and day whose other columns are integers, those of its key first: stream_day, source_day,
// verdict_day. Its rows of one day are replaced by others; what stays as it was is not written.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sqlite/row_inserts.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

using DomainDay = std::pair<std::int64_t, std::string>;

class DayTable {
 public:
  struct Shape {
    std::string_view name;
    std::size_t keys, columns;  // besides domain and day; columns: those of the key and all others
  };
  static model::Result<DayTable> create(sqlite3* db, const Shape& shape);

  // `rows`: value by value, each row once, in the order of their keys.
  Status replace(const DomainDay& day, const std::vector<std::int64_t>& rows);
  // Whether the last replace() wrote anything.
  [[nodiscard]] bool has_changed() const { return !fresh_.empty() || !gone_.empty(); }
  // The same in pieces: first clear(), then append() as often as there are pieces.
  Status clear(const DomainDay& day);
  Status append(const DomainDay& day, const std::vector<std::int64_t>& rows);

 private:
  struct Statements {
    Statement select, remove, clear;
  };
  DayTable(const Shape& shape, Statements statements, RowInserts inserts)
      : shape_(shape), statements_(std::move(statements)), inserts_(std::move(inserts)) {}
  Status compare(const DomainDay& day, const std::vector<std::int64_t>& rows);
  void compare_row(const std::vector<std::int64_t>& rows, std::size_t& next);
  Status insert(const DomainDay& day, const std::vector<std::int64_t>& rows);

  Shape shape_;
  Statements statements_;
  RowInserts inserts_;
  // Of the day that is replaced: where the rows begin that are to be inserted, and the keys of those to be removed.
  std::vector<std::size_t> fresh_;
  std::vector<std::int64_t> gone_;
};

}  // namespace ruaudit::store
