// A kept answer is there as long as judging again would give the same, and no longer.
#include "store/kept/answers.hpp"

#include "../store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

constexpr const char* asked_sql = "SELECT count(*), (SELECT count(*) FROM label) FROM v_report";

void keep(Database& database, const std::string& question, const std::string& content) {
  auto moment = Moment::begin(database);
  REQUIRE(moment);
  REQUIRE(query_integer(database.handle(), asked_sql));
  REQUIRE(keep_answers(*moment, {{question, 1'700'000'000, content}}));
}

std::string found(const Database& database, const std::string& question = "how many") {
  const auto answer = kept_answer(database, question);
  return answer ? answer->content : "nothing";
}

void change(Database& database, const std::string& sql) { REQUIRE(execute(database.handle(), sql.c_str())); }

TEST_CASE("kept: an answer is found by its question, with its time") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  keep(database, "how many", std::string(100'000, 'a'));
  const auto answer = kept_answer(database, "how many");
  REQUIRE(answer);
  CHECK(answer->content == std::string(100'000, 'a'));
  CHECK(answer->made_at == 1'700'000'000);
  CHECK_FALSE(kept_answer(database, "how much"));
}

TEST_CASE("kept: a fact that is stored removes it, also by another connection") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  keep(database, "how many", "none");
  {
    auto other = open_database(folder.file());
    auto writer = Writer::create(other);
    REQUIRE(writer->begin());
    REQUIRE(ingest(*writer, "item", make_report("1", 3, 1)));
    CHECK(found(database) == "none");  // not committed yet
    REQUIRE(writer->commit());
  }
  CHECK(found(database) == "nothing");
}

TEST_CASE("kept: a report that another version supersedes, and one that is pruned, remove it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  const auto bring = [&](const std::string& content, unsigned seed) {
    auto writer = Writer::create(database);
    REQUIRE(writer->begin());
    REQUIRE(ingest(*writer, content, make_report("1", 3, seed)));
    REQUIRE(writer->commit());
  };
  bring("mail 1", 1);
  keep(database, "how many", "one");
  bring("mail 2", 2);
  CHECK(found(database) == "nothing");
  keep(database, "how many", "one of two");
  REQUIRE(prune(database, "2030-01-01", PruneMode::apply));
  CHECK(found(database) == "nothing");
}

TEST_CASE("kept: what was read is watched, also behind views, and the reports, for every kind of change") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto moment = Moment::begin(database);
  REQUIRE(query_integer(database.handle(), asked_sql));
  const auto tables = moment->tables();
  CHECK(tables.contains("report"));
  CHECK(tables.contains("label"));
  REQUIRE(keep_answers(*moment, {{"how many", 0, "none"}}));
  for (const std::string table : {"report", "tls_report", "label"}) {
    CAPTURE(table);
    const std::string sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '" + table +
                            "' AND name LIKE 'kept\\_%' ESCAPE '\\'";
    CHECK(query_integer(database.handle(), sql.c_str()).value() == 3);
  }
}

TEST_CASE("kept: what is rolled back, and what changes no row, leaves it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  keep(database, "how many", "none");
  change(database, "DELETE FROM label WHERE 0");
  CHECK(found(database) == "none");
  change(database, "BEGIN; INSERT INTO label VALUES ('address', '192.0.2.1', 'mine', NULL, 0)");
  CHECK(found(database) == "nothing");
  change(database, "ROLLBACK");
  CHECK(found(database) == "none");
}

TEST_CASE("kept: nothing is kept where somebody has written since the moment began, or is writing") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto other = open_database(folder.file());
  auto moment = Moment::begin(database);
  REQUIRE(query_integer(database.handle(), asked_sql));
  change(other, "INSERT INTO store_info VALUES ('x', 'y')");
  CHECK_FALSE(keep_answers(*moment, {{"how many", 0, "none"}}));
  auto again = Moment::begin(database);
  change(other, "BEGIN IMMEDIATE; INSERT INTO store_info VALUES ('z', 'y')");
  CHECK_FALSE(keep_answers(*again, {{"how many", 0, "none"}}));
  change(other, "COMMIT");
  CHECK(found(database) == "nothing");
}

TEST_CASE("kept: the moment stays what it was while others write") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto other = open_database(folder.file());
  const char* const count = "SELECT count(*) FROM store_info";
  auto moment = Moment::begin(database);
  const auto before = query_integer(database.handle(), count).value();
  change(other, "INSERT INTO store_info VALUES ('x', 'y')");
  CHECK(query_integer(database.handle(), count).value() == before);
  CHECK_FALSE(moment->end());
  CHECK(query_integer(database.handle(), count).value() == before + 1);
}

TEST_CASE("kept: the newest answers stay, and one that is too long is made again each time") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (std::size_t i = 0; i < most_kept_answers + 2; ++i) keep(database, "question " + std::to_string(i), "answer");
  CHECK(found(database, "question 1") == "nothing");
  CHECK(found(database, "question 2") == "answer");
  keep(database, "long", std::string(longest_kept_answer, 'a'));
  CHECK(found(database, "long").size() == longest_kept_answer);
  keep(database, "longer", std::string(longest_kept_answer + 1, 'a'));
  CHECK(found(database, "longer") == "nothing");
}

TEST_CASE("kept: content that cannot be read is no answer") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  keep(database, "how many", "none");
  change(database, "UPDATE kept_answer SET content = x'00010203'");
  CHECK(found(database) == "nothing");
  change(database, "UPDATE kept_answer SET octets = -1");
  CHECK(found(database) == "nothing");
}

TEST_CASE("kept: a file that must not be written to is read all the same") {
  const TemporaryFolder folder;
  { open_database(folder.file()); }
  auto database = Database::open({.path = folder.file(), .access = Access::read_only});
  REQUIRE(database);
  auto moment = Moment::begin(*database);
  REQUIRE(moment);
  REQUIRE(query_integer(database->handle(), asked_sql));
  CHECK(keep_answers(*moment, {{"how many", 0, "none"}}));  // the file may be: this connection alone must not
  CHECK(found(*database) == "none");
}

}  // namespace
}  // namespace ruaudit::store::test
