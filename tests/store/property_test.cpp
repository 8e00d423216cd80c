// Random sequences of what can happen to a store leave its roll-ups equal to a recomputation (db check recomputes them
// from the records), and its content equal to that of one undisturbed run.
#include <random>

#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

// Report number n of a closed world: ids repeat, so that copies, conflicts and damaged copies meet.
TestReport world(unsigned n) {
  TestReport report = make_report("id" + std::to_string(n % 5), 4 + n % 3 * 3, n % 5);
  *report.report.header.metadata.date_range.begin += 86'400 * 20 * (n % 5);
  *report.report.header.metadata.date_range.end += 86'400 * 20 * (n % 5);
  report.records.resize(4 + n % 5 * 2, make_record(1, 3));
  for (std::uint32_t i = 0; i < report.records.size(); ++i) report.records[i].row_number = i + 1;
  if (n % 4 == 1) *report.records[0].count += 1;
  if (n % 7 == 2) return truncated(report, report.records.size() / 2);
  return report;
}

}  // namespace

TEST_CASE("property: disturbed runs end like an undisturbed one") {
  const unsigned seed = GENERATE(range(1U, 13U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto below = [&random](unsigned n) { return static_cast<unsigned>(random() % n); };
  const TemporaryFolder folder;
  auto calm = open_database(folder.file("calm.db"));
  auto rough = open_database(folder.file("rough.db"));
  auto calm_writer = Writer::create(calm);
  auto rough_writer = Writer::create(rough);
  REQUIRE(calm_writer->begin());
  REQUIRE(rough_writer->begin());
  for (unsigned step = 0; step < 40; ++step) {
    const unsigned n = below(60);
    const std::string content = "item " + std::to_string(n);
    REQUIRE(ingest(*calm_writer, content, world(n)));
    REQUIRE(ingest(*rough_writer, content, world(n)));
    switch (below(4)) {
      case 0:  // lost before the commit, and done again
        REQUIRE(rough_writer->commit());
        REQUIRE(rough_writer->begin());
        REQUIRE(ingest(*rough_writer, "lost", world(below(60))));
        rough_writer->rollback();
        REQUIRE(rough_writer->begin());
        break;
      case 1: {  // read again from its original
        const auto key =
            query_integer(rough.handle(), ("SELECT id FROM ledger WHERE locator = '" + content + "'").c_str());
        REQUIRE(rough_writer->begin_reprocessed_item(key.value()));
        REQUIRE(write_report(*rough_writer, world(n)));
        REQUIRE(rough_writer->end_item());
        break;
      }
      case 2:
        REQUIRE(rough_writer->commit());
        CHECK(check_text(rough) == "");
        REQUIRE(rough_writer->begin());
        break;
      default:
        break;
    }
  }
  REQUIRE(calm_writer->commit());
  REQUIRE(rough_writer->commit());
  CHECK(check_text(calm) == "");
  CHECK(check_text(rough) == "");
  const char* const reports =
      "SELECT identity_key, counted, damaged, content_hash, records FROM v_report ORDER BY 1, 4";
  CHECK(query_text(rough.handle(), reports) == query_text(calm.handle(), reports));
  const char* const totals = "SELECT * FROM v_source_daily ORDER BY 1, 2, 3";
  CHECK(query_text(rough.handle(), totals) == query_text(calm.handle(), totals));

  REQUIRE(prune(rough, "2023-12-25", PruneMode::apply));
  CHECK(check_text(rough) == "");
  CHECK(query_integer(rough.handle(), "SELECT count(*) FROM report WHERE day < '2023-12-25'").value() == 0);
}

TEST_CASE("reading items again makes the roll-up of their month anew once, not once per item") {
  constexpr unsigned items = 40;
  constexpr std::uint32_t addresses = 3000;
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  auto wide = make_report("wide", addresses);
  for (std::uint32_t i = 0; i < addresses; ++i) wide.records[i].source_ip = model::IpAddress::v4(0x0A000000U + i);
  REQUIRE(ingest(*writer, "wide", wide));
  for (unsigned n = 0; n < items; ++n)
    REQUIRE(ingest(*writer, "item " + std::to_string(n), make_report(std::to_string(n), 2, n)));
  REQUIRE(writer->commit());
  REQUIRE(writer->begin());
  const auto changes_before = sqlite3_total_changes(database.handle());
  for (unsigned n = 0; n < items; ++n) {
    REQUIRE(writer->begin_reprocessed_item(n + 2));
    REQUIRE(write_report(*writer, make_report(std::to_string(n), 2, n)));
    REQUIRE(writer->end_item());
  }
  REQUIRE(writer->commit());
  CHECK(sqlite3_total_changes(database.handle()) - changes_before < 4 * static_cast<int>(addresses));
  CHECK(check_text(database) == "");
}

TEST_CASE("property: a preview of prune says what prune does") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  for (unsigned n = 0; n < 60; ++n) REQUIRE(ingest(*writer, "item " + std::to_string(n), world(n)));
  REQUIRE(writer->commit());
  const auto counts = [&database] {
    return std::vector<std::int64_t>{query_integer(database.handle(), "SELECT count(*) FROM report").value(),
                                     query_integer(database.handle(), "SELECT count(*) FROM record").value(),
                                     query_integer(database.handle(), "SELECT count(*) FROM original").value()};
  };
  const auto before = counts();
  const auto planned = prune(database, "2023-12-25", PruneMode::preview);
  REQUIRE(planned);
  CHECK(counts() == before);
  REQUIRE(prune(database, "2023-12-25", PruneMode::apply));
  const auto after = counts();
  CHECK(planned->reports > 0);
  CHECK(before[0] - after[0] == planned->reports);
  CHECK(before[1] - after[1] == planned->records);
  CHECK(before[2] - after[2] == planned->items);
  CHECK(check_text(database) == "");
}

}  // namespace ruaudit::store::test
