// The overview of a large file is made once for as long as nothing changes that it depends on.
#include "jobs/overview/make_overview.hpp"

#include <fstream>

#include "../../store/store_fixture.hpp"
#include "store/facts/streams.hpp"
#include "store/findings/told.hpp"

namespace ruaudit::jobs::test {
namespace {

using store::test::open_database;
using store::test::TemporaryFolder;

constexpr std::int64_t now = 1'700'300'000;

void ingest(store::Database& database, const std::string& id, unsigned seed) {
  auto writer = store::Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(store::test::ingest(*writer, id, store::test::make_report(id, 40, seed)));
  REQUIRE(writer->commit());
}

OverviewOrder order_at(std::int64_t time, std::size_t keep_from = 0) {
  OverviewOrder order{.judge = {.own_domains = {"example.com"}, .now = time}};
  order.keep_from = keep_from;
  return order;
}

model::Overview made(store::Database& database, const OverviewOrder& order) {
  auto overview = make_overview(database, order);
  REQUIRE(overview);
  return std::move(*overview);
}

std::int64_t kept_count(const store::Database& database) {
  return store::query_integer(database.handle(), "SELECT count(*) FROM kept_answer").value();
}

// A kept overview that can be told from one that is made.
void mark(store::Database& database) {
  REQUIRE(store::execute(database.handle(), "UPDATE kept_answer SET made_at = made_at - 1"));
}
bool is_kept_one(store::Database& database, const OverviewOrder& order) {
  const auto before = kept_count(database);
  static_cast<void>(made(database, order));
  return kept_count(database) == before && before > 0;
}

TEST_CASE("overview: of a small file nothing is kept") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  static_cast<void>(made(database, order_at(now, OverviewOrder{}.keep_from)));
  CHECK(kept_count(database) == 0);
}

TEST_CASE("overview: a kept one is what would be made, at the time that is asked for") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  auto first = made(database, order_at(now));
  CHECK(kept_count(database) == 2);  // the overview, and its findings
  mark(database);
  auto later = order_at(now + 60);
  later.overview.label = "another label";
  const auto second = made(database, later);
  CHECK(kept_count(database) == 2);
  CHECK(second.made_at == now + 60);
  CHECK(second.label == "another label");
  first.made_at = second.made_at;
  first.label = second.label;
  CHECK(first == second);
}

TEST_CASE("overview: a report that comes in, and a word of the owner, make it anew") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  const auto first = made(database, order_at(now));
  ingest(database, "2", 2);
  CHECK(kept_count(database) == 0);
  const auto second = made(database, order_at(now));
  CHECK(second.reports == first.reports + 1);
  REQUIRE(kept_count(database) == 2);
  REQUIRE(store::save_care(database, {.finding_id = "x", .word = model::CareWord::snoozed, .set_at = now}));
  CHECK(kept_count(database) == 0);
}

TEST_CASE("overview: another hour, an earlier moment, other domains and figures are other questions") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  static_cast<void>(made(database, order_at(now)));
  CHECK(is_kept_one(database, order_at(now)));
  CHECK_FALSE(is_kept_one(database, order_at(now + 3600)));
  auto other = order_at(now);
  other.overview.only_authenticated = true;
  CHECK_FALSE(is_kept_one(database, other));
  other = order_at(now);
  other.overview.domains = {"example.com"};
  CHECK_FALSE(is_kept_one(database, other));
  other = order_at(now);
  other.judge.parked_domains = {"example.org"};
  CHECK_FALSE(is_kept_one(database, other));
  // What was kept later in the hour may know more than the moment asked for.
  CHECK(made(database, order_at(now - 1)).made_at == now - 1);
}

TEST_CASE("overview: a list of services that changes makes it anew") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  auto order = order_at(now);
  order.judge.service_files = {folder.file("services.tsv")};
  std::ofstream(order.judge.service_files.front()) << "# nothing yet\n";
  static_cast<void>(made(database, order));
  CHECK(is_kept_one(database, order));
  std::ofstream(order.judge.service_files.front()) << "# still nothing\n";
  CHECK_FALSE(is_kept_one(database, order));
}

TEST_CASE("overview: what came in after the moment that is asked for keeps it from being kept") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  ingest(database, "1", 1);
  static_cast<void>(made(database, order_at(1'700'150'000)));  // taken in at 1700200000
  CHECK(kept_count(database) == 0);
}

TEST_CASE("findings: those kept beside an overview are those that would be judged") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  for (unsigned i = 1; i < 6; ++i) ingest(database, std::to_string(i), i);
  const auto judged = current_findings(database, order_at(now, 1'000'000));
  REQUIRE(judged);
  static_cast<void>(made(database, order_at(now)));
  REQUIRE(kept_count(database) == 2);
  const auto kept = current_findings(database, order_at(now));
  REQUIRE(kept);
  CHECK(*kept == *judged);
}

}  // namespace
}  // namespace ruaudit::jobs::test
