// db prune: reports go in transactions of a thousand, so that the log stays short and a kill leaves a sound database;
// the next prune continues from there.
#include <array>

#include "model/counted.hpp"
#include "store/aggregate/rollup.hpp"
#include "store/aggregate/source_index.hpp"
#include "store/aggregate/versions.hpp"
#include "store/care/maintenance.hpp"
#include "store/failure/prune.hpp"
#include "store/outbox/outbox.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "store/tls/prune.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t reports_per_transaction = 1000;

// Interned contents nobody refers to any more. The used ones are collected once: record has no index for them.
constexpr std::array sweep_table = {
    "DELETE FROM stream_day WHERE (domain_id, day) IN (SELECT domain_id, day FROM stale_day)",
    "DELETE FROM source_day WHERE (domain_id, day) IN (SELECT domain_id, day FROM stale_day)",
    "DELETE FROM verdict_day WHERE (domain_id, day) IN (SELECT domain_id, day FROM stale_day)",
    "DELETE FROM auth_month WHERE (domain_id, month) IN (SELECT domain_id, substr(day, 1, 7) FROM stale_day)",
    "DELETE FROM override_month WHERE (domain_id, month) IN (SELECT domain_id, substr(day, 1, 7) FROM stale_day)",
    "DELETE FROM stale_day WHERE NOT EXISTS (SELECT 1 FROM report p WHERE p.domain_id = stale_day.domain_id AND p.day"
    " BETWEEN substr(stale_day.day, 1, 7) || '-01' AND substr(stale_day.day, 1, 7) || '-31')",
    "DELETE FROM auth_name WHERE id NOT IN (SELECT auth_id FROM auth_month)",
    "DELETE FROM override_name WHERE id NOT IN (SELECT override_id FROM override_month)",
    "DELETE FROM source WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.source_id = source.id)",
    "DELETE FROM source_name WHERE source_id NOT IN (SELECT id FROM source)",
    "DELETE FROM source_reverse WHERE source_id NOT IN (SELECT id FROM source)",
    "DELETE FROM source_network WHERE source_id NOT IN (SELECT id FROM source)",
    "DELETE FROM source_spf WHERE source_id NOT IN (SELECT id FROM source)",
    "DELETE FROM source_class WHERE source_id NOT IN (SELECT id FROM source) OR domain_id NOT IN (SELECT domain_id FROM"
    " report)",
    "DELETE FROM header_domain WHERE name NOT IN (SELECT header_from FROM identifier_set)",
    "CREATE TEMP TABLE used AS SELECT DISTINCT verdict_id AS id FROM record",
    "DELETE FROM auth_result WHERE verdict_id NOT IN (SELECT id FROM used)",
    "DELETE FROM policy_override WHERE verdict_id NOT IN (SELECT id FROM used)",
    "DELETE FROM verdict WHERE id NOT IN (SELECT id FROM used)",
    "DROP TABLE used",
    "DELETE FROM identifier_set WHERE id NOT IN (SELECT DISTINCT identifier_id FROM record)",
    "DELETE FROM recipient WHERE id NOT IN (SELECT DISTINCT recipient_id FROM record WHERE recipient_id IS NOT NULL)",
    "DELETE FROM reporter WHERE id NOT IN (SELECT reporter_id FROM report)",
    "DELETE FROM domain WHERE id NOT IN (SELECT domain_id FROM report)",
    "DELETE FROM policy WHERE id NOT IN (SELECT policy_id FROM report)",
    "DELETE FROM dns_evidence WHERE id NOT IN (SELECT evidence_id FROM failure_dns)",
    "DELETE FROM result_class WHERE id NOT IN (SELECT class_id FROM domain_day)",
};

constexpr const char* delete_chunks_sql =
    "DELETE FROM original_chunk WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215";

model::Result<std::vector<std::int64_t>> next_reports(Statement& select, const std::string& day) {
  ResetAtEnd reset(select);
  select.bind(1, day).bind(2, static_cast<std::int64_t>(reports_per_transaction));
  std::vector<std::int64_t> keys;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return keys;
    keys.push_back(select.integer(0));
  }
}

struct Pruner {
  sqlite3* db;
  Versions versions;
  Rollup rollup;
  Statement select_reports, select_items, delete_chunks, delete_original, delete_check;
  Statement forget_shipped;  // removed here, but not from the cluster

  static model::Result<Pruner> create(sqlite3* db);
  Status remove_report(std::int64_t key);
  Status remove_original(std::int64_t ledger_key);
  Status remove_reports(const std::vector<std::int64_t>& keys);
};

model::Result<Pruner> Pruner::create(sqlite3* db) {
  TRY(auto versions, Versions::create(db));
  TRY(auto rollup, Rollup::create(db));
  TRY(auto reports, Statement::prepare(db, "SELECT id FROM report WHERE day < ? ORDER BY id LIMIT ?"));
  // Items all of whose parts' reports go: none of their parts is kept data after this one.
  TRY(auto items,
      Statement::prepare(db,
                         "SELECT DISTINCT a.ledger_id FROM ledger_part a WHERE a.report_id = ?1 AND NOT EXISTS"
                         " (SELECT 1 FROM ledger_part b WHERE b.ledger_id = a.ledger_id AND"
                         " (b.outcome = 'kept' OR b.failure_id IS NOT NULL OR b.tls_id IS NOT NULL OR"
                         " (b.report_id IS NOT NULL AND b.report_id <> ?1)))"));
  TRY(auto chunks, Statement::prepare(db, delete_chunks_sql));
  TRY(auto original, Statement::prepare(db, "DELETE FROM original WHERE ledger_id = ?"));
  TRY(auto check, Statement::prepare(db, "DELETE FROM carrier_check WHERE ledger_id = ?"));
  TRY(auto forget, Statement::prepare(db, "DELETE FROM outbox WHERE identity_key = ? AND report_id = ?"));
  return Pruner{db,
                std::move(versions),
                std::move(rollup),
                std::move(reports),
                std::move(items),
                std::move(chunks),
                std::move(original),
                std::move(check),
                std::move(forget)};
}

Status Pruner::remove_original(std::int64_t ledger_key) {
  TRY_VOID(delete_chunks.bind(1, ledger_key).run());
  TRY_VOID(delete_check.bind(1, ledger_key).run());
  return delete_original.bind(1, ledger_key).run();
}

Status Pruner::remove_report(std::int64_t key) {
  std::vector<std::int64_t> items;
  {
    ResetAtEnd reset(select_items);
    select_items.bind(1, key);
    while (true) {
      TRY(const bool has_row, select_items.step());
      if (!has_row) break;
      items.push_back(select_items.integer(0));
    }
  }
  for (const std::int64_t item : items) TRY_VOID(remove_original(item));
  TRY(const auto identity, versions.withdraw(key, rollup));
  TRY_VOID(forget_shipped.bind_blob(1, identity).bind(2, key).run());
  return versions.redirect_parts(key, 0);
}

Status Pruner::remove_reports(const std::vector<std::int64_t>& keys) {
  TRY_VOID(execute(db, "BEGIN IMMEDIATE"));
  Status done;
  for (const std::int64_t key : keys)
    if (done) done = remove_report(key);
  if (done) done = rollup.settle();
  if (done) return execute(db, "COMMIT");
  sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

model::Result<PruneResult> preview(sqlite3* db, const std::string& first_day_kept) {
  TRY(auto count,
      Statement::prepare(
          db,
          "SELECT count(*), coalesce(sum(records), 0), (SELECT count(*) FROM original o WHERE"
          " EXISTS (SELECT 1 FROM ledger_part a LEFT JOIN report p ON p.id = a.report_id LEFT JOIN tls_report t ON"
          " t.id = a.tls_id WHERE a.ledger_id = o.ledger_id AND (p.day < ?1 OR t.day < ?1)) AND NOT EXISTS (SELECT 1"
          " FROM ledger_part b LEFT JOIN report p ON p.id = b.report_id LEFT JOIN tls_report t ON t.id = b.tls_id"
          " WHERE b.ledger_id = o.ledger_id AND (b.outcome = 'kept' OR b.failure_id IS NOT NULL OR p.day >= ?1 OR"
          " t.day >= ?1))),"
          " (SELECT count(*) FROM failure_report WHERE day < ?1), (SELECT count(*) FROM tls_report WHERE day < ?1)"
          " FROM report WHERE day < ?1"));
  TRY(const bool has_row, count.bind(1, first_day_kept).step());
  if (!has_row) return PruneResult{};
  return PruneResult{count.integer(0), count.integer(1), count.integer(2), count.integer(3), count.integer(4)};
}

Status sweep(sqlite3* db) {
  TRY_VOID(execute(db, "BEGIN IMMEDIATE"));
  for (const char* sql : sweep_table) {
    if (auto done = execute(db, sql); !done) {
      sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
      return done;
    }
  }
  return execute(db, "COMMIT");
}

// A cluster keeps what is pruned here, so it must have it.
Status check_shipped(const Database& database, const std::string& first_day_kept) {
  TRY(const auto waiting, count_unshipped_before(database, first_day_kept));
  if (waiting == 0) return {};
  return model::failure(
      "cluster-backlog",
      model::counted(waiting, "report") + " before " + first_day_kept + " not shipped to the cluster yet",
      "run `ruaudit cluster ship` first");
}

// The last digest of each name is what the next one is compared with, and what was told once must not be told again
// while its reports are there.
constexpr std::array digest_table = {
    "DELETE FROM digest_item WHERE digest_id IN (SELECT d.id FROM digest d WHERE d.made_at < unixepoch(?1) AND d.id <"
    " (SELECT max(l.id) FROM digest l WHERE l.name = d.name))",
    "DELETE FROM digest WHERE made_at < unixepoch(?1) AND id < (SELECT max(l.id) FROM digest l WHERE l.name = "
    "digest.name)",
    "DELETE FROM finding WHERE is_open = 0 AND first_told < unixepoch(?1) AND NOT EXISTS (SELECT 1 FROM digest_item i"
    " JOIN digest d ON d.id = i.digest_id WHERE d.name = finding.digest_name AND i.finding_id = finding.id)",
};

Status prune_digests(sqlite3* db, const std::string& first_day_kept) {
  return in_transaction(db, [&]() -> Status {
    for (const char* const sql : digest_table) {
      TRY(auto statement, Statement::prepare(db, sql));
      TRY_VOID(statement.bind(1, first_day_kept).run());
    }
    return {};
  });
}

}  // namespace

model::Result<PruneResult> prune(Database& database, const std::string& first_day_kept, PruneMode mode) {
  sqlite3* db = database.handle();
  TRY(const PruneResult planned, preview(db, first_day_kept));
  if (mode == PruneMode::preview) return planned;
  TRY_VOID(check_shipped(database, first_day_kept));
  TRY(auto pruner, Pruner::create(db));
  while (true) {
    TRY(const auto keys, next_reports(pruner.select_reports, first_day_kept));
    if (keys.empty()) break;
    TRY_VOID(pruner.remove_reports(keys));
    TRY_VOID(database.checkpoint_if_due());
  }
  TRY_VOID(prune_failures(database, first_day_kept));
  TRY_VOID(prune_digests(db, first_day_kept));
  TRY_VOID(prune_tls(database, first_day_kept));
  TRY_VOID(make_source_index(database));  // a run that was killed has not; addresses are looked for one by one now
  TRY_VOID(sweep(db));
  return planned;
}

}  // namespace ruaudit::store
