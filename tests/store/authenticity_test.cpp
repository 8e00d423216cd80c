// What the mails prove of reports: stored, counted anew, and in agreement with the roll-ups.
#include "store/carrier_check.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

void set(Database& database, std::int64_t report_key, Authenticity state, const std::string& as = "") {
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer);
  REQUIRE(writer->begin());
  REQUIRE(writer->set({report_key, state, as, "token: why"}));
  REQUIRE(writer->commit());
}

void fill(Database& database) {
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "mail 1", make_report("a", 40)));
  REQUIRE(ingest(*writer, "mail 2", make_report("b", 40)));
  REQUIRE(ingest(*writer, "mail 3", make_report("b", 40, 2)));
  REQUIRE(ingest(*writer, "mail 4", truncated(make_report("b", 40, 3), 30)));
  REQUIRE(writer->commit());
}

std::string states(Database& database) {
  return query_text(database.handle(),
                    "SELECT report_key, counted, conflict, authenticity, authenticated_as, authenticity_reason FROM"
                    " v_report ORDER BY 1");
}

}  // namespace

TEST_CASE("authenticity: of two conflicting versions the authenticated one counts, and the roll-ups follow") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  CHECK(states(database) == "1|1|0|unchecked||\n2|1|1|unchecked||\n3|0|1|unchecked||\n4|0|1|unchecked||\n");
  set(database, 3, Authenticity::authenticated, "reporter.example");
  CHECK(states(database) ==
        "1|1|0|unchecked||\n2|0|1|unchecked||\n3|1|1|authenticated|reporter.example|token: why\n4|0|1|unchecked||\n");
  CHECK(check_text(database) == "");
  // The first of equals again.
  set(database, 2, Authenticity::authenticated, "reporter.example");
  CHECK(query_text(database.handle(), "SELECT report_key FROM v_report WHERE counted = 1") == "1\n2\n");
  CHECK(check_text(database) == "");
  // Undamaged before damaged, whoever signed it.
  set(database, 2, Authenticity::unauthenticated);
  set(database, 3, Authenticity::unauthenticated);
  set(database, 4, Authenticity::authenticated, "reporter.example");
  CHECK(query_text(database.handle(), "SELECT report_key FROM v_report WHERE counted = 1") == "1\n2\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("authenticity: the classes of a day's totals name it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  set(database, 1, Authenticity::indeterminate);
  CHECK(query_text(database.handle(),
                   "SELECT c.authenticity, sum(t.records) FROM domain_day t JOIN result_class c ON c.id = t.class_id"
                   " GROUP BY 1 ORDER BY 1") == "indeterminate|40\nunchecked|40\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("authenticity: what is not committed has not happened") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  const auto before = states(database);
  {
    auto writer = AuthenticityWriter::create(database);
    REQUIRE(writer->begin());
    REQUIRE(writer->set({3, Authenticity::authenticated, "reporter.example", "x"}));
    REQUIRE(writer->save({1, 5, true, "{}"}));
  }
  CHECK(states(database) == before);
  CHECK_FALSE(CarrierReader::create(database)->kept_answers(1).value());
  CHECK(check_text(database) == "");
}

TEST_CASE("authenticity: a mail waits until DNS has answered for it, and again when its report was read anew") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  const auto waiting = [&] { return count_carriers(database, {}).value(); };
  CHECK(waiting() == 4);
  CHECK(next_carriers(database, {}, 2, 10)->size() == 2);
  CHECK(next_carriers(database, {}, 0, 3)->size() == 3);
  CHECK(count_carriers(database, {CarrierChoice::waiting, 1'700'100'001}).value() == 0);
  CHECK(count_carriers(database, {CarrierChoice::recorded, 0}).value() == 0);
  const auto reports = CarrierReader::create(database)->reports(3);
  REQUIRE(reports);
  REQUIRE(reports->size() == 1);
  CHECK(reports->front().report_key == 3);
  CHECK(reports->front().org_name == "Reporter Inc.");
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  const std::string answers(5000, 'a');
  REQUIRE(writer->save({1, 5, true, answers}));
  REQUIRE(writer->set({1, Authenticity::authenticated, "reporter.example", "x"}));
  REQUIRE(writer->save({2, 5, false, answers}));
  REQUIRE(writer->set({2, Authenticity::indeterminate, "", "dns"}));
  REQUIRE(writer->commit());
  CHECK(waiting() == 3);
  CHECK(count_carriers(database, {CarrierChoice::recorded, 0}).value() == 2);
  CHECK(CarrierReader::create(database)->kept_answers(1).value() == answers);
  CHECK(next_carriers(database, {CarrierChoice::all, 0}, 0, 10)->front().has_answers);
  set(database, 1, Authenticity::unchecked);
  CHECK(waiting() == 4);
  CHECK(check_text(database) == "");
}

TEST_CASE("authenticity: what is pruned takes its answers along") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database);
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->save({1, 5, true, "{}"}));
  REQUIRE(writer->commit());
  REQUIRE(prune(database, "2024-01-01", PruneMode::apply));
  CHECK(query_integer(database.handle(), "SELECT count(*) FROM carrier_check").value() == 0);
  CHECK(check_text(database) == "");
}

}  // namespace ruaudit::store::test
