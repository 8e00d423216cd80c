// Files of older versions: tests/store/sqlite/version-N.sql is what version N wrote.
#include <cctype>
#include <map>

#include "store/sqlite/schema_version.hpp"
#include "tests/store/sqlite/older_file.hpp"

namespace ruaudit::store::test {
namespace {

// SQL text without comments, and blanks only where two words meet.
std::string squeezed(std::string_view sql) {
  std::string out;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql.substr(i, 2) == "--")
      i = std::min(sql.find('\n', i), sql.size() - 1);
    else if (std::isspace(static_cast<unsigned char>(sql[i])) == 0)
      out += sql[i];
  }
  return out;
}

// Every object of the schema by what it does: tables by columns and references, the rest by its text.
std::map<std::string, std::string> schema_of(sqlite3* db) {
  std::map<std::string, std::string> objects;
  auto select = Statement::prepare(db, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema");
  REQUIRE(select);
  while (select->step().value()) {
    const std::string type(select->text(0));
    const std::string name(select->text(1));
    objects[type + " " + name] =
        type == "table" ? query_text(db, "SELECT * FROM pragma_table_xinfo('" + name + "')") +
                              query_text(db, "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('" +
                                                 name + "') ORDER BY 1, 2, 3") +
                              query_text(db, "SELECT type, wr, strict FROM pragma_table_list('" + name + "')")
                        : squeezed(select->text(2));
  }
  return objects;
}

// The text of every table that an older file did not have; its CHECKs are nowhere else.
std::map<std::string, std::string> new_tables(sqlite3* db, const std::map<std::string, std::string>& old) {
  std::map<std::string, std::string> texts;
  auto select = Statement::prepare(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  REQUIRE(select);
  while (select->step().value())
    if (!old.contains("table " + std::string(select->text(0))))
      texts[std::string(select->text(0))] = squeezed(select->text(1));
  return texts;
}

}  // namespace

TEST_CASE("migration: a migrated file has the schema of a fresh one") {
  const int version = GENERATE(1, 2);
  CAPTURE(version);
  const TemporaryFolder folder;
  restore_version(version, folder.file("old.db"));
  std::map<std::string, std::string> old;
  {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(folder.file("old.db").c_str(), &raw) == SQLITE_OK);
    const Connection connection(raw);
    old = schema_of(raw);
  }
  const auto migrated = open_database(folder.file("old.db"));
  const auto fresh = open_database(folder.file("new.db"));
  const auto got = schema_of(migrated.handle());
  const auto want = schema_of(fresh.handle());
  for (const auto& [name, text] : want) {
    CAPTURE(name);
    REQUIRE(got.contains(name));
    CHECK(got.at(name) == text);
  }
  CHECK(got.size() == want.size());
  const auto tables = new_tables(fresh.handle(), old);
  CHECK(new_tables(migrated.handle(), old) == tables);
  CHECK(query_integer(migrated.handle(), "PRAGMA user_version").value() == schema_version);
}

TEST_CASE("migration: what the file said it still says, and every check is clean") {
  const int version = GENERATE(1, 2);
  CAPTURE(version);
  const TemporaryFolder folder;
  restore_version(version, folder.file());
  std::string before;
  {
    auto old = Database::open({.path = folder.file(), .access = Access::read_only, .older = OlderFile::accept});
    REQUIRE(old);
    before = logical_content(old->handle());
  }
  CHECK(before.size() > 2000);
  auto database = open_database(folder.file());
  CHECK(logical_content(database.handle()) == before);
  CHECK(check_text(database) == "");
  CHECK(query_integer(database.handle(), "SELECT count(*) FROM v_report").value() == (version == 1 ? 10 : 8));
}

// RFC 8601 sections 2.7.1 and 2.7.2
TEST_CASE("migration from version 2: verdicts, classes and totals say absent and not verified") {
  const TemporaryFolder folder;
  restore("version-2-results.sql", folder.file());
  auto database = open_database(folder.file());
  CHECK(query_text(
            database.handle(),
            "SELECT source_ip, message_count, dkim_auth, spf_auth FROM v_record ORDER BY source_ip, message_count") ==
        "192.0.2.1|1|absent|absent\n192.0.2.1|10|absent|absent\n192.0.2.2|2|not_verified|not_verified\n"
        "192.0.2.3|3|not_verified|failed\n192.0.2.4|4|failed|absent\n192.0.2.5|5|absent|failed\n"
        "192.0.2.6|6|failed|failed\n192.0.2.7|7|passed|passed\n192.0.2.8|8|absent|absent\n192.0.2.9|9|passed|failed\n");
  CHECK(check_text(database) == "");
  // Ids of classes pack their columns: bits 7 to 10 are what was told anew.
  CHECK(query_integer(
            database.handle(),
            "SELECT count(*) FROM result_class WHERE ((id >> 7) & 3) <> CASE dkim_auth WHEN 'failed' THEN 1 WHEN "
            "'passed' THEN 2 WHEN 'not_verified' THEN 3 ELSE 0 END OR id > (1 << 22)")
            .value() == 0);
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM domain_day").value() == 55);
}

TEST_CASE("migration from version 2: dates that cannot be are absent, and the other end or the arrival sets the day") {
  const TemporaryFolder folder;
  restore("version-2-results.sql", folder.file());
  {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &raw) == SQLITE_OK);
    const Connection connection(raw);
    // As version 2 stored a report with the dates 0 and 2026-01-01, and one with those of the years 1998 and 2612.
    REQUIRE(
        execute(raw,
                "UPDATE domain_day SET day = '1998-01-01' WHERE day = '2026-01-01';"
                "UPDATE domain_day SET day = '2311-06-01' WHERE day = '2026-01-02';"
                "UPDATE domain_month_source SET month = '1998-01' WHERE month = '2026-01';"
                "UPDATE report SET date_begin = 0, day = '1998-01-01' WHERE id = 1;"
                "UPDATE report SET date_begin = 883612800, date_end = 20260101000, day = '2311-06-01' WHERE id = 2;"));
  }
  auto database = open_database(folder.file());
  CHECK(query_text(database.handle(), "SELECT id, date_begin, date_end, day FROM report WHERE id < 3 ORDER BY id") ==
        "1||1767311999|2026-01-01\n2|||2026-11-29\n");
  CHECK(query_text(database.handle(),
                   "SELECT report_id, detail FROM defect WHERE code = 'date-implausible' ORDER BY 1, 2") ==
        "1|0\n2|20260101000\n2|883612800\n");
  CHECK(check_text(database) == "");
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM domain_day").value() == 55);
}

TEST_CASE("migration: a read-only command says what to do, and changes nothing") {
  const TemporaryFolder folder;
  restore_version(1, folder.file());
  const auto refused = Database::open({.path = folder.file(), .access = Access::read_only});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "database-older");
  CHECK(refused.error().hint.find("ruaudit db migrate") != std::string::npos);
  CHECK(version_of(folder.file()) == 1);
}

TEST_CASE("migration: a copy can be made before, and stays what it was") {
  const TemporaryFolder folder;
  restore_version(1, folder.file());
  {
    auto old = Database::open({.path = folder.file(), .access = Access::read_only, .older = OlderFile::accept});
    REQUIRE(old);
    REQUIRE(backup(*old, folder.file("copy.db")));
  }
  static_cast<void>(open_database(folder.file()));
  CHECK(version_of(folder.file()) == schema_version);
  CHECK(version_of(folder.file("copy.db")) == 1);
}

TEST_CASE("migration: a step that fails leaves the file as it was") {
  const TemporaryFolder folder;
  restore_version(1, folder.file());
  {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &raw) == SQLITE_OK);
    const Connection connection(raw);
    // A name that the last statements of the step need.
    REQUIRE(execute(raw, "CREATE TABLE pending_failure (x)"));
  }
  const auto failed = Database::open({.path = folder.file(), .access = Access::read_write});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "database-migration");
  CHECK(failed.error().message.find("pending_failure") != std::string::npos);
  CHECK(version_of(folder.file()) == 1);
  auto old = Database::open({.path = folder.file(), .access = Access::read_only, .older = OlderFile::accept});
  REQUIRE(old);
  CHECK(query_integer(old->handle(), "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'failure%'").value() == 0);
  CHECK(query_integer(old->handle(), "SELECT count(*) FROM v_report").value() == 10);
}

TEST_CASE("migration: another program's file of a plausible version is not touched") {
  const TemporaryFolder folder;
  {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &raw) == SQLITE_OK);
    const Connection connection(raw);
    REQUIRE(execute(raw, "CREATE TABLE t (x); PRAGMA user_version=1"));
  }
  CHECK(Database::open({.path = folder.file()}).error().code == "database-foreign");
  CHECK(version_of(folder.file()) == 1);
}

}  // namespace ruaudit::store::test
