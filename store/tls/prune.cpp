#include "store/tls/prune.hpp"

#include <algorithm>
#include <array>

#include "store/tls/rows.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view next_sql = "SELECT id FROM tls_report WHERE day < ? ORDER BY id LIMIT 500";

// ?1: the report. Items that brought no other data.
constexpr std::string_view items_sql =
    "SELECT DISTINCT a.ledger_id FROM ledger_part a WHERE a.tls_id = ?1 AND NOT EXISTS (SELECT 1 FROM ledger_part b "
    "WHERE"
    " b.ledger_id = a.ledger_id AND (b.outcome = 'kept' OR b.failure_id IS NOT NULL OR b.report_id IS NOT NULL OR"
    " (b.tls_id IS NOT NULL AND b.tls_id <> ?1)))";

constexpr std::array<std::string_view, 3> forget_item_sql = {
    "DELETE FROM original_chunk WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215",
    "DELETE FROM carrier_check WHERE ledger_id = ?1", "DELETE FROM original WHERE ledger_id = ?1"};

model::Result<std::vector<std::int64_t>> keys_of(Statement& select) {
  std::vector<std::int64_t> keys;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return keys;
    keys.push_back(select.integer(0));
  }
}

class Pruner {
 public:
  static model::Result<Pruner> create(sqlite3* db) {
    TRY(auto rows, TlsRows::create(db));
    TRY(auto items, Statement::prepare(db, items_sql));
    std::vector<Statement> forget;
    for (const auto sql : forget_item_sql) {
      TRY(auto one, Statement::prepare(db, sql));
      forget.push_back(std::move(one));
    }
    TRY(auto group, Statement::prepare(db, "SELECT group_key FROM tls_report WHERE id = ?"));
    TRY(auto shipped, Statement::prepare(db, "DELETE FROM outbox WHERE identity_key = ? AND report_id = ?"));
    return Pruner(std::move(rows), std::move(items), std::move(forget), std::move(group), std::move(shipped));
  }

  Status remove(std::int64_t key) {
    std::vector<std::int64_t> items;
    {
      ResetAtEnd reset(items_);
      items_.bind(1, key);
      TRY(items, keys_of(items_));
    }
    for (const std::int64_t item : items)
      for (Statement& statement : forget_) TRY_VOID(statement.bind(1, item).run());
    TRY(const Digest group, group_of(key));
    TRY(const Digest identity, rows_.remove(key));
    TRY_VOID(forget_shipped_.bind_blob(1, group).bind(2, key).run());
    TRY_VOID(rows_.recount(identity));
    return rows_.redirect_parts(key, 0);
  }

 private:
  Pruner(TlsRows rows, Statement items, std::vector<Statement> forget, Statement group, Statement forget_shipped)
      : rows_(std::move(rows)),
        items_(std::move(items)),
        forget_(std::move(forget)),
        group_(std::move(group)),
        forget_shipped_(std::move(forget_shipped)) {}

  model::Result<Digest> group_of(std::int64_t key) {
    ResetAtEnd reset(group_);
    Digest group{};
    TRY(const bool has_row, group_.bind(1, key).step());
    if (!has_row) return group;
    const auto octets = group_.blob(0);
    std::copy_n(octets.begin(), std::min(octets.size(), group.size()), group.begin());
    return group;
  }

  TlsRows rows_;
  Statement items_;
  std::vector<Statement> forget_;
  Statement group_, forget_shipped_;  // removed here, but not from the cluster
};

}  // namespace

Status prune_tls(Database& database, const std::string& first_day_kept) {
  sqlite3* db = database.handle();
  TRY(auto pruner, Pruner::create(db));
  TRY(auto next, Statement::prepare(db, next_sql));
  while (true) {
    std::vector<std::int64_t> keys;
    {
      ResetAtEnd reset(next);
      next.bind(1, first_day_kept);
      TRY(keys, keys_of(next));
    }
    if (keys.empty()) return {};
    TRY_VOID(in_transaction(db, [&]() -> Status {
      for (const std::int64_t key : keys) TRY_VOID(pruner.remove(key));
      return {};
    }));
    TRY_VOID(database.checkpoint_if_due());
  }
}

}  // namespace ruaudit::store
