// Contents that are stored once, while known and new ones stand side by side in one statement.
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

// Each record says the same of one number: its address, its name and its selector.
TestReport numbered_report(const std::string& id, unsigned step) {
  TestReport report = make_report(id, 0);
  for (unsigned number = 0; number < 80; number += step) {
    auto record = make_record(static_cast<std::uint32_t>(report.records.size() + 1), 1);
    const std::string text = std::to_string(number);
    record.source_ip = model::IpAddress::v4(0xC6336400U + number);
    record.identifiers.header_from = "h" + text + ".example.com";
    record.auth_results.dkim.front().selector = "s" + text;
    report.records.push_back(std::move(record));
  }
  return report;
}

void add_with_empty_caches(Database& database, const std::string& id, unsigned step) {
  auto writer = Writer::create(database);
  REQUIRE(writer);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, id, numbered_report(id, step)));
  REQUIRE(writer->commit());
}

constexpr const char* agreeing_records_sql =
    "SELECT count(*) FROM record r JOIN source s ON s.id = r.source_id JOIN identifier_set i ON i.id = r.identifier_id"
    " JOIN auth_result a ON a.verdict_id = r.verdict_id AND a.mechanism = 'dkim'"
    " WHERE s.text = '198.51.100.' || substr(a.selector, 2) AND i.header_from = 'h' || substr(a.selector, 2) || "
    "'.example.com'";

}  // namespace

TEST_CASE("interned contents: a writer without them in memory finds the known ones between the new ones") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  add_with_empty_caches(database, "every second", 2);
  add_with_empty_caches(database, "all", 1);
  add_with_empty_caches(database, "all again", 1);
  CHECK(query_text(database.handle(), agreeing_records_sql) == "200\n");
  for (const char* table : {"source", "identifier_set", "verdict"})
    CHECK(query_text(database.handle(), std::string("SELECT count(*) FROM ") + table) == "80\n");
  CHECK(query_text(database.handle(), "SELECT count(*), count(DISTINCT verdict_id) FROM auth_result") == "160|80\n");
  CHECK(check_text(database).empty());
}

}  // namespace ruaudit::store::test
