// The file, the views, their promise and their plans.
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "store/aggregate/arc_comment.hpp"
#include "tests/paths.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> documented_queries() {
  const std::string text = read_file(ruaudit::test::source_path("docs/schema.md"));
  std::vector<std::string> queries;
  for (std::size_t at = text.find("```sql\n"); at != std::string::npos; at = text.find("```sql\n", at)) {
    at += 7;
    queries.push_back(text.substr(at, text.find("```", at) - at));
  }
  return queries;
}

void fill(const std::string& path) {
  auto database = open_database(path);
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  for (unsigned n = 0; n < 5; ++n)
    REQUIRE(ingest(*writer, "item " + std::to_string(n), make_report(std::to_string(n), 20, n)));
  REQUIRE(writer->commit());
}

}  // namespace

TEST_CASE("file: a new database is the owner's alone, in a folder of his own") {
  const TemporaryFolder folder;
  const auto path = folder.file("made/here/new.db");
  const auto database = open_database(path);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat(folder.file("made/here").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("file: what is not ours is refused") {
  const TemporaryFolder folder;
  {
    auto database = open_database(folder.file());
    REQUIRE(execute(database.handle(), ("PRAGMA user_version=" + std::to_string(schema_version + 1)).c_str()));
  }
  CHECK(Database::open({.path = folder.file()}).error().code == "database-newer");
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  CHECK(Database::open({.path = folder.file("text.db")}).error().code == "database-foreign");
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(folder.file("other.db").c_str(), &other) == SQLITE_OK);
  CHECK(sqlite3_exec(other, "CREATE TABLE t(x)", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  CHECK(Database::open({.path = folder.file("other.db")}).error().code == "database-foreign");
  CHECK(Database::open({.path = folder.file("none.db"), .access = Access::read_only}).error().code == "database-open");
}

TEST_CASE("views: the documented queries run in the stock shell") {
  const TemporaryFolder folder;
  fill(folder.file());
  const auto queries = documented_queries();
  REQUIRE(queries.size() == 13);
  if (std::system("command -v sqlite3 >/dev/null 2>&1") != 0) {
    WARN("the sqlite3 shell is not installed: its part of this test is skipped");
    return;
  }
  for (const auto& query : queries) {
    CAPTURE(query);
    std::ofstream(folder.file("query.sql")) << query;
    const auto command = "sqlite3 -readonly -bail " + folder.file() + " < " + folder.file("query.sql") + " > " +
                         folder.file("answer") + " 2>&1";
    CHECK(std::system(command.c_str()) == 0);
  }
}

TEST_CASE("views: sums over counted records are those of the roll-ups") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  const auto records = query_integer(database.handle(), "SELECT sum(message_count) FROM v_record WHERE counted");
  CHECK(records.value() > 0);
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM domain_day").value() == *records);
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM domain_month_source").value() == *records);
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM v_source_daily").value() == *records);
  CHECK(query_integer(database.handle(), "SELECT sum(messages) FROM v_report WHERE counted").value() == *records);
}

TEST_CASE("views: the filters that are documented as fast do not read all records") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  for (const char* query :
       {"SELECT * FROM v_record WHERE report_key = 1", "SELECT * FROM v_record WHERE source_ip = '192.0.2.1'",
        "SELECT * FROM v_record WHERE day = '2023-11-15'",
        "SELECT * FROM v_record WHERE policy_domain = 'example.com' AND day BETWEEN '2023-11-01' AND '2023-11-30'",
        "SELECT * FROM v_auth_result WHERE report_key = 1", "SELECT * FROM v_auth_result WHERE source_ip = '192.0.2.1'",
        "SELECT * FROM v_override WHERE day = '2023-11-15'",
        "SELECT * FROM v_source_daily WHERE policy_domain = 'example.com' AND day = '2023-11-15'",
        "SELECT * FROM v_source_daily WHERE source_ip = '192.0.2.1'",
        "SELECT c.disposition, sum(t.messages) FROM domain_day t JOIN result_class c ON c.id = t.class_id"
        " WHERE t.domain_id = 1 AND t.day BETWEEN '2023-11-01' AND '2023-11-30' GROUP BY 1",
        "SELECT source_id, sum(messages - passed) FROM domain_month_source WHERE domain_id = 1 GROUP BY 1 ORDER BY 2 "
        "DESC"}) {
    CAPTURE(query);
    const auto plan = query_text(database.handle(), std::string("EXPLAIN QUERY PLAN ") + query);
    CAPTURE(plan);
    CHECK(plan.find("SCAN r\n") == std::string::npos);
    CHECK(plan.find("SCAN b\n") == std::string::npos);
    CHECK(plan.find("SCAN p\n") == std::string::npos);
  }
}

TEST_CASE("copies: a backup and an export can be read, the export without originals") {
  const TemporaryFolder folder;
  fill(folder.file());
  auto database = open_database(folder.file());
  REQUIRE(backup(database, folder.file("backup.db")));
  REQUIRE(export_copy(database, {.path = folder.file("export.db")}));
  CHECK(backup(database, folder.file("backup.db")).error().code == "file-exists");
  const auto wanted = logical_content(database.handle());
  for (const char* name : {"backup.db", "export.db"}) {
    CAPTURE(name);
    auto copy = Database::open({.path = folder.file(name), .access = Access::read_only});
    REQUIRE(copy);
    CHECK(logical_content(copy->handle()) == wanted);
    CHECK(check_text(*copy) == "");
    CHECK(query_text(copy->handle(), "PRAGMA journal_mode") == "delete\n");
    const auto originals = query_integer(copy->handle(), "SELECT count(*) FROM original_chunk");
    CHECK(originals.value() == (std::string(name) == "export.db" ? 0 : 5));
  }
}

TEST_CASE("check: a planted fault is found by name") {
  struct Fault {
    const char* sql;
    const char* check;
  };
  for (const Fault fault :
       {Fault{"UPDATE domain_day SET messages = messages + 1", "roll-ups"},
        Fault{"UPDATE report SET counted = 0 WHERE id = 1", "counted"},
        Fault{"DELETE FROM source WHERE id = 1", "foreign-keys"},
        Fault{"DELETE FROM record WHERE id = (SELECT min(id) FROM record)", "counted"},
        Fault{"DELETE FROM original_chunk WHERE id = (SELECT min(id) FROM original_chunk)", "ledger"}}) {
    CAPTURE(fault.sql);
    const TemporaryFolder folder;
    fill(folder.file());
    auto database = open_database(folder.file());
    REQUIRE(check_text(database) == "");
    REQUIRE(execute(database.handle(), fault.sql));
    CHECK(check_text(database).find(fault.check) != std::string::npos);
  }
}

// RFC 8617 section 7.2.2
TEST_CASE("overrides: an ARC comment is taken apart") {
  const auto arc = parse_arc_comment(
      "arc=pass as[2].d=D2.example as[2].s=s2 as[1].d=d1.example as[1].s=s1 remote-ip[1]=2001:DB8::1A");
  CHECK(arc.result == "pass");
  CHECK(arc.chain == R"([{"i":2,"d":"d2.example","s":"s2"},{"i":1,"d":"d1.example","s":"s1"}])");
  CHECK(arc.remote_ip == "2001:db8::1a");
  CHECK(parse_arc_comment("arc=pass").result == "pass");
  CHECK_FALSE(parse_arc_comment("arc=pass").chain);
  CHECK_FALSE(parse_arc_comment("looks like a mailing list").result);
  CHECK_FALSE(parse_arc_comment("as[1].d=x").result);
  CHECK_FALSE(parse_arc_comment("arc=fail as[51].d=x as[0].d=y as[x].d=z as[].d=w").chain);
}

}  // namespace ruaudit::store::test
