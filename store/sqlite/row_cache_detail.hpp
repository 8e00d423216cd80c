// An integer made of each row of an interned table, by its id: read once, then remembered. Rows that came together are
// asked for together, so a miss reads the next ones, too.
#pragma once
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

class RowCache {
 public:
  // Makes the integer from the columns behind the id.
  using Pack = std::int64_t (*)(const Statement& row);
  // `select`: id and other columns of a table, all up to WHERE.
  static model::Result<RowCache> create(sqlite3* db, std::string_view select, Pack pack);
  // An error where there is no such row.
  model::Result<std::int64_t> of(std::int64_t id) {
    if (const auto known = values_.find(id); known != values_.end()) return known->second;
    return read(id);
  }
  // After a rollback, and at the begin of a transaction: an id may have come to stand for something else.
  void forget() { values_.clear(); }

 private:
  RowCache(Statement find, Pack pack) : find_(std::move(find)), pack_(pack) {}
  model::Result<std::int64_t> read(std::int64_t id);
  Statement find_;
  Pack pack_;
  std::unordered_map<std::int64_t, std::int64_t> values_;
};

}  // namespace ruaudit::store
