#include "store/care/query.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/store/summary/planted_database.hpp"

using namespace ruaudit::store;
using ruaudit::model::Cell;

TEST_CASE("a query reads the views") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const auto table =
      run_query(database.path(),
                "SELECT reporter, sum(message_count) AS n, 1.5, NULL, x'00ff' FROM v_record WHERE counted "
                "AND policy_domain = 'example.com' GROUP BY reporter ORDER BY n DESC; -- by volume");
  REQUIRE(table.has_value());
  CHECK(table->columns == std::vector<std::string>{"reporter", "n", "1.5", "NULL", "x'00ff'"});
  REQUIRE(table->rows.size() == 3);
  CHECK(table->rows[0][0] == Cell(std::string("google.com")));
  CHECK(table->rows[0][1] == Cell(std::int64_t{280}));
  CHECK(table->rows[0][2] == Cell(1.5));
  CHECK(table->rows[0][3] == Cell(std::monostate{}));
  CHECK(table->rows[0][4] == Cell(ruaudit::model::Blob{std::string("\x00\xff", 2)}));
  CHECK_FALSE(table->is_cut);
}

TEST_CASE("what is not reading is refused, and nothing has changed") {
  const planted::TestDatabase database;
  database.write(planted::february());
  const char* refused[] = {
      "INSERT INTO store_info VALUES ('a', 'b')",
      "UPDATE report SET counted = 0",
      "DELETE FROM record",
      "REPLACE INTO store_info VALUES ('a', 'b')",
      "WITH x AS (SELECT 1) DELETE FROM record",
      "DROP TABLE record",
      "DROP VIEW v_record",
      "ALTER TABLE record RENAME TO r",
      "CREATE TABLE t (a)",
      "CREATE TEMP TABLE t (a)",
      "CREATE TEMP VIEW t AS SELECT 1",
      "CREATE INDEX i ON record (count)",
      "CREATE TRIGGER t AFTER INSERT ON record BEGIN SELECT 1; END",
      "CREATE VIRTUAL TABLE t USING fts5(a)",
      "ATTACH '/tmp/other.db' AS other",
      "DETACH main",
      "BEGIN",
      "BEGIN IMMEDIATE",
      "COMMIT",
      "ROLLBACK",
      "SAVEPOINT s",
      "RELEASE s",
      "VACUUM",
      "VACUUM INTO '/tmp/copy.db'",
      "ANALYZE",
      "REINDEX",
      "PRAGMA journal_mode = DELETE",
      "PRAGMA journal_mode",
      "PRAGMA query_only = 0",
      "PRAGMA writable_schema = 1",
      "PRAGMA user_version = 7",
      "PRAGMA wal_checkpoint(TRUNCATE)",
      "PRAGMA temp_store_directory = '/tmp'",
      "PRAGMA database_list",
      "SELECT load_extension('x')",
      "SELECT * FROM pragma_database_list",
  };
  for (const char* sql : refused) {
    CAPTURE(sql);
    const auto table = run_query(database.path(), sql);
    REQUIRE_FALSE(table.has_value());
    CHECK((table.error().code == "query-refused" || table.error().code == "query-sql"));
    CHECK_FALSE(table.error().hint.empty());
  }
  CHECK(run_query(database.path(), "SELECT count(*) FROM record")->rows[0][0] == Cell(std::int64_t{10}));
}

TEST_CASE("harmless PRAGMAs, recursion and functions are allowed") {
  const planted::TestDatabase database;
  database.write(planted::february());
  for (const char* sql : {"PRAGMA table_info(record)", "PRAGMA user_version", "SELECT * FROM pragma_table_list",
                          "SELECT * FROM pragma_table_info('record')", "SELECT value FROM json_each('[1, 2]')",
                          "SELECT * FROM json_tree('[1]')",
                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n",
                          "SELECT json_extract('[1]', '$[0]'), upper('a'), date(0, 'unixepoch')", "EXPLAIN SELECT 1",
                          "VALUES (1)", "  SELECT 1 ; ; "}) {
    CAPTURE(sql);
    const auto table = run_query(database.path(), sql);
    if (!table) UNSCOPED_INFO(table.error().message);
    CHECK(table.has_value());
  }
}

TEST_CASE("one statement at a time, none left undone in silence") {
  const planted::TestDatabase database;
  database.write({});
  const struct {
    const char* sql;
    const char* code;
  } cases[] = {{"SELECT 1; SELECT 2", "query-several"},
               {"SELECT 1; DELETE FROM record", "query-several"},
               {"", "query-sql"},
               {"-- nothing", "query-sql"},
               {"SELEC 1", "query-sql"},
               {"SELECT nothing FROM v_record", "query-sql"}};
  for (const auto& c : cases) {
    CAPTURE(c.sql);
    const auto table = run_query(database.path(), c.sql);
    REQUIRE_FALSE(table.has_value());
    CHECK(table.error().code == c.code);
  }
}

TEST_CASE("time, rows and octets are bounded") {
  const planted::TestDatabase database;
  database.write({});
  const std::string endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT ";
  QueryLimits limits;
  limits.time = std::chrono::milliseconds(50);
  const auto late = run_query(database.path(), endless + "count(*) FROM n", limits);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == "query-time");
  limits = {};
  limits.rows = 10;
  const auto many = run_query(database.path(), endless + "i FROM n", limits);
  REQUIRE(many.has_value());
  CHECK(many->rows.size() == 10);
  CHECK(many->is_cut);
  const auto exact = run_query(database.path(), endless + "i FROM n LIMIT 10", limits);
  CHECK_FALSE(exact->is_cut);
  limits = {};
  limits.octets = 1000;
  const auto wide = run_query(database.path(), endless + "hex(zeroblob(50)) FROM n", limits);
  CHECK(wide->is_cut);
  CHECK(wide->rows.size() == 10);
  CHECK_FALSE(run_query(database.path(), "SELECT zeroblob(1000000000)").has_value());
}

TEST_CASE("each of the named queries runs and has rows") {
  const planted::TestDatabase database;
  database.write(planted::february());
  std::set<std::string_view> names;
  CHECK(named_queries().size() >= 10);
  for (const auto& query : named_queries()) {
    CAPTURE(query.name);
    names.insert(query.name);
    CHECK_FALSE(query.description.empty());
    const auto table = run_query(database.path(), query.sql);
    if (!table) UNSCOPED_INFO(table.error().message);
    REQUIRE(table.has_value());
    // Before the first `enrich` no source has a class and no name of DNS a state.
    const bool needs_enrich = query.sql.find("FROM v_source ") != std::string_view::npos ||
                              query.sql.find("FROM v_dns_record") != std::string_view::npos;
    CHECK(table->rows.empty() == (query.name == "rejected" || needs_enrich));
    CHECK(*named_query(query.name) == query.sql);
  }
  CHECK(names.size() == named_queries().size());
  const auto unknown = named_query("nonsense");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().hint.find("failing-sources") != std::string::npos);
}

TEST_CASE("a source that fails is told with all its months, those in which it passes, too") {
  const planted::TestDatabase database;
  auto reports = planted::february();
  const planted::Row passing{"192.0.2.7",    11,
                             "example.com",  ruaudit::model::DkimResult::pass,
                             "b.mailer.net", ruaudit::model::SpfResult::pass,
                             planted::pass};
  reports.push_back(
      {"outlook", "o2", "example.com", planted::at("2024-04-01"), planted::at("2024-04-02") - 1, {passing}});
  database.write(reports);
  const auto told = run_query(database.path(), *named_query("failing-sources"));
  REQUIRE(told.has_value());
  REQUIRE(told->rows.size() == 3);
  CHECK(told->rows[0] == std::vector<Cell>{Cell(std::string("example.com")), Cell(std::string("192.0.2.7")),
                                           Cell(std::int64_t{90}), Cell(std::int64_t{101}),
                                           Cell(std::string("2024-02-01")), Cell(std::string("2024-04-01"))});
  CHECK(told->rows[1][1] == Cell(std::string("2001:db8::bad")));
  CHECK(told->rows[2][1] == Cell(std::string("198.51.100.20")));
}
