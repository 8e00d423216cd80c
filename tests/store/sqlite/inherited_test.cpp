// What is wrong in an old file already is carried over and told; what a migration would add refuses it.
#include "store/sqlite/content_check.hpp"
#include "store/sqlite/migration.hpp"
#include "store/sqlite/migration_steps.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

struct Fault {
  int version;
  const char* sql;
  const char* detail;  // of its warning, in part
};

void plant(const std::string& path, const std::string& sql) {
  const Connection old = connect_raw(path);
  REQUIRE(execute(old.get(), ("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; " + sql).c_str()));
}

std::string lines_of(const std::vector<std::string>& warnings) {
  std::string all;
  for (const std::string& line : warnings) all += line + "\n";
  return all;
}

}  // namespace

TEST_CASE("migration: what is wrong in the old file already is told as a warning, and does not keep it from its end") {
  const Fault fault = GENERATE(values<Fault>({
      {2, "UPDATE verdict SET disposition = 'maybe' WHERE id = 1", "CHECK constraint failed in verdict"},
      {2, "DELETE FROM source WHERE id = 1", "missing source"},
      {2, "DELETE FROM verdict WHERE id = 1", "missing verdict"},
      {2, "DELETE FROM identifier_set", "missing identifier_set"},
      {2, "DELETE FROM policy", "missing policy"},
      {2, "DELETE FROM reporter", "missing reporter"},
      {2, "DELETE FROM domain", "missing domain"},
      {2, "DELETE FROM ledger WHERE id = 1", "missing ledger"},
      {2, "DELETE FROM report WHERE id = 1", "has no report"},
      {2, "DELETE FROM original WHERE ledger_id = 1", "missing original"},
      {2, "UPDATE report SET counted = 0", "0 of 1 versions"},
      {2, "UPDATE report SET conflict = 1 - conflict", "versions"},
      {2, "DELETE FROM record WHERE row_number = 2", "its rows"},
      {2, "UPDATE record SET count = count + 1 WHERE row_number = 2", "its rows"},
      {2, "UPDATE domain_month_source SET messages = messages + 1", "domain_month_source"},
      {2, "DELETE FROM domain_month_source WHERE source_id = 1", "domain_month_source"},
      {2, "DELETE FROM original_chunk WHERE ledger_id = 1", "has 0 chunks"},
      {1, "DELETE FROM original_chunk WHERE ledger_id = 1", "has 0 chunks"},
      {1, "UPDATE original SET size = size + 1 WHERE ledger_id = 1", "its original says"},
      {1, "DELETE FROM source WHERE id = 1", "missing source"},
      {2, "UPDATE ledger_part SET report_id = NULL WHERE report_id = 1", "named by no ledger row"},
      {2, "UPDATE failure_report SET sample_policy = 'none'", "under the policy none"},
  }));
  CAPTURE(fault.version, fault.sql);
  const TemporaryFolder folder;
  restore_version(fault.version, folder.file());
  plant(folder.file(), fault.sql);
  const auto migrated = migrate({.path = folder.file(), .min_free_octets = 0}, {});
  if (!migrated) FAIL(migrated.error().message);
  CHECK(lines_of(migrated->warnings).find(fault.detail) != std::string::npos);
  auto database = open_database(folder.file());
  CHECK(check_text(database) == lines_of(migrated->warnings));
}

TEST_CASE("migration: totals that a step recomputes are right afterwards, and no warning speaks of them") {
  const std::string sql =
      GENERATE("DELETE FROM result_class", "DELETE FROM domain_day", "UPDATE domain_day SET messages = messages + 1",
               "UPDATE report SET authenticity = 'authenticated'");
  CAPTURE(sql);
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  plant(folder.file(), sql);
  const auto migrated = migrate({.path = folder.file(), .min_free_octets = 0}, {});
  REQUIRE(migrated);
  CHECK(migrated->warnings.empty());
  auto database = open_database(folder.file());
  CHECK(check_text(database) == "");
}

TEST_CASE("migration: of a sound file there is no warning") {
  const int version = GENERATE(1, 2);
  const TemporaryFolder folder;
  restore_version(version, folder.file());
  const auto migrated = migrate({.path = folder.file(), .min_free_octets = 0}, {});
  REQUIRE(migrated);
  CHECK(migrated->warnings.empty());
}

TEST_CASE("migrated: what the old file did not have is added, also beside the same that it had") {
  const TemporaryFolder folder;
  restore_version(2, folder.file());
  const Connection older = connect_raw(folder.file());
  const std::string wrong_month = "UPDATE domain_month_source SET messages = messages + 1 WHERE source_id = ";
  REQUIRE(execute(older.get(), (wrong_month + "1").c_str()));
  REQUIRE(execute(older.get(), ("VACUUM INTO '" + folder.file("made.db") + "'").c_str()));
  const Connection made = connect_raw(folder.file("made.db"));
  REQUIRE(run_migration_steps(made.get()));
  const auto inherited = check_migrated(made.get(), older.get(), {});
  REQUIRE(inherited);
  CHECK_FALSE(inherited->inherited.empty());
  CHECK(inherited->added.empty());
  REQUIRE(execute(made.get(), (wrong_month + "2").c_str()));
  const auto both = check_migrated(made.get(), older.get(), {});
  REQUIRE(both);
  CHECK(both->inherited == inherited->inherited);
  REQUIRE_FALSE(both->added.empty());
  CHECK(both->added.front().find("source 2") != std::string::npos);
}

}  // namespace ruaudit::store::test
