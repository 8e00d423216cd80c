#include "store/outbox/outbox.hpp"

#include <algorithm>
#include <array>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// What counts locally follows from the versions that are there, and the cluster finds it out by itself: `counted` and
// `conflict` are left out. A report that is inserted again (REPLACE) moves to the end.
constexpr const char* make_triggers_sql =
    "CREATE TRIGGER outbox_insert AFTER INSERT ON report BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (new.id, new.identity_key, unixepoch()); "
    "END;"
    "CREATE TRIGGER outbox_update AFTER UPDATE OF authenticity, authenticated_as, authenticity_reason ON report"
    " WHEN old.authenticity IS NOT new.authenticity OR old.authenticated_as IS NOT new.authenticated_as"
    " OR old.authenticity_reason IS NOT new.authenticity_reason BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (new.id, new.identity_key, unixepoch()); "
    "END;"
    "CREATE TRIGGER outbox_delete AFTER DELETE ON report BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (old.id, old.identity_key, unixepoch()); "
    "END;"
    "CREATE TRIGGER outbox_tls_insert AFTER INSERT ON tls_report BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (new.id, new.group_key, unixepoch()); END;"
    "CREATE TRIGGER outbox_tls_update AFTER UPDATE OF authenticity, authenticated_as, authenticity_reason ON tls_report"
    " WHEN old.authenticity IS NOT new.authenticity OR old.authenticated_as IS NOT new.authenticated_as"
    " OR old.authenticity_reason IS NOT new.authenticity_reason BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (new.id, new.group_key, unixepoch()); END;"
    "CREATE TRIGGER outbox_tls_delete AFTER DELETE ON tls_report BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (old.id, old.group_key, unixepoch()); END;"
    // None on DELETE: with one SQLite would no longer free the pages of a table at once (store/failure/erase.cpp).
    "CREATE TRIGGER outbox_failure_insert AFTER INSERT ON failure_report BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) VALUES (new.id, substr(new.identity_key, 1, 16),"
    " unixepoch()); END;"
    "CREATE TRIGGER outbox_failure_result AFTER INSERT ON failure_result WHEN new.is_current = 1 BEGIN"
    " INSERT OR REPLACE INTO outbox (report_id, identity_key, since) SELECT id, substr(identity_key, 1, 16),"
    " unixepoch() FROM failure_report WHERE id = new.failure_id; END;"
    "INSERT OR IGNORE INTO store_info VALUES ('ingester', lower(hex(randomblob(8))));";

constexpr const char* forget_ingester_sql = "DELETE FROM outbox; DELETE FROM store_info WHERE name = 'ingester'";

constexpr const char* has_triggers_sql =
    "SELECT count(*) = 8 FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'outbox\\_%' ESCAPE '\\'";

// What an earlier build did not note: where its triggers are, but not this one, what it stored was never told.
struct LaterKind {
  const char* is_missing_sql;
  const char* note_sql;
};
#define RUAUDIT_WITHOUT_TRIGGER(name)                                                   \
  "SELECT count(*) = 1 AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '" name \
  "')"                                                                                  \
  " FROM sqlite_schema WHERE type = 'trigger' AND name = 'outbox_insert'"
constexpr std::array later_kinds = {
    LaterKind{RUAUDIT_WITHOUT_TRIGGER("outbox_tls_insert"),
              "INSERT OR IGNORE INTO outbox (report_id, identity_key, since) SELECT id, group_key, 0 FROM tls_report"
              " ORDER BY id"},
    LaterKind{RUAUDIT_WITHOUT_TRIGGER("outbox_failure_insert"),
              "INSERT OR IGNORE INTO outbox (report_id, identity_key, since) SELECT id, substr(identity_key, 1, 16), 0"
              " FROM failure_report ORDER BY id"},
};

// A row is of the aggregate report `p`, the TLS report `t` or the failure report `f`, or of one that is gone: their
// keys are digests of different texts, so that none can be of the other.
#define RUAUDIT_OUTBOX_ROWS                                                               \
  "outbox o LEFT JOIN report p ON p.id = o.report_id AND p.identity_key = o.identity_key" \
  " LEFT JOIN tls_report t ON t.id = o.report_id AND t.group_key = o.identity_key "       \
  "LEFT JOIN failure_report f ON f.id = o.report_id AND substr(f.identity_key, 1, 16) = o.identity_key "

}  // namespace

model::Result<void> keep_outbox(Database& database) {
  sqlite3* const db = database.handle();
  TRY(const auto has, query_integer(db, has_triggers_sql));
  if (has != 0) return {};
  TRY(const auto judging, query_integer(db, "SELECT count(*) FROM store_info WHERE name = 'cluster'"));
  if (judging != 0)
    return model::failure("cluster-judging", database.options().path + " holds what came out of the cluster",
                          "it takes nothing in by itself and ships nothing: name the ingester's database");
  return in_transaction(db, [db]() -> Status {
    TRY(const auto is_made, query_integer(db, has_triggers_sql));  // by another process meanwhile
    if (is_made != 0) return {};
    for (const LaterKind& kind : later_kinds) {
      TRY(const auto is_missing, query_integer(db, kind.is_missing_sql));
      if (is_missing != 0) TRY_VOID(execute(db, kind.note_sql));
    }
    TRY_VOID(execute(db, drop_outbox_triggers_sql));  // of a version that noted less
    return execute(db, make_triggers_sql);
  });
}

model::Result<void> drop_outbox(Database& database) {
  sqlite3* const db = database.handle();
  return in_transaction(db, [db]() -> Status {
    TRY_VOID(execute(db, drop_outbox_triggers_sql));
    return execute(db, forget_ingester_sql);
  });
}

model::Result<std::uint64_t> ingester_number(const Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), "SELECT value FROM store_info WHERE name = 'ingester'"));
  TRY(const bool has_row, find.step());
  if (has_row)
    if (const auto number = std::strtoull(std::string(find.text(0)).c_str(), nullptr, 16); number != 0) return number;
  return model::failure("cluster-ingester", "this database has never been told to keep what a cluster is to get",
                        "run `ruaudit cluster init`");
}

model::Result<OutboxState> outbox_state(const Database& database) {
  OutboxState state;
  TRY(const auto has, query_integer(database.handle(), has_triggers_sql));
  state.is_kept = has != 0;
  TRY(auto count,
      Statement::prepare(database.handle(),
                         "SELECT count(*), coalesce(sum(p.records), 0), coalesce(min(nullif(o.since, 0)), 0)"
                         " FROM " RUAUDIT_OUTBOX_ROWS));
  TRY(const bool has_row, count.step());
  if (has_row) {
    state.reports = count.integer(0);
    state.records = count.integer(1);
    state.oldest = count.integer(2);
  }
  return state;
}

model::Result<std::vector<OutboxRow>> outbox_rows(const Database& database, OutboxPart part, std::int64_t behind,
                                                  std::int64_t most) {
  constexpr std::string_view present_sql =
      "SELECT o.seq, o.report_id, o.identity_key, o.since, coalesce(p.day, t.day, f.day), coalesce(p.records, "
      "t.policies +"
      " t.failures, 0), t.id IS NOT NULL, coalesce(p.date_begin, p.date_end, t.date_begin, t.date_end) IS NOT NULL "
      "FROM " RUAUDIT_OUTBOX_ROWS
      "WHERE o.seq > ? AND (p.id IS NOT NULL OR t.id IS NOT NULL OR f.id IS NOT NULL) ORDER BY o.seq LIMIT ?";
  constexpr std::string_view gone_sql =
      "SELECT o.seq, o.report_id, o.identity_key, o.since, NULL, 0, 0, 0 FROM " RUAUDIT_OUTBOX_ROWS
      "WHERE o.seq > ? AND p.id IS NULL AND t.id IS NULL AND f.id IS NULL AND NOT EXISTS (SELECT 1 FROM outbox x LEFT"
      " JOIN report y ON"
      " y.id = x.report_id AND y.identity_key = x.identity_key LEFT JOIN tls_report z ON z.id = x.report_id AND"
      " z.group_key = x.identity_key WHERE x.identity_key = o.identity_key AND (y.id IS NOT NULL OR z.id IS NOT NULL))"
      " ORDER BY o.seq LIMIT ?";
  TRY(auto select, Statement::prepare(database.handle(), part == OutboxPart::present ? present_sql : gone_sql));
  select.bind(1, behind).bind(2, most);
  std::vector<OutboxRow> rows;
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return rows;
    OutboxRow row;
    row.seq = select.integer(0);
    row.report_key = select.integer(1);
    row.since = select.integer(3);
    row.is_gone = select.is_null(4);
    row.is_tls = select.integer(6) != 0;
    row.is_dated = select.integer(7) != 0;
    const auto key = select.blob(2);
    std::copy_n(key.begin(), std::min(key.size(), row.identity_key.size()), row.identity_key.begin());
    row.day = select.text(4);
    row.records = select.integer(5);
    rows.push_back(std::move(row));
  }
}

model::Result<std::int64_t> last_outbox_seq(const Database& database) {
  return query_integer(database.handle(), "SELECT coalesce(max(seq), 0) FROM outbox");
}

model::Result<void> forget_outbox_rows(Database& database, std::span<const std::int64_t> seqs) {
  return in_transaction(database.handle(), [&]() -> Status {
    TRY(auto forget, Statement::prepare(database.handle(), "DELETE FROM outbox WHERE seq = ?"));
    for (const auto seq : seqs) TRY_VOID(forget.bind(1, seq).run());
    return {};
  });
}

namespace {

struct QueuedTable {
  std::string_view last, add;
};
constexpr QueuedTable queued_reports = {
    "SELECT max(id) FROM (SELECT id FROM report WHERE id > ? ORDER BY id LIMIT ?)",
    "INSERT OR IGNORE INTO outbox (report_id, identity_key, since) SELECT id, identity_key, 0 FROM report"
    " WHERE id > ? AND id <= ? ORDER BY id"};
constexpr QueuedTable queued_tls_reports = {
    "SELECT max(id) FROM (SELECT id FROM tls_report WHERE id > ? ORDER BY id LIMIT ?)",
    "INSERT OR IGNORE INTO outbox (report_id, identity_key, since) SELECT id, group_key, 0 FROM tls_report"
    " WHERE id > ? AND id <= ? ORDER BY id"};
constexpr QueuedTable queued_failures = {
    "SELECT max(id) FROM (SELECT id FROM failure_report WHERE id > ? ORDER BY id LIMIT ?)",
    "INSERT OR IGNORE INTO outbox (report_id, identity_key, since) SELECT id, substr(identity_key, 1, 16), 0 FROM"
    " failure_report WHERE id > ? AND id <= ? ORDER BY id"};

model::Result<std::int64_t> enqueue_table(sqlite3* db, const QueuedTable& table) {
  constexpr std::int64_t at_a_time = 50'000;  // others want to write, too
  TRY(auto find_last, Statement::prepare(db, table.last));
  TRY(auto add, Statement::prepare(db, table.add));
  std::int64_t behind = 0, added = 0;
  while (true) {
    std::int64_t last = 0;
    {
      ResetAtEnd reset(find_last);
      TRY(const bool has_row, find_last.bind(1, behind).bind(2, at_a_time).step());
      if (!has_row || find_last.is_null(0)) return added;
      last = find_last.integer(0);
    }
    TRY_VOID(in_transaction(db, [&] { return add.bind(1, behind).bind(2, last).run(); }));
    added += sqlite3_changes64(db);
    behind = last;
  }
}

}  // namespace

model::Result<std::int64_t> enqueue_all(Database& database) {
  TRY(const auto reports, enqueue_table(database.handle(), queued_reports));
  TRY(const auto tls_reports, enqueue_table(database.handle(), queued_tls_reports));
  TRY(const auto failures, enqueue_table(database.handle(), queued_failures));
  return reports + tls_reports + failures;
}

model::Result<std::int64_t> count_unshipped_before(const Database& database, const std::string& day) {
  TRY(auto count, Statement::prepare(database.handle(), "SELECT count(*) FROM " RUAUDIT_OUTBOX_ROWS
                                                        "WHERE p.id IS NULL AND t.id IS NULL AND f.id IS NULL OR"
                                                        " coalesce(p.day, t.day, f.day) < ?"));
  TRY(const bool has_row, count.bind(1, day).step());
  return has_row ? count.integer(0) : 0;
}

#undef RUAUDIT_OUTBOX_ROWS

}  // namespace ruaudit::store
