// db check: everything that must hold, each as one query that yields a row per violation.
#include <array>
#include <set>
#include <utility>

#include "store/care/maintenance.hpp"
#include "store/sqlite/content_check.hpp"
#include "store/sqlite/row_comparison.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "store/tls/day_sums.hpp"

// SQL that stands in two statements each.
#define RUAUDIT_COUNTED "r.source_id IS NOT NULL AND r.count > 0"
#define RUAUDIT_ITS_RECORDS "CROSS JOIN record r ON r.id BETWEEN c.first AND c.first + 16777215"
#define RUAUDIT_FRESH_DAYS                                                                                           \
  "WITH cell AS MATERIALIZED (SELECT id * 16777216 AS first, domain_id, day, authenticity,"                          \
  " dense_rank() OVER (ORDER BY domain_id, day, authenticity) AS n FROM report WHERE counted = 1),"                  \
  " result AS MATERIALIZED (SELECT id, dense_rank() OVER (ORDER BY disposition, dkim, spf, dkim_auth, spf_auth,"     \
  " overridden) AS n FROM verdict)"                                                                                  \
  " SELECT d.domain_id, d.day, v.disposition, v.dkim, v.spf, v.dkim_auth, v.spf_auth, v.overridden, g.self_check,"   \
  " d.authenticity, g.records, g.messages FROM (SELECT c.n AS cell, k.n AS result, r.self_check AS self_check,"      \
  " count(*) AS records, sum(r.count) AS messages FROM cell c " RUAUDIT_ITS_RECORDS                                  \
  " CROSS JOIN result k ON k.id = r.verdict_id WHERE " RUAUDIT_COUNTED                                               \
  " GROUP BY c.n, k.n, r.self_check) g"                                                                              \
  " CROSS JOIN (SELECT n, domain_id, day, authenticity FROM cell GROUP BY n) d ON d.n = g.cell"                      \
  " CROSS JOIN (SELECT n, min(id) AS id FROM result GROUP BY n) e ON e.n = g.result CROSS JOIN verdict v ON v.id = " \
  "e.id"
#define RUAUDIT_KEPT_DAYS                                                                                \
  "SELECT t.domain_id, t.day, c.disposition, c.dkim, c.spf, c.dkim_auth, c.spf_auth, c.overridden,"      \
  " CASE c.our_dkim WHEN 'aligned' THEN 1 WHEN 'not_aligned' THEN 2 ELSE 0 END"                          \
  " + CASE c.our_spf WHEN 'aligned' THEN 4 WHEN 'not_aligned' THEN 8 ELSE 0 END + 16 * c.contradiction," \
  " c.authenticity, t.records, t.messages FROM domain_day t JOIN result_class c ON c.id = t.class_id"
#define RUAUDIT_FRESH_MONTHS                                                                                         \
  "WITH cell AS MATERIALIZED (SELECT id * 16777216 AS first, domain_id, substr(day, 1, 7) AS month,"                 \
  " coalesce(date_begin, date_end, received) AS since, coalesce(date_end, date_begin, received) AS until,"           \
  " dense_rank() OVER (ORDER BY domain_id, substr(day, 1, 7)) AS n FROM report WHERE counted = 1),"                  \
  " result AS MATERIALIZED (SELECT id, (dkim = 'pass') + 2 * (spf = 'pass') + 4 * (disposition = 'reject')"          \
  " + 8 * (disposition = 'quarantine') AS bits FROM verdict)"                                                        \
  " SELECT d.domain_id, d.month, g.source_id, g.records, g.messages, g.passed, g.dkim, g.spf, g.rejected,"           \
  " g.quarantined, g.since, g.until FROM (SELECT c.n AS cell, r.source_id AS source_id, count(*) AS records,"        \
  " sum(r.count) AS messages, sum(iif(v.bits & 3, r.count, 0)) AS passed, sum(iif(v.bits & 1, r.count, 0)) AS dkim," \
  " sum(iif(v.bits & 2, r.count, 0)) AS spf, sum(iif(v.bits & 4, r.count, 0)) AS rejected,"                          \
  " sum(iif(v.bits & 8, r.count, 0)) AS quarantined, min(c.since) AS since, max(c.until) AS until FROM cell "        \
  "c " RUAUDIT_ITS_RECORDS " CROSS JOIN result v ON v.id = r.verdict_id WHERE " RUAUDIT_COUNTED                      \
  " GROUP BY c.n, r.source_id) g CROSS JOIN (SELECT n, domain_id, month FROM cell GROUP BY n) d ON d.n = g.cell"
#define RUAUDIT_SETTLED_DAY "(domain_id, day) NOT IN (SELECT domain_id, day FROM stale_day)"
#define RUAUDIT_SETTLED_MONTH "(domain_id, month) NOT IN (SELECT domain_id, substr(day, 1, 7) FROM stale_day)"
#define RUAUDIT_MONTHS_OF_VERDICTS                                                                                   \
  "months AS MATERIALIZED (SELECT domain_id, month, verdict_id, sum(messages) AS messages, max(sources) AS sources," \
  " min(day) AS first_day, max(day) AS last_day FROM (SELECT *, substr(day, 1, 7) AS month FROM verdict_day)"        \
  " WHERE " RUAUDIT_SETTLED_MONTH " GROUP BY 1, 2, 3)"

namespace ruaudit::store {
namespace {

constexpr std::size_t max_findings = 100;  // of each check

struct CheckQuery {
  const char* check;
  const char* sql;  // one text column: what differs
  // Where both give the same rows nothing differs. To know that takes no table of all rows.
  const char* fresh = nullptr;
  const char* kept = nullptr;
};

// Roll-ups recomputed. Most of the time goes into sorting, so numbers alone are sorted: those of the cell that a report
// belongs to and of what its records say; names are looked up afterwards. Months come in the order of the table's key
// as long as SQLite keeps the order in which it groups; in another order they only take longer.
constexpr const char* fresh_days_sql = RUAUDIT_FRESH_DAYS " ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
constexpr const char* kept_days_sql = RUAUDIT_KEPT_DAYS " ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
constexpr const char* kept_months_sql = "SELECT * FROM domain_month_source ORDER BY domain_id, month, source_id";

// The roll-ups are recomputed here from the rows alone; those of aggregate reports without the text that wrote them.
constexpr std::array check_table = {
    CheckQuery{"integrity", "SELECT integrity_check FROM pragma_integrity_check(100) WHERE integrity_check <> 'ok'"},
    CheckQuery{"foreign-keys",
               "SELECT format('%s row %s refers to a missing %s', \"table\", coalesce(rowid, '?'), parent)"
               " FROM pragma_foreign_key_check"},
    CheckQuery{"foreign-keys",
               "SELECT format('record %d has no report', r.id) FROM record r WHERE NOT EXISTS"
               " (SELECT 1 FROM report p WHERE p.id = r.id >> 24)"},
    CheckQuery{"counted",
               "SELECT format('%d of %d versions of report %s count', sum(counted), count(*), min(id)) FROM report"
               " GROUP BY identity_key HAVING sum(counted) <> 1 OR min(conflict) <> (count(*) > 1)"
               " OR max(conflict) <> (count(*) > 1)"},
    CheckQuery{
        "counted",
        "SELECT format('report %d says %d records and %d messages, its rows %d and %d', p.id, p.records, p.messages,"
        " count(r.id), coalesce(sum(iif(r.source_id IS NOT NULL AND r.count > 0, r.count, 0)), 0))"
        " FROM report p LEFT JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215"
        " GROUP BY p.id HAVING count(r.id) <> p.records"
        " OR coalesce(sum(iif(r.source_id IS NOT NULL AND r.count > 0, r.count, 0)), 0) <> p.messages"},
    CheckQuery{"roll-ups",
               "WITH fresh AS (" RUAUDIT_FRESH_DAYS "), kept AS (" RUAUDIT_KEPT_DAYS ")"
               " SELECT format('domain_day %d %s: %s, %d records, %d messages in one of both only', domain_id, day,"
               " disposition, records, messages) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept)"
               " UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))",
               fresh_days_sql, kept_days_sql},
    CheckQuery{"roll-ups",
               "WITH fresh AS (" RUAUDIT_FRESH_MONTHS ")"
               " SELECT format('domain_month_source %d %s source %d: %d records, %d messages in one of both only',"
               " domain_id, month, source_id, records, messages) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT"
               " SELECT * FROM domain_month_source) UNION ALL SELECT * FROM (SELECT * FROM domain_month_source EXCEPT"
               " SELECT * FROM fresh))",
               RUAUDIT_FRESH_MONTHS, kept_months_sql},
    CheckQuery{
        "roll-ups",
        // Reports before their records: most days may be stale. A day of a missing domain is another check's finding.
        "WITH fresh AS (SELECT p.domain_id, p.day, r.source_id, r.identifier_id, r.verdict_id, count(*) AS records,"
        " sum(r.count) AS messages FROM report p CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND"
        " p.id * 16777216 + 16777215 WHERE p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0"
        " AND (p.domain_id, p.day) NOT IN (SELECT domain_id, day FROM stale_day)"
        " AND p.domain_id IN (SELECT id FROM domain)"
        " GROUP BY 1, 2, 3, 4, 5), kept AS (SELECT domain_id, day, source_id, identifier_id, verdict_id, sum(records),"
        " sum(messages) FROM stream_day WHERE (domain_id, day) NOT IN (SELECT domain_id, day FROM stale_day)"
        " GROUP BY 1, 2, 3, 4, 5) SELECT format('stream_day %d %s source %d: %d records, %d messages in one of both"
        " only', domain_id, day, source_id, records, messages) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT"
        " SELECT * FROM kept) UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))"},
    CheckQuery{
        "roll-ups",
        "WITH fresh AS (SELECT domain_id, day, verdict_id, sum(records), sum(messages), count(DISTINCT source_id)"
        " FROM stream_day WHERE " RUAUDIT_SETTLED_DAY " GROUP BY 1, 2, 3), kept AS (SELECT * FROM verdict_day"
        " WHERE " RUAUDIT_SETTLED_DAY ") SELECT format('verdict_day %d %s verdict %d in one of both only',"
        " domain_id, day, verdict_id) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept)"
        " UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh))"},
    CheckQuery{"roll-ups",
               "WITH " RUAUDIT_MONTHS_OF_VERDICTS ", fresh AS (SELECT t.domain_id, t.month, a.mechanism, a.domain,"
               " a.selector, sum(iif(a.result = 'pass', t.messages, 0)), sum(iif(a.result = 'pass', 0, t.messages)),"
               " sum(iif(a.result = 'pass' AND v.dkim <> 'pass' AND v.spf <> 'pass', t.messages, 0)),"
               " max(iif(a.result = 'pass' AND v.dkim <> 'pass' AND v.spf <> 'pass', t.sources, 0)), min(t.first_day),"
               " max(t.last_day) FROM months t JOIN verdict v ON v.id = t.verdict_id JOIN auth_result a ON"
               " a.verdict_id = v.id GROUP BY 1, 2, 3, 4, 5), kept AS (SELECT m.domain_id, m.month, n.mechanism,"
               " n.domain, n.selector, m.passed, m.not_passed, m.unaligned, m.sources, m.first_day, m.last_day FROM"
               " auth_month m JOIN auth_name n ON n.id = m.auth_id WHERE " RUAUDIT_SETTLED_MONTH ")"
               " SELECT format('auth_month %d %s %s %s in one of both only', domain_id, month, mechanism, domain) FROM"
               " (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept) UNION ALL SELECT * FROM (SELECT * FROM"
               " kept EXCEPT SELECT * FROM fresh))"},
    CheckQuery{"roll-ups",
               "WITH " RUAUDIT_MONTHS_OF_VERDICTS ", fresh AS (SELECT t.domain_id, t.month, o.type, o.arc,"
               " CAST(json_extract(o.arc_chain, '$[0].d') AS TEXT), sum(t.messages), max(t.sources) FROM months t JOIN"
               " policy_override o ON o.verdict_id = t.verdict_id GROUP BY 1, 2, 3, 4, 5), kept AS (SELECT m.domain_id,"
               " m.month, n.type, n.arc, n.arc_domain, m.messages, m.sources FROM override_month m JOIN override_name n"
               " ON n.id = m.override_id WHERE " RUAUDIT_SETTLED_MONTH ")"
               " SELECT format('override_month %d %s %s in one of both only', domain_id, month, type) FROM"
               " (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept) UNION ALL SELECT * FROM (SELECT * FROM"
               " kept EXCEPT SELECT * FROM fresh))"},
    CheckQuery{
        "ledger",
        // Each sum walks the few ids of its item; a join over both tables would compare all with all.
        "SELECT format('item %d has %d chunks of %d octets, its original says %d', ledger_id, chunks, octets, size)"
        " FROM (SELECT o.ledger_id, o.size, (SELECT count(*) FROM original_chunk c WHERE c.id BETWEEN first AND"
        " first + 16777215) + (SELECT count(*) FROM failure_original_chunk c WHERE c.id BETWEEN first AND"
        " first + 16777215) AS chunks, (SELECT coalesce(sum(c.size), 0) FROM original_chunk c WHERE c.id BETWEEN first"
        " AND first + 16777215) + (SELECT coalesce(sum(c.size), 0) FROM failure_original_chunk c WHERE c.id BETWEEN"
        " first AND first + 16777215) AS octets FROM (SELECT ledger_id, size, ledger_id * 16777216 AS first"
        " FROM original) o) WHERE octets <> size"},
    CheckQuery{"ledger",
               "SELECT format('the octets of item %d are those of item %d', max(id), min(id)) FROM ledger"
               " WHERE mailbox IS NULL AND outcome <> 'duplicate' GROUP BY content_hash HAVING count(*) > 1"},
    CheckQuery{"ledger",
               "SELECT format('report %d is named by no ledger row', p.id) FROM report p WHERE NOT EXISTS"
               " (SELECT 1 FROM ledger_part q WHERE q.report_id = p.id)"},
    CheckQuery{"ledger",
               "SELECT format('TLS report %d is named by no ledger row', p.id) FROM tls_report p WHERE NOT EXISTS"
               " (SELECT 1 FROM ledger_part q WHERE q.tls_id = p.id)"},
    CheckQuery{
        "counted",
        "SELECT format('%d of %d versions of TLS report %s count', sum(counted), count(*), min(id)) FROM tls_report"
        " GROUP BY identity_key HAVING sum(counted) <> 1 OR min(conflict) <> (count(*) > 1)"
        " OR max(conflict) <> (count(*) > 1)"},
    CheckQuery{
        "counted",
        "SELECT format('TLS report %d says %d policies and %d failures, its rows are %d and %d', id, policies, "
        "failures,"
        " rows, details) FROM (SELECT r.id, r.policies, r.failures, (SELECT count(*) FROM tls_policy p WHERE "
        "p.report_id ="
        " r.id) AS rows, (SELECT count(*) FROM tls_failure f JOIN tls_policy p ON p.report_id = f.report_id AND p.n ="
        " f.policy WHERE f.report_id = r.id) AS details FROM tls_report r) WHERE policies <> rows OR failures <> "
        "details"},
    CheckQuery{"roll-ups",
               "WITH fresh AS (SELECT policy_domain, day, reporter, type, authenticity, sum(policies) AS policies,"
               " sum(successful) AS successful, sum(failed) AS failed FROM (" RUAUDIT_TLS_DAY_SUMS(
                   "r.counted = 1") ") GROUP BY 1, 2, 3, 4, 5)"
                                    " SELECT format('tls_day %s %s of %s: %d and %d sessions in one of both only', "
                                    "policy_domain, day, reporter,"
                                    " successful, failed) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * "
                                    "FROM tls_day) UNION ALL"
                                    " SELECT * FROM (SELECT * FROM tls_day EXCEPT SELECT * FROM fresh))"},
    CheckQuery{"roll-ups",
               "WITH fresh AS (SELECT policy_domain, day, reporter, result_type, mx_host, authenticity, sum(details) AS"
               " details, sum(sessions) AS sessions FROM (" RUAUDIT_TLS_FAILURE_DAY_SUMS(
                   "r.counted = 1") ") GROUP BY 1, 2, 3, 4, 5, 6)"
                                    " SELECT format('tls_failure_day %s %s of %s: %d sessions in one of both only', "
                                    "policy_domain, day, reporter,"
                                    " sessions) FROM (SELECT * FROM (SELECT * FROM fresh EXCEPT SELECT * FROM "
                                    "tls_failure_day) UNION ALL"
                                    " SELECT * FROM (SELECT * FROM tls_failure_day EXCEPT SELECT * FROM fresh))"},
    CheckQuery{
        "failures",
        "SELECT format('failure report %d is named by no part of item %d', f.id, f.ledger_id) FROM failure_report f"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_part q WHERE q.failure_id = f.id AND q.ledger_id = f.ledger_id"
        " AND q.outcome = 'stored')"},
    CheckQuery{
        "failures",
        "SELECT format('failure report %d is %s, but its octets are %s', f.id, f.sample_state, CASE WHEN s.failure_id"
        " IS NOT NULL AND p.failure_id IS NOT NULL THEN 'in both tables' WHEN p.failure_id IS NOT NULL THEN"
        " 'pending' WHEN s.failure_id IS NOT NULL THEN 'final' ELSE 'missing' END) FROM failure_report f LEFT JOIN"
        " pending_failure p ON p.failure_id = f.id LEFT JOIN failure_sample s ON s.failure_id = f.id WHERE"
        " (p.failure_id IS NOT NULL) <> (f.sample_state = 'pending_verification') OR"
        " (s.failure_id IS NOT NULL) <> (f.sample_state <> 'pending_verification') AND"
        // An exported copy has lost them.
        " NOT (f.sample_state = 'pruned' AND s.failure_id IS NULL)"},
    CheckQuery{"failures",
               "SELECT format('failure report %d keeps %s under the policy %s', f.id, s.extent, f.sample_policy) FROM"
               " failure_report f JOIN failure_sample s ON s.failure_id = f.id WHERE s.extent <> f.sample_policy"},
    CheckQuery{"failures",
               "SELECT format('original octets of item %d lie apart although it brought no failure report', id >> 24)"
               " FROM failure_original_chunk WHERE NOT EXISTS (SELECT 1 FROM ledger_part q WHERE q.ledger_id = id >> 24"
               " AND q.failure_id IS NOT NULL) GROUP BY id >> 24"},
    CheckQuery{"failures",
               "SELECT format('failure report %d has %d results and no current one', failure_id, count(*)) FROM"
               " failure_result GROUP BY failure_id HAVING sum(is_current) <> 1"},
    CheckQuery{"digests",
               "SELECT format('finding %s of the digest ''%s'' is open, but its last digest does not have it', f.id,"
               " f.digest_name) FROM finding f WHERE f.is_open = 1 AND NOT EXISTS (SELECT 1 FROM digest_item i WHERE"
               " i.digest_id = (SELECT max(d.id) FROM digest d WHERE d.name = f.digest_name) AND i.finding_id = f.id"
               " AND i.state <> 'resolved')"},
    CheckQuery{"digests",
               "SELECT format('digest %d ''%s'' is not the last one, but is kept whole', d.id, d.name) FROM digest d"
               " WHERE d.content IS NOT NULL AND d.id < (SELECT max(l.id) FROM digest l WHERE l.name = d.name)"},
    CheckQuery{"digests",
               "SELECT format('digest %d is about %s to %s', id, first_day, last_day) FROM digest WHERE first_day >"
               " last_day"},
};

// Calls take(detail) for each violation, until it says false.
template <class Take>
Status each_violation(sqlite3* db, const CheckQuery& query, const Take& take) {
  if (query.fresh != nullptr) {
    TRY(const bool is_same, give_same_rows(db, query.fresh, query.kept));
    if (is_same) return {};
  }
  TRY(auto statement, Statement::prepare(db, query.sql));
  while (true) {
    TRY(const bool has_row, statement.step());
    if (!has_row || !take(std::string(statement.text(0)))) return {};
  }
}

Status run_check(sqlite3* db, const CheckQuery& query, std::vector<CheckFinding>& findings) {
  std::size_t n = 0;
  return each_violation(db, query, [&](std::string detail) {
    findings.push_back({query.check, std::move(detail)});
    return ++n < max_findings;
  });
}

// A writing connection does not look at CHECK constraints, and integrity_check then does not either.
class LookAtConstraints {
 public:
  static model::Result<LookAtConstraints> begin(sqlite3* db) {
    TRY(const auto is_ignored, query_integer(db, "PRAGMA ignore_check_constraints"));
    if (is_ignored != 0) TRY_VOID(execute(db, "PRAGMA ignore_check_constraints=OFF"));
    return LookAtConstraints(is_ignored != 0 ? db : nullptr);
  }
  LookAtConstraints(LookAtConstraints&& other) noexcept : restore_(std::exchange(other.restore_, nullptr)) {}
  LookAtConstraints& operator=(LookAtConstraints&&) = delete;
  ~LookAtConstraints() {
    if (restore_ != nullptr) sqlite3_exec(restore_, "PRAGMA ignore_check_constraints=ON", nullptr, nullptr, nullptr);
  }

 private:
  explicit LookAtConstraints(sqlite3* restore) : restore_(restore) {}
  sqlite3* restore_;
};

// One transaction: what is read in it is of one moment, also while an ingest writes.
template <class Work>
Status in_one_moment(sqlite3* db, const Work& work) {
  TRY(const auto constraints, LookAtConstraints::begin(db));
  TRY_VOID(execute(db, "BEGIN"));
  const Status done = work();
  sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

constexpr std::size_t max_remembered = 100'000;  // violations of each check of an older file

// Of a check that names what the older file does not have there are none.
model::Result<std::set<std::string>> violations_of(sqlite3* older, const CheckQuery& query) {
  std::set<std::string> violations;
  if (!Statement::prepare(older, query.sql)) return violations;
  std::size_t n = 0;
  TRY_VOID(each_violation(older, query, [&](std::string detail) {
    violations.insert(std::move(detail));
    return ++n < max_remembered;
  }));
  return violations;
}

// By what is said of a row, not by how many are said to be so: totals that a step recomputes may be more rows.
Status sort_out(sqlite3* made, sqlite3* older, const CheckQuery& query, ContentFindings& findings) {
  TRY(const auto known, violations_of(older, query));
  std::size_t inherited = 0;
  std::size_t added = 0;
  return each_violation(made, query, [&](const std::string& detail) {
    const bool is_known = known.contains(detail);
    std::size_t& n = is_known ? inherited : added;
    if (n++ < max_findings) (is_known ? findings.inherited : findings.added).push_back(query.check + (": " + detail));
    return added < max_findings;
  });
}

// The check of originals looks into a table that files of version 1 do not have.
Status stand_in_for_missing(sqlite3* older) {
  TRY(const auto has, query_integer(older, "SELECT count(*) FROM sqlite_schema WHERE name = 'failure_original_chunk'"));
  if (has != 0) return {};
  return execute(older, "CREATE TEMP TABLE failure_original_chunk (id INTEGER PRIMARY KEY, size INTEGER)");
}

}  // namespace

bool sees_constraints(const Database& database) { return sqlite3_db_readonly(database.handle(), "main") == 0; }

model::Result<std::vector<CheckFinding>> check(Database& database) {
  std::vector<CheckFinding> findings;
  TRY_VOID(in_one_moment(database.handle(), [&]() -> Status {
    for (const CheckQuery& query : check_table) TRY_VOID(run_check(database.handle(), query, findings));
    return {};
  }));
  return findings;
}

model::Result<ContentFindings> check_migrated(sqlite3* made, sqlite3* older,
                                              const std::function<void(double)>& progress) {
  std::vector<const CheckQuery*> violated;
  TRY_VOID(in_one_moment(made, [&]() -> Status {
    double looked_at = 0;
    for (const CheckQuery& query : check_table) {
      TRY_VOID(each_violation(made, query, [&](const std::string&) {
        violated.push_back(&query);
        return false;
      }));
      if (progress) progress(++looked_at / check_table.size());
    }
    return {};
  }));
  ContentFindings findings;
  if (violated.empty()) return findings;
  TRY_VOID(stand_in_for_missing(older));
  for (const CheckQuery* query : violated) TRY_VOID(sort_out(made, older, *query, findings));
  return findings;
}

}  // namespace ruaudit::store
