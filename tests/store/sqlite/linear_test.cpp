// What a migration costs grows with the file, not with its square: counted in steps of SQLite's virtual machine, which
// no other program disturbs.
#include "store/sqlite/migration_steps.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

constexpr int records_of_a_report = 8;

// Reports of as many days, verdicts and addresses; each verdict is told anew, and every tenth report has a date that
// cannot be.
constexpr const char* numbers_sql =
    "CREATE TEMP TABLE n AS WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ";
constexpr const char* grow_sql =
    "INSERT INTO verdict SELECT 1000 + i, CAST(printf('%016d', i) AS BLOB), 'none', 'fail', 'fail', 'failed', 'failed',"
    " 0 FROM n;"
    "INSERT INTO auth_result SELECT 1000 + i, 1, 'dkim', 'a.example', 's', NULL, 'none', NULL, NULL FROM n;"
    "INSERT INTO auth_result SELECT 1000 + i, 2, 'spf', 'a.example', NULL, 'mfrom', 'temperror', NULL, NULL FROM n;"
    "INSERT INTO source SELECT 1000 + i, CAST(printf('%016d', i) AS BLOB), 'address ' || i FROM n;"
    "INSERT INTO report (id, reporter_id, domain_id, policy_id, report_id, date_begin, date_end, day, org_name, email,"
    " xml_namespace, received, records, messages, unknown_elements, identity_key, content_hash, hash_version, counted,"
    " conflict, damaged) SELECT 1000 + i, 1, 1, 1, 'r' || i, iif(i % 10 = 0, 0, 1500000000 + i * 86400),"
    " 1500000000 + i * 86400, strftime('%Y-%m-%d', 1500000000 + i * 86400, 'unixepoch'), '', '', '', 1900000000, 8, 8, "
    "0,"
    " CAST(printf('%016d', i) AS BLOB), zeroblob(32), 1, 1, 0, 0 FROM n;"
    "INSERT INTO ledger (id, item_kind, source, locator, content_hash, size, outcome, received, first_seen, last_seen)"
    " SELECT 1000 + i, 'file', '', '', zeroblob(32), 0, 'stored', 1900000000, 1900000000, 1900000000 FROM n;"
    "INSERT INTO ledger_part (ledger_id, part, path, kind, outcome, report_id) SELECT 1000 + i, 1, '', 'aggregate',"
    " 'stored', 1000 + i FROM n;"
    "INSERT INTO record (id, source_id, count, identifier_id, verdict_id, self_check) SELECT (1000 + i) * 16777216 + k,"
    " 1000 + 1 + (i * 7 + k) % (SELECT max(i) FROM n), 1, 1, 1000 + 1 + (i * 5 + k) % (SELECT max(i) FROM n), 0 FROM n,"
    " (WITH k (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k WHERE k < 8) SELECT k FROM k);"
    "DROP TABLE temp.n";

int count_call(void* calls) {
  ++*static_cast<std::int64_t*>(calls);
  return 0;
}

// In hundreds.
std::int64_t steps_with(int reports) {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const Connection file = connect_raw(folder.file());
  REQUIRE(execute(file.get(), (numbers_sql + std::to_string(reports) + ") SELECT i FROM n").c_str()));
  REQUIRE(execute(file.get(), (std::string("BEGIN; ") + grow_sql + "; COMMIT").c_str()));
  REQUIRE(query_integer(file.get(), "SELECT count(*) FROM record").value() > reports * records_of_a_report);
  std::int64_t calls = 0;
  sqlite3_progress_handler(file.get(), 100, count_call, &calls);
  REQUIRE(run_migration_steps(file.get()));
  sqlite3_progress_handler(file.get(), 0, nullptr, nullptr);
  CHECK(query_integer(file.get(), "SELECT count(*) FROM defect WHERE code = 'date-implausible'").value() ==
        reports / 10);
  CHECK(query_integer(file.get(),
                      "SELECT count(*) FROM verdict WHERE dkim_auth = 'absent' AND spf_auth ="
                      " 'not_verified' AND id > 1000")
            .value() == reports);
  return calls;
}

}  // namespace

TEST_CASE("migration: twice the records take at most 2.3 times the steps") {
  const auto once = steps_with(2'000);
  const auto twice = steps_with(4'000);
  CAPTURE(once, twice);
  CHECK(once > 2'000);
  CHECK(static_cast<double>(twice) <= 2.3 * static_cast<double>(once));
}

}  // namespace ruaudit::store::test
