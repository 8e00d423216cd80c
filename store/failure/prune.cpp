#include "store/failure/prune.hpp"

#include <array>
#include <vector>

#include "model/part_path.hpp"
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

// A text that is XML or JSON but no report is booked as an aggregate or TLS report that was rejected.
constexpr const char* letters_sql =
    "SELECT o.ledger_id FROM original o JOIN ledger l ON l.id = o.ledger_id WHERE o.ledger_id > ?1 AND l.received <"
    " strftime('%s', ?3) + 0 AND NOT EXISTS (SELECT 1 FROM ledger_part q WHERE q.ledger_id = o.ledger_id AND"
    " (q.failure_id IS NOT NULL OR (o.extent = 'full' AND (q.report_id IS NOT NULL OR q.tls_id IS NOT NULL OR"
    " q.outcome = 'kept' OR (q.kind IN ('aggregate', 'tls') AND coalesce(q.code, '') NOT IN ('wrong-root', 'doctype',"
    " 'not-a-tls-report'))))))"
    " ORDER BY o.ledger_id LIMIT ?2";

Status hide_names(sqlite3* db, std::int64_t ledger_key) {
  TRY(auto select, Statement::prepare(db, "SELECT part, path FROM ledger_part WHERE ledger_id = ?"));
  TRY(auto update, Statement::prepare(db, "UPDATE ledger_part SET path = ?3 WHERE ledger_id = ?1 AND part = ?2"));
  select.bind(1, ledger_key);
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return {};
    const std::string path = model::path_without_names(select.text(1));  // must outlive the run
    update.bind(1, ledger_key).bind(2, select.integer(0)).bind(3, path);
    TRY_VOID(update.run());
  }
}

}  // namespace

Status prune_letters(Database& database, const std::string& first_day_kept) {
  sqlite3* db = database.handle();
  TRY(const auto redactor, load_redactor(db));
  TRY(auto select, Statement::prepare(db, letters_sql));
  std::int64_t last = 0;
  while (true) {
    TRY(const auto keys, keys_of(select.bind(1, last).bind(2, reports_per_transaction).bind(3, first_day_kept)));
    if (keys.empty()) return {};
    TRY_VOID(in_transaction(db, [&]() -> Status {
      for (const auto key : keys) {
        TRY_VOID(reduce_original(database, key, SamplePolicy::none, redactor));
        TRY_VOID(hide_names(db, key));
      }
      return note_erasure(db, Erasure::pending);
    }));
    TRY_VOID(database.checkpoint_if_due());
    last = keys.back();
  }
}

model::Result<std::int64_t> prune_failures(Database& database, const std::string& first_day_kept) {
  sqlite3* db = database.handle();
  TRY(auto rows, FailureRows::create(db));
  TRY(auto select, Statement::prepare(db, "SELECT id FROM failure_report WHERE day < ? ORDER BY id LIMIT ?"));
  TRY_VOID(prune_letters(database, first_day_kept));
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
