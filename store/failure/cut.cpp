#include "store/failure/cut.hpp"

#include <vector>

#include "model/fail_point.hpp"
#include "model/part_path.hpp"
#include "store/failure/erase.hpp"
#include "store/failure/kept_original.hpp"
#include "store/failure/prune.hpp"
#include "store/failure/reader.hpp"
#include "store/failure/results.hpp"
#include "store/failure/rows.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::int64_t reports_per_transaction = 500;

// Verified, or of a kind that never is.
constexpr const char* due_reports_sql =
    "SELECT f.id FROM failure_report f WHERE f.sample_state = 'pending_verification' AND f.id > ?1 AND (f.kind <>"
    " 'auth-failure' OR EXISTS (SELECT 1 FROM failure_result r WHERE r.failure_id = f.id AND r.is_current = 1))"
    " ORDER BY f.id LIMIT ?2";

// Items all of whose reports have been cut, and which have not.
constexpr const char* due_originals_sql =
    "SELECT q.ledger_id, max(CASE f.sample_policy WHEN 'full' THEN 0 WHEN 'headers' THEN 1 WHEN 'redacted' THEN 2 ELSE "
    "3"
    " END) FROM ledger_part q JOIN original o ON o.ledger_id = q.ledger_id JOIN failure_report f ON f.id = q.failure_id"
    " WHERE q.failure_id IS NOT NULL AND o.sample_policy IS NULL AND q.ledger_id > ?1"
    " GROUP BY q.ledger_id HAVING sum(f.sample_state = 'pending_verification') = 0 ORDER BY q.ledger_id LIMIT ?2";

constexpr const char* originals_of_report_sql =
    "SELECT DISTINCT q.ledger_id, ?2 FROM ledger_part q JOIN original o ON o.ledger_id = q.ledger_id"
    " WHERE q.failure_id = ?1";

constexpr const char* old_reports_sql =
    "SELECT id FROM failure_report WHERE sample_state <> 'pruned' AND id > ?1 AND day < ?3 ORDER BY id LIMIT ?2";

struct Due {
  std::int64_t key = 0;
  std::int64_t policy = 0;  // of an original
};

class Cutter {
 public:
  static model::Result<Cutter> create(Database& database) {
    TRY(auto rows, FailureRows::create(database.handle()));
    return Cutter(database, std::move(rows));
  }

  model::Result<bool> cut(std::int64_t failure_key, std::optional<SamplePolicy> wanted);
  Status hide_names(std::int64_t failure_key);
  Status cut_original(std::int64_t ledger_key, SamplePolicy policy);
  Status cut_originals_of(std::int64_t failure_key, SamplePolicy policy);
  model::Result<std::vector<Due>> list(Statement& select) const;
  model::Result<std::int64_t> cut_due_reports();
  Status cut_due_originals();
  model::Result<std::int64_t> prune(const std::string& first_day_kept);
  [[nodiscard]] sqlite3* db() const { return database_->handle(); }

 private:
  Cutter(Database& database, FailureRows rows) : database_(&database), rows_(std::move(rows)) {}
  Database* database_;
  FailureRows rows_;
};

model::Result<bool> Cutter::cut(std::int64_t failure_key, std::optional<SamplePolicy> wanted) {
  TRY(const auto stored, load_failure(*database_, failure_key));
  const bool is_pending = stored.state == SampleState::pending_verification;
  SamplePolicy policy = wanted.value_or(stored.policy);
  if (!is_pending) policy = stricter(policy, stored.policy);
  if (!is_pending && policy == stored.policy) return false;
  TRY_VOID(rows_.reduce(failure_key, stored.report, policy));
  TRY_VOID(reduce_results(db(), failure_key, policy, rows_.redactor()));
  if (!permits_bodies(policy)) TRY_VOID(hide_names(failure_key));
  // A stricter policy than the claims were written with takes words out of the kept tables, too.
  const bool takes_words = !is_pending || (policy != stored.policy && !permits_words(policy));
  if (policy != SamplePolicy::full) TRY_VOID(note_erasure(db(), takes_words ? Erasure::all : Erasure::pending));
  return true;
}

// File names of the mail, in the way to a part of it.
Status Cutter::hide_names(std::int64_t failure_key) {
  const struct {
    const char* select;
    const char* update;
  } table[] = {
      {"SELECT id, 0, part FROM failure_report WHERE id = ?", "UPDATE failure_report SET part = ?3 WHERE id = ?1"},
      {"SELECT ledger_id, part, path FROM ledger_part WHERE failure_id = ?",
       "UPDATE ledger_part SET path = ?3 WHERE ledger_id = ?1 AND part = ?2"}};
  for (const auto& one : table) {
    TRY(auto select, Statement::prepare(db(), one.select));
    TRY(auto update, Statement::prepare(db(), one.update));
    select.bind(1, failure_key);
    while (true) {
      TRY(const bool has_row, select.step());
      if (!has_row) break;
      const std::string path(select.text(2));
      const std::string shown = model::path_without_names(path);
      if (shown == path) continue;
      update.bind(1, select.integer(0)).bind(3, shown);
      if (sqlite3_bind_parameter_count(update.handle()) > 2 && &one != table) update.bind(2, select.integer(1));
      TRY_VOID(update.run());
    }
  }
  return {};
}

Status Cutter::cut_original(std::int64_t ledger_key, SamplePolicy policy) {
  TRY(const bool went, reduce_original(*database_, ledger_key, policy, rows_.redactor()));
  return went ? note_erasure(db(), Erasure::pending) : Status{};
}

model::Result<std::vector<Due>> Cutter::list(Statement& select) const {
  std::vector<Due> due;
  ResetAtEnd reset(select);
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return due;
    due.push_back({select.integer(0), sqlite3_column_count(select.handle()) > 1 ? select.integer(1) : 0});
  }
}

Status Cutter::cut_originals_of(std::int64_t failure_key, SamplePolicy policy) {
  TRY(auto select, Statement::prepare(db(), originals_of_report_sql));
  select.bind(1, failure_key).bind(2, static_cast<std::int64_t>(policy));
  TRY(const auto originals, list(select));
  for (const Due& original : originals) TRY_VOID(cut_original(original.key, policy));
  return {};
}

model::Result<std::int64_t> Cutter::cut_due_reports() {
  TRY(auto select, Statement::prepare(db(), due_reports_sql));
  std::int64_t last = 0, number = 0;
  while (true) {
    TRY(const auto due, list(select.bind(1, last).bind(2, reports_per_transaction)));
    if (due.empty()) return number;
    TRY_VOID(in_transaction(db(), [&]() -> Status {
      for (const Due& report : due) TRY_VOID(cut(report.key, std::nullopt));
      RUAUDIT_FAIL_POINT("store.cut");
      return {};
    }));
    TRY_VOID(database_->checkpoint_if_due());
    last = due.back().key;
    number += static_cast<std::int64_t>(due.size());
  }
}

Status Cutter::cut_due_originals() {
  TRY(auto select, Statement::prepare(db(), due_originals_sql));
  std::int64_t last = 0;
  while (true) {
    TRY(const auto due, list(select.bind(1, last).bind(2, reports_per_transaction)));
    if (due.empty()) return {};
    TRY_VOID(in_transaction(db(), [&]() -> Status {
      for (const Due& original : due) TRY_VOID(cut_original(original.key, static_cast<SamplePolicy>(original.policy)));
      return {};
    }));
    TRY_VOID(database_->checkpoint_if_due());
    last = due.back().key;
  }
}

model::Result<std::int64_t> Cutter::prune(const std::string& first_day_kept) {
  TRY(auto select, Statement::prepare(db(), old_reports_sql));
  TRY(auto mark, Statement::prepare(db(), "UPDATE failure_report SET sample_state = 'pruned' WHERE id = ?"));
  std::int64_t last = 0, number = 0;
  while (true) {
    TRY(const auto due, list(select.bind(1, last).bind(2, reports_per_transaction).bind(3, first_day_kept)));
    if (due.empty()) return number;
    TRY_VOID(in_transaction(db(), [&]() -> Status {
      for (const Due& report : due) {
        TRY_VOID(cut(report.key, SamplePolicy::none));
        TRY_VOID(cut_originals_of(report.key, SamplePolicy::none));
        TRY_VOID(mark.bind(1, report.key).run());
      }
      return note_erasure(db(), Erasure::all);
    }));
    TRY_VOID(database_->checkpoint_if_due());
    last = due.back().key;
    number += static_cast<std::int64_t>(due.size());
  }
}

}  // namespace

model::Result<CutResult> cut_sample(Database& database, std::int64_t failure_key, SamplePolicy policy) {
  TRY(auto cutter, Cutter::create(database));
  CutResult result;
  TRY_VOID(in_transaction(cutter.db(), [&]() -> Status {
    TRY(const bool is_cut, cutter.cut(failure_key, policy));
    result.samples = is_cut ? 1 : 0;
    // The mail holds this sample whatever else it brought.
    return policy == SamplePolicy::full ? Status{} : cutter.cut_originals_of(failure_key, policy);
  }));
  TRY_VOID(cutter.cut_due_originals());
  TRY(result.is_log_empty, erase(database));
  return result;
}

model::Result<CutResult> cut_due_samples(Database& database) {
  TRY(auto cutter, Cutter::create(database));
  CutResult result;
  TRY(result.samples, cutter.cut_due_reports());
  TRY_VOID(cutter.cut_due_originals());
  TRY(result.is_log_empty, erase(database));
  return result;
}

model::Result<CutResult> prune_samples(Database& database, const std::string& first_day_kept) {
  TRY(auto cutter, Cutter::create(database));
  CutResult result;
  TRY(result.samples, cutter.prune(first_day_kept));
  TRY_VOID(prune_letters(database, first_day_kept));
  TRY(result.is_log_empty, erase(database));
  return result;
}

model::Result<CutResult> preview_samples(Database& database, const std::string& first_day_kept) {
  TRY(auto select,
      Statement::prepare(database.handle(),
                         "SELECT count(*) FROM failure_report WHERE sample_state <> 'pruned' AND day < ?"));
  TRY_VOID(select.bind(1, first_day_kept).step());
  return CutResult{select.integer(0), true};
}

}  // namespace ruaudit::store
