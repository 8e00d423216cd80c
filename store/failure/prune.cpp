#include "store/failure/prune.hpp"

#include <array>
#include <vector>

#include "store/failure/erase.hpp"
#include "store/failure/kept_original.hpp"
#include "store/failure/rows.hpp"

namespace ruaudit::store {
namespace {

constexpr std::int64_t reports_per_transaction = 500;

constexpr std::array result_table = {
    "DELETE FROM failure_dns WHERE result_id IN (SELECT id FROM failure_result WHERE failure_id = ?)",
    "DELETE FROM failure_evidence_line WHERE result_id IN (SELECT id FROM failure_result WHERE failure_id = ?)",
    "DELETE FROM failure_result WHERE failure_id = ?",
    "DELETE FROM failure_signature WHERE failure_id = ?",
    "UPDATE ledger_part SET failure_id = NULL WHERE failure_id = ?",
};

model::Result<std::vector<std::int64_t>> keys_of(Statement& select) {
  std::vector<std::int64_t> keys;
  ResetAtEnd reset(select);
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return keys;
    keys.push_back(select.integer(0));
  }
}

Status remove_originals(Database& database, std::int64_t failure_key, const Redactor& redactor) {
  TRY(auto select,
      Statement::prepare(database.handle(), "SELECT DISTINCT ledger_id FROM ledger_part WHERE failure_id = ?"));
  TRY(const auto items, keys_of(select.bind(1, failure_key)));
  for (const auto item : items) TRY_VOID(reduce_original(database, item, SamplePolicy::none, redactor));
  return {};
}

Status remove_reports(Database& database, FailureRows& rows, const std::vector<std::int64_t>& keys) {
  for (const auto key : keys) {
    TRY_VOID(remove_originals(database, key, rows.redactor()));
    for (const char* sql : result_table) {
      TRY(auto remove, Statement::prepare(database.handle(), sql));
      TRY_VOID(remove.bind(1, key).run());
    }
    TRY_VOID(rows.remove(key));
  }
  return note_erasure(database.handle(), Erasure::all);
}

}  // namespace

model::Result<std::int64_t> prune_failures(Database& database, const std::string& first_day_kept) {
  sqlite3* db = database.handle();
  TRY(auto rows, FailureRows::create(db));
  TRY(auto select, Statement::prepare(db, "SELECT id FROM failure_report WHERE day < ? ORDER BY id LIMIT ?"));
  std::int64_t number = 0;
  while (true) {
    TRY(const auto keys, keys_of(select.bind(1, first_day_kept).bind(2, reports_per_transaction)));
    if (keys.empty()) break;
    TRY_VOID(in_transaction(db, [&] { return remove_reports(database, rows, keys); }));
    number += static_cast<std::int64_t>(keys.size());
    TRY_VOID(database.checkpoint_if_due());
  }
  TRY_VOID(erase(database));
  return number;
}

}  // namespace ruaudit::store
