// db check finds what it says it finds: every kind of fault is planted into a sound database, which must be clean
// before.
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

struct Fault {
  const char* name;
  const char* sql;
  const char* check;   // which check must speak
  const char* detail;  // and what it must say, in part
};

constexpr Fault faults[] = {
    {"an index that lacks a row",
     "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX record_by_source ON record (count)'"
     " WHERE name = 'record_by_source'; PRAGMA writable_schema=RESET",
     "integrity", "record_by_source"},
    {"a value that a CHECK forbids", "UPDATE verdict SET disposition = 'maybe' WHERE id = 1", "integrity",
     "CHECK constraint failed in verdict"},
    {"a number that a CHECK forbids", "UPDATE record SET self_check = 256 WHERE row_number = 1", "integrity",
     "CHECK constraint failed in record"},
    {"a missing address", "DELETE FROM source WHERE id = 1", "foreign-keys", "missing source"},
    {"a missing verdict", "DELETE FROM verdict WHERE id = 1", "foreign-keys", "missing verdict"},
    {"a missing pair of identifiers", "DELETE FROM identifier_set WHERE id = 1", "foreign-keys",
     "missing identifier_set"},
    {"a missing recipient", "DELETE FROM recipient", "foreign-keys", "missing recipient"},
    {"a missing policy", "DELETE FROM policy", "foreign-keys", "missing policy"},
    {"a missing reporter", "DELETE FROM reporter", "foreign-keys", "missing reporter"},
    {"a missing domain", "DELETE FROM domain", "foreign-keys", "missing domain"},
    {"a missing result class", "DELETE FROM result_class", "foreign-keys", "missing result_class"},
    {"a missing ledger row", "DELETE FROM ledger WHERE id = 1", "foreign-keys", "missing ledger"},
    {"records without their report", "DELETE FROM report WHERE id = 1", "foreign-keys", "has no report"},
    {"chunks without their original", "DELETE FROM original WHERE ledger_id = 1", "foreign-keys", "missing original"},
    {"a report counted twice", "UPDATE report SET counted = 1", "counted", "2 of 2 versions"},
    {"a report counted never", "UPDATE report SET counted = 0", "counted", "0 of 1 versions"},
    {"versions not called a conflict", "UPDATE report SET conflict = 0", "counted", "versions of report"},
    {"a single version called a conflict", "UPDATE report SET conflict = 1", "counted", "1 of 1 versions"},
    {"a lost record", "DELETE FROM record WHERE row_number = 2 AND report_id = 1", "counted", "its rows"},
    {"another count in a record", "UPDATE record SET count = count + 1 WHERE row_number = 2 AND report_id = 1",
     "counted", "its rows"},
    {"another count in a day", "UPDATE domain_day SET messages = messages + 1", "roll-ups", "domain_day"},
    {"a lost day", "DELETE FROM domain_day", "roll-ups", "domain_day"},
    {"another class of results", "UPDATE result_class SET our_dkim = 'aligned'", "roll-ups", "domain_day"},
    {"another authenticity", "UPDATE report SET authenticity = 'authenticated'", "roll-ups", "domain_day"},
    {"another count in a month", "UPDATE domain_month_source SET rejected = rejected + 1", "roll-ups",
     "domain_month_source"},
    {"a lost source of a month", "DELETE FROM domain_month_source WHERE source_id = 1", "roll-ups",
     "domain_month_source"},
    {"another first day of a source", "UPDATE domain_month_source SET first_seen = first_seen - 1", "roll-ups",
     "domain_month_source"},
    {"a lost chunk", "DELETE FROM original_chunk WHERE ledger_id = 1", "ledger", "has 0 chunks"},
    {"another size of an original", "UPDATE original SET size = size + 1 WHERE ledger_id = 1", "ledger", "chunks"},
    {"the same octets in two rows", "UPDATE ledger SET content_hash = (SELECT content_hash FROM ledger WHERE id = 1)",
     "ledger", "octets of item"},
    {"a report nobody brought", "UPDATE ledger_part SET report_id = NULL WHERE report_id = 1", "ledger",
     "named by no ledger row"},
};

// Two reports, one of them in two versions.
void fill(Database& database) {
  auto writer = Writer::create(database);
  REQUIRE(writer);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "mail 1", make_report("a", 40)));
  REQUIRE(ingest(*writer, "mail 2", make_report("b", 40)));
  REQUIRE(ingest(*writer, "mail 3", make_report("b", 40, 2)));
  REQUIRE(writer->commit());
}

bool is_found(Database& database, const Fault& fault) {
  const auto findings = check(database);
  REQUIRE(findings);
  return std::any_of(findings->begin(), findings->end(), [&](const CheckFinding& finding) {
    return finding.check == fault.check && finding.detail.find(fault.detail) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("check: every planted fault is found, by the connection that planted it and by a new one") {
  for (const Fault& fault : faults) {
    CAPTURE(fault.name);
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    fill(database);
    REQUIRE(check_text(database) == "");
    REQUIRE(execute(database.handle(), fault.sql));
    CAPTURE(check_text(database));
    CHECK(is_found(database, fault));
    auto other = Database::open({.path = folder.file(), .access = Access::read_write});
    REQUIRE(other);
    CHECK(is_found(*other, fault));
  }
}

TEST_CASE("check: a connection that only reads finds all but what CHECK constraints forbid, and says so") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  REQUIRE(execute(database.handle(), "UPDATE report SET day = 'x'; DELETE FROM policy"));
  auto reader = Database::open({.path = folder.file(), .access = Access::read_only});
  REQUIRE(reader);
  CHECK(sees_constraints(database));
  CHECK_FALSE(sees_constraints(*reader));
  CHECK(check_text(*reader).find("missing policy") != std::string::npos);
  CHECK(check_text(*reader).find("CHECK constraint") == std::string::npos);
  CHECK(check_text(database).find("CHECK constraint") != std::string::npos);
}

TEST_CASE("check: a writing connection writes on as before") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  const auto before = query_text(database.handle(), "PRAGMA ignore_check_constraints");
  CHECK(check_text(database) == "");
  CHECK(query_text(database.handle(), "PRAGMA ignore_check_constraints") == before);
  CHECK(before == "1\n");
}

}  // namespace ruaudit::store::test
