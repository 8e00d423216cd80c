// The index of records by address: put off while a new file takes in its first records, made when they are there.
#include "store/aggregate/source_index.hpp"

#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

std::string index_of(Database& database) {
  return query_text(database.handle(), "SELECT sql FROM sqlite_schema WHERE name = 'record_by_source'");
}

void fill_with_reports(Database& database) {
  auto writer = Writer::create(database);
  REQUIRE(writer);
  REQUIRE(writer->begin());
  for (unsigned n = 0; n < 5; ++n)
    REQUIRE(ingest(*writer, "item " + std::to_string(n), make_report(std::to_string(n), 20, n)));
  REQUIRE(writer->commit());
}

}  // namespace

TEST_CASE("source index: a new file takes in its records without it and has it afterwards as schema.sql says it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  const auto of_schema = index_of(database);
  REQUIRE(of_schema.find("record (source_id)") != std::string::npos);
  REQUIRE(put_off_source_index(database));
  CHECK(index_of(database).empty());
  fill_with_reports(database);
  REQUIRE(make_source_index(database));
  CHECK(index_of(database) == of_schema);
  CHECK(check_text(database).empty());
  const auto plan =
      query_text(database.handle(), "EXPLAIN QUERY PLAN SELECT * FROM v_record WHERE source_ip = '192.0.2.1'");
  CHECK(plan.find("record_by_source") != std::string::npos);
}

TEST_CASE("source index: a file with records keeps it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill_with_reports(database);
  const auto before = index_of(database);
  REQUIRE(put_off_source_index(database));
  CHECK(index_of(database) == before);
}

TEST_CASE("source index: a run that was killed before it was made leaves it to the next one") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill_with_reports(database);
  const auto before = index_of(database);
  const auto cache = query_text(database.handle(), "PRAGMA cache_size");
  REQUIRE(execute(database.handle(), "DROP INDEX record_by_source"));
  REQUIRE(put_off_source_index(database));
  REQUIRE(make_source_index(database));
  CHECK(index_of(database) == before);
  CHECK(query_text(database.handle(), "PRAGMA cache_size") == cache);
  REQUIRE(make_source_index(database));  // twice is once
  CHECK(check_text(database).empty());
}

}  // namespace ruaudit::store::test
