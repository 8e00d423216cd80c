// The roll-ups by day follow the records: whenever they are made, in however many runs, and at a cost that follows what
// has changed.
#include "store/facts/streams.hpp"

#include "store/carrier_check.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

constexpr std::int64_t seconds_of_a_day = 86'400;

// Report `number`: of three reporters and two domains.
TestReport report_of(unsigned number, std::uint32_t rows, unsigned day) {
  auto made = make_report("r" + std::to_string(number), rows, number);
  made.report.header.metadata.org_name = "Reporter " + std::to_string(number % 3);
  auto& range = made.report.header.metadata.date_range;
  *range.begin += day * seconds_of_a_day;
  *range.end += day * seconds_of_a_day;
  if (number % 5 == 0) made.report.header.policy_published.domain = "example.org";
  return made;
}

void store_report(Database& database, unsigned number, unsigned day, std::uint32_t rows = 30) {
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "mail " + std::to_string(number), report_of(number, rows, day)));
  REQUIRE(writer->commit());
}

void judge_report(Database& database, std::int64_t report_key) {
  constexpr Authenticity states[] = {Authenticity::authenticated, Authenticity::unauthenticated,
                                     Authenticity::indeterminate};
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->set({report_key, states[report_key % 3], "", "token: why"}));
  REQUIRE(writer->commit());
}

// Names get their numbers in the order in which they come.
constexpr const char* auth_months_sql =
    "SELECT m.domain_id, m.month, n.mechanism, n.domain, n.selector, m.passed, m.not_passed, m.unaligned, m.sources,"
    " m.first_day, m.last_day FROM auth_month m JOIN auth_name n ON n.id = m.auth_id ORDER BY 1, 2, 3, 4, 5";
constexpr const char* override_months_sql =
    "SELECT m.domain_id, m.month, n.type, n.arc, n.arc_domain, m.messages, m.sources FROM override_month m"
    " JOIN override_name n ON n.id = m.override_id ORDER BY 1, 2, 3, 4, 5";

std::string rows_of(Database& database) {
  std::string all;
  for (const char* sql : {"SELECT * FROM stream_day", "SELECT * FROM source_day", "SELECT * FROM verdict_day",
                          "SELECT * FROM stale_day", "SELECT * FROM domain_day", auth_months_sql, override_months_sql})
    all += query_text(database.handle(), sql) + "\n";
  return all;
}

// The same by plain SQL over the records.
constexpr const char* records_sql =
    "WITH r AS (SELECT p.domain_id, p.day, r.source_id, r.identifier_id, r.verdict_id, p.reporter_id, r.count, v.*,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END"
    " AS trust FROM report p JOIN record r ON r.report_id = p.id JOIN verdict v ON v.id = r.verdict_id"
    " WHERE p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0) ";
constexpr const char* streams_sql =
    "SELECT domain_id, day, source_id, identifier_id, verdict_id, trust, count(*), sum(count) FROM r GROUP BY 1, 2, 3, "
    "4,"
    " 5, 6 ORDER BY 1, 2, 3, 4, 5, 6";
constexpr const char* sources_sql =
    "SELECT domain_id, day, source_id, count(*), sum(count), sum(iif(dkim = 'pass' OR spf = 'pass', count, 0)),"
    " sum(iif(dkim = 'pass', count, 0)), sum(iif(spf = 'pass', count, 0)), sum(iif(disposition = 'reject', count, 0)),"
    " sum(iif(disposition = 'quarantine', count, 0)), count(DISTINCT reporter_id) FROM r GROUP BY 1, 2, 3"
    " ORDER BY 1, 2, 3";
constexpr const char* verdicts_sql =
    "SELECT domain_id, day, verdict_id, count(*), sum(count), count(DISTINCT source_id) FROM r GROUP BY 1, 2, 3"
    " ORDER BY 1, 2, 3";

// Of the results of each verdict, which are counted once for each.
constexpr const char* auth_sql =
    ", t AS (SELECT domain_id, day, verdict_id, sum(count) AS m, count(DISTINCT source_id) AS sources, dkim <> 'pass' "
    "AND"
    " spf <> 'pass' AS fails FROM r GROUP BY 1, 2, 3) SELECT t.domain_id, a.mechanism, a.domain, a.selector,"
    " sum(iif(a.result = 'pass', m, 0)), sum(iif(a.result = 'pass', 0, m)), sum(iif(a.result = 'pass' AND fails, m, "
    "0)),"
    " max(iif(a.result = 'pass' AND fails, sources, 0)), min(day), max(day) FROM t JOIN auth_result a ON a.verdict_id ="
    " t.verdict_id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
constexpr const char* overrides_sql =
    ", t AS (SELECT domain_id, day, verdict_id, sum(count) AS m, count(DISTINCT source_id) AS sources FROM r GROUP BY "
    "1,"
    " 2, 3) SELECT t.domain_id, o.type, o.arc, json_extract(o.arc_chain, '$[0].d'), sum(m), max(sources) FROM t JOIN"
    " policy_override o ON o.verdict_id = t.verdict_id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

std::string sums_by_records(Database& database, const char* sql) {
  return query_text(database.handle(), std::string(records_sql) + sql);
}

// What the views say, whatever days are stale. A writer's connection takes no JSON out of a view.
void check_result_sums(Database& database) {
  sqlite3* opened = nullptr;
  REQUIRE(sqlite3_open_v2(database.options().path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  const Connection reader(opened);
  CHECK(query_text(reader.get(),
                   "SELECT domain_id, mechanism, domain, selector, sum(passed), sum(not_passed), sum(unaligned),"
                   " max(sources), min(first_day), max(last_day) FROM auth_sums GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3,"
                   " 4") == sums_by_records(database, auth_sql));
  CHECK(query_text(reader.get(),
                   "SELECT domain_id, type, arc, arc_domain, sum(messages), max(sources) FROM override_sums"
                   " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4") == sums_by_records(database, overrides_sql));
}

void check_against_records(Database& database) {
  const auto by_records = [&](const char* sql) { return sums_by_records(database, sql); };
  CHECK(query_text(database.handle(),
                   "SELECT domain_id, day, source_id, identifier_id, verdict_id, authenticity, records, messages FROM"
                   " stream_day") == by_records(streams_sql));
  CHECK(query_text(database.handle(), "SELECT * FROM source_day") == by_records(sources_sql));
  CHECK(query_text(database.handle(), "SELECT * FROM verdict_day") == by_records(verdicts_sql));
  check_result_sums(database);
  CHECK(check_text(database) == "");
}

int count_steps(void* steps) {
  *static_cast<std::int64_t*>(steps) += 10;
  return 0;
}

// Of SQLite's virtual machine.
template <class Work>
std::int64_t steps_of(Database& database, const Work& work) {
  std::int64_t steps = 0;
  sqlite3_progress_handler(database.handle(), 10, count_steps, &steps);
  work();
  sqlite3_progress_handler(database.handle(), 0, nullptr, nullptr);
  return steps;
}

}  // namespace

TEST_CASE("streams: reports that come one by one, each judged and summed up, give the rows of all at once") {
  const TemporaryFolder folder;
  auto one_by_one = open_database(folder.file("one.db")), at_once = open_database(folder.file("all.db"));
  for (unsigned number = 1; number <= 20; ++number) {
    store_report(one_by_one, number, number % 7);
    REQUIRE(refresh_streams(one_by_one));  // while nothing is known of the report's origin
    judge_report(one_by_one, number);
    REQUIRE(refresh_streams(one_by_one));
    store_report(at_once, number, number % 7);
  }
  for (unsigned number = 1; number <= 20; ++number) judge_report(at_once, number);
  CHECK(refresh_streams(at_once).value() > 5);
  CHECK(rows_of(one_by_one) == rows_of(at_once));
  check_against_records(one_by_one);
}

// Reports 1 and 2311 say the same of two addresses: their moves leave the totals of the day as they were.
TEST_CASE("streams: two reports that change places between proven and not proven change their streams") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  store_report(database, 1, 0, 1);
  store_report(database, 2311, 0, 1);
  const auto judge_both = [&](Authenticity first, Authenticity second) {
    auto writer = AuthenticityWriter::create(database);
    REQUIRE(writer->begin());
    REQUIRE(writer->set({1, first, "", "token: why"}));
    REQUIRE(writer->set({2, second, "", "token: why"}));
    REQUIRE(writer->commit());
    REQUIRE(refresh_streams(database));
    check_against_records(database);
  };
  judge_both(Authenticity::authenticated, Authenticity::unauthenticated);
  judge_both(Authenticity::unauthenticated, Authenticity::authenticated);
}

TEST_CASE("streams: a day whose records do not fit into the memory has the rows of one whose records do") {
  const TemporaryFolder folder;
  auto small = open_database(folder.file("small.db")), large = open_database(folder.file("large.db"));
  for (auto* database : {&small, &large})
    for (unsigned number = 1; number <= 12; ++number) store_report(*database, number, number % 7, 200);
  REQUIRE(refresh_streams(small));
  REQUIRE(refresh_streams(large, {}, 10));
  CHECK(rows_of(large) == rows_of(small));
  check_against_records(large);
  for (auto* database : {&small, &large}) judge_report(*database, 3);
  REQUIRE(refresh_streams(small));
  REQUIRE(refresh_streams(large, {}, 10));
  CHECK(rows_of(large) == rows_of(small));
  check_against_records(large);
}

TEST_CASE("streams: what no longer counts leaves the rows of its day") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (unsigned number = 1; number <= 8; ++number) store_report(database, number, number % 7);
  REQUIRE(refresh_streams(database));
  REQUIRE(prune(database, "2023-11-18", PruneMode::apply));
  REQUIRE(refresh_streams(database));
  CHECK(query_text(database.handle(), "SELECT min(day) FROM stream_day") == "2023-11-18\n");
  check_against_records(database);
}

TEST_CASE("streams: who authenticates, and why policies were not applied, is told of stale days, too") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  // Two months: one with a day that is stale, and one without.
  for (unsigned number = 1; number <= 12; ++number) store_report(database, number, number % 3 * 10);
  check_result_sums(database);
  REQUIRE(refresh_streams(database));
  CHECK(query_text(database.handle(), "SELECT count(DISTINCT month) FROM auth_month") == "2\n");
  store_report(database, 13, 0);
  check_result_sums(database);
  REQUIRE(refresh_streams(database));
  check_against_records(database);
}

TEST_CASE("streams: a pruned part of a month leaves its sums, before and after the days are made anew") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (unsigned number = 1; number <= 12; ++number) store_report(database, number, number % 7);
  REQUIRE(refresh_streams(database));
  REQUIRE(prune(database, "2023-11-18", PruneMode::apply));
  check_result_sums(database);
  CHECK(check_text(database) == "");
  REQUIRE(refresh_streams(database));
  check_against_records(database);
  CHECK(query_text(database.handle(),
                   "SELECT count(*) FROM auth_name WHERE id NOT IN (SELECT auth_id FROM auth_month)") == "0\n");
}

TEST_CASE("streams: a month of which everything is pruned leaves nothing") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (unsigned number = 1; number <= 6; ++number) store_report(database, number, number % 7);
  REQUIRE(refresh_streams(database));
  REQUIRE(prune(database, "2024-01-01", PruneMode::apply));
  for (const char* table : {"auth_month", "auth_name", "override_month", "override_name", "stale_day"})
    CHECK(query_text(database.handle(), std::string("SELECT count(*) FROM ") + table) == "0\n");
}

TEST_CASE("streams: where no report is new a run takes a few steps, however many days there are") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (unsigned number = 1; number <= 20; ++number) store_report(database, number, number % 7);
  REQUIRE(refresh_streams(database));
  CHECK(steps_of(database, [&] { CHECK(refresh_streams(database).value() == 0); }) < 50);
}

TEST_CASE("streams: a new report costs steps for its own day, not for all others") {
  const auto steps_among = [](unsigned days) {
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    for (unsigned day = 0; day < days; ++day) store_report(database, 5 * day + 1, day);
    REQUIRE(refresh_streams(database));
    store_report(database, 2, 0);
    return steps_of(database, [&] { CHECK(refresh_streams(database).value() == 1); });
  };
  const auto few = steps_among(7), many = steps_among(70);
  CAPTURE(few, many);
  CHECK(few > 500);
  CHECK(many < few + few / 4);
}

TEST_CASE("authenticity: what is found of a report costs steps for its own records, not for those of its day") {
  const auto steps_among = [](unsigned reports) {
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    for (unsigned number = 0; number < reports; ++number) store_report(database, 5 * number + 1, 0);
    return steps_of(database, [&] { judge_report(database, 1); });
  };
  const auto few = steps_among(2), many = steps_among(40);
  CAPTURE(few, many);
  CHECK(few > 300);
  CHECK(many < few + few / 2);
}

}  // namespace ruaudit::store::test
