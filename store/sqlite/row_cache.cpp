#include "store/sqlite/row_cache_detail.hpp"

#include <string>

namespace ruaudit::store {
namespace {

constexpr std::size_t most_cached_rows = 65'536;  // about 3 MiB
constexpr std::int64_t rows_read_together = 16;

}  // namespace

model::Result<RowCache> RowCache::create(sqlite3* db, std::string_view select, Pack pack) {
  TRY(auto find, Statement::prepare(db, std::string(select) + " WHERE id BETWEEN ?1 AND ?2"));
  return RowCache(std::move(find), pack);
}

model::Result<std::int64_t> RowCache::read(std::int64_t id) {
  if (values_.size() >= most_cached_rows) values_.clear();
  find_.bind(1, id).bind(2, id + rows_read_together - 1);
  ResetAtEnd reset(find_);
  while (true) {
    TRY(const bool has_row, find_.step());
    if (!has_row) break;
    values_.emplace(find_.integer(0), pack_(find_));
  }
  if (const auto found = values_.find(id); found != values_.end()) return found->second;
  return model::failure("database-damaged", "a record refers to the missing row " + std::to_string(id),
                        "restore a backup, or create a new database from the original mails");
}

}  // namespace ruaudit::store
