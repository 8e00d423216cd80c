// What a migration compares: whatever is lost, added or changed on the way is found, and what the steps do is not.
#include "store/sqlite/copied_content.hpp"

#include "store/sqlite/migration_steps.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

struct Pair {
  TemporaryFolder folder;
  Connection original, copy;

  explicit Pair(int version) {
    restore_version(version, folder.file());
    original = connect_raw(folder.file());
    REQUIRE(execute(original.get(), ("VACUUM INTO '" + folder.file("copy.db") + "'").c_str()));
    copy = connect_raw(folder.file("copy.db"));
  }
  std::string carried_over() {
    const auto done = check_carried_over(original.get(), copy.get());
    return done ? "" : done.error().message;
  }
  std::string copied() {
    const auto done = check_copied(original.get(), copy.get());
    return done ? "" : done.error().message;
  }
  void change(const char* sql) {
    REQUIRE(execute(copy.get(), sql));
    REQUIRE(sqlite3_changes(copy.get()) > 0);
  }
};

struct Loss {
  const char* table;
  const char* sql;
};

}  // namespace

TEST_CASE("compared: a copy, and a copy after the steps, have what the old file has") {
  const int version = GENERATE(1, 2);
  CAPTURE(version);
  Pair pair(version);
  CHECK(pair.copied() == "");
  CHECK(pair.carried_over() == "");
  REQUIRE(run_migration_steps(pair.copy.get()));
  CHECK(pair.carried_over() == "");
}

TEST_CASE("compared: after the steps every table is looked at row by row, by number and content") {
  const Loss loss = GENERATE(values<Loss>({
      {"record", "UPDATE record SET count = count + 1 WHERE id = (SELECT max(id) FROM record)"},
      {"record", "UPDATE record SET recipient_id = NULL WHERE recipient_id IS NOT NULL"},
      {"record", "DELETE FROM record WHERE id = (SELECT max(id) FROM record)"},
      {"source", "UPDATE source SET text = text || '0' WHERE id = (SELECT max(id) FROM source)"},
      {"report", "UPDATE report SET org_name = 'x' WHERE id = (SELECT max(id) FROM report)"},
      {"report", "DELETE FROM report WHERE id = (SELECT min(id) FROM report)"},
      {"verdict", "UPDATE verdict SET overridden = 1 - overridden WHERE id = (SELECT max(id) FROM verdict)"},
      {"auth_result", "UPDATE auth_result SET selector = 'x' WHERE mechanism = 'dkim'"},
      {"identifier_set", "UPDATE identifier_set SET envelope_from = 'x'"},
      {"ledger", "UPDATE ledger SET locator = 'x' WHERE id = (SELECT max(id) FROM ledger)"},
      {"original_chunk", "UPDATE original_chunk SET data = zeroblob(length(data))"},
      {"domain", "INSERT INTO domain (name) VALUES ('added.example')"},
      {"defect", "DELETE FROM defect WHERE id = (SELECT min(id) FROM defect)"},
      {"store_info", "UPDATE store_info SET value = 'x'"},
  }));
  CAPTURE(loss.sql);
  Pair pair(2);
  REQUIRE(run_migration_steps(pair.copy.get()));
  pair.change(loss.sql);
  CHECK(pair.carried_over().find(" of " + std::string(loss.table) + " ") != std::string::npos);
}

TEST_CASE("compared: tables that the steps change are looked at before, with all their columns") {
  const Loss loss = GENERATE(values<Loss>({
      {"report", "UPDATE report SET day = '2001-01-01' WHERE id = (SELECT max(id) FROM report)"},
      {"verdict", "UPDATE verdict SET spf_auth = 'absent'"},
      {"domain_day", "UPDATE domain_day SET messages = messages + 1"},
      {"domain_month_source", "DELETE FROM domain_month_source"},
      {"result_class", "DELETE FROM result_class WHERE id = (SELECT max(id) FROM result_class)"},
      {"defect", "INSERT INTO defect (report_id, row_number, line, code, detail) VALUES (1, 0, 0, 'x', 'x')"},
  }));
  CAPTURE(loss.sql);
  Pair pair(2);
  pair.change(loss.sql);
  CHECK(pair.copied().find(" of " + std::string(loss.table) + " ") != std::string::npos);
}

TEST_CASE("compared: a table that is missing in the copy is told") {
  Pair pair(2);
  REQUIRE(execute(pair.copy.get(), "DROP TABLE mailbox_attempt"));
  CHECK(pair.copied().find("tables") != std::string::npos);
}

}  // namespace ruaudit::store::test
