// What is the same report, and what another: one row per pair.
#include "store/aggregate/rollup.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

using Change = void (*)(TestReport&);

struct Row {
  const char* rule;
  Change change;  // from the first report to the second
  Outcome outcome;
  int reports;          // kept
  int counted_records;  // of the versions that count
};

void nothing(TestReport&) {}

const Row rows[] = {
    {"the same text again is a duplicate", nothing, Outcome::duplicate, 1, 5},
    {"records in another order are a duplicate",
     [](TestReport& r) {
       std::swap(r.records[0], r.records[4]);
       std::swap(r.records[0].row_number, r.records[4].row_number);
     },
     Outcome::duplicate, 1, 5},
    {"the generator is outside", [](TestReport& r) { r.report.header.metadata.generator = "x"; }, Outcome::duplicate, 1,
     5},
    {"contact information is outside",
     [](TestReport& r) {
       r.report.header.metadata.extra_contact_info = model::Text{"https://x.example", ""};
     },
     Outcome::duplicate, 1, 5},
    {"the e-mail is outside where there is an org_name",
     [](TestReport& r) { r.report.header.metadata.email = "other@reporter.example"; }, Outcome::duplicate, 1, 5},
    {"the version element is outside", [](TestReport& r) { r.report.header.version = "1.0"; }, Outcome::duplicate, 1,
     5},
    {"the namespace is outside", [](TestReport& r) { r.report.header.xml_namespace = "urn:x"; }, Outcome::duplicate, 1,
     5},
    {"case and blanks of org_name do not matter",
     [](TestReport& r) { r.report.header.metadata.org_name = " reporter   INC. "; }, Outcome::duplicate, 1, 5},
    {"the same id from another reporter is another report",
     [](TestReport& r) { r.report.header.metadata.org_name = "Other"; }, Outcome::stored, 2, 10},
    {"another id is another report", [](TestReport& r) { r.report.header.metadata.report_id = "b"; }, Outcome::stored,
     2, 10},
    {"another policy domain is another report",
     [](TestReport& r) { r.report.header.policy_published.domain = "example.org"; }, Outcome::stored, 2, 10},
    {"another begin is another report", [](TestReport& r) { *r.report.header.metadata.date_range.begin -= 86400; },
     Outcome::stored, 2, 10},
    {"another end is another report", [](TestReport& r) { *r.report.header.metadata.date_range.end += 86400; },
     Outcome::stored, 2, 10},
    {"another count is a conflict", [](TestReport& r) { *r.records[2].count += 1; }, Outcome::conflict, 2, 5},
    {"another address is a conflict", [](TestReport& r) { r.records[2].source_ip = model::IpAddress::v4(1); },
     Outcome::conflict, 2, 5},
    {"another disposition is a conflict",
     [](TestReport& r) { r.records[2].policy_evaluated.disposition = model::Disposition::quarantine; },
     Outcome::conflict, 2, 5},
    {"another authentication result is a conflict",
     [](TestReport& r) { r.records[2].auth_results.spf[0].result = model::SpfResult::softfail; }, Outcome::conflict, 2,
     5},
    {"another envelope_to is a conflict", [](TestReport& r) { r.records[2].identifiers.envelope_to = "z.example"; },
     Outcome::conflict, 2, 5},
    {"an absent envelope_from is not an empty one",
     [](TestReport& r) {
       r.records[1].identifiers.envelope_from = r.records[1].identifiers.envelope_from ? "" : "a.example";
     },
     Outcome::conflict, 2, 5},
    {"an absent count is not a zero", [](TestReport& r) { r.records[2].count.reset(); }, Outcome::conflict, 2, 5},
    {"a record that is there twice is a conflict", [](TestReport& r) { r.records.push_back(make_record(6, 99)); },
     Outcome::conflict, 2, 5},
    {"another policy is a conflict", [](TestReport& r) { r.report.header.policy_published.p = model::Policy::none; },
     Outcome::conflict, 2, 5},
    {"an override comment is inside",
     [](TestReport& r) {
       r.records[0].policy_evaluated.reasons.push_back({model::OverrideType::other, "", {}});
     },
     Outcome::conflict, 2, 5},
    {"a truncated copy gives way", [](TestReport& r) { r = truncated(r, 3); }, Outcome::superseded, 1, 5},
    {"a copy damaged after its last record is a duplicate", [](TestReport& r) { r.report.is_damaged = true; },
     Outcome::duplicate, 1, 5},
    {"a damaged copy that is no beginning is a conflict that does not count",
     [](TestReport& r) {
       r = truncated(r, 3);
       *r.records[0].count += 1;
     },
     Outcome::conflict, 2, 5},
};

}  // namespace

TEST_CASE("identity: each pair of reports is what the rule says") {
  for (const Row& row : rows) {
    CAPTURE(row.rule);
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    auto writer = Writer::create(database);
    REQUIRE(writer);
    const TestReport first = make_report("a", 5);
    TestReport second = first;
    row.change(second);
    REQUIRE(writer->begin());
    REQUIRE(ingest(*writer, "first", first));
    const auto result = ingest(*writer, "second", second);
    REQUIRE(result);
    REQUIRE(*result);
    CHECK((*result)->outcome == row.outcome);
    REQUIRE(writer->commit());
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM report").value() == row.reports);
    CHECK(query_integer(database.handle(), "SELECT sum(records) FROM report WHERE counted").value() ==
          row.counted_records);
    CHECK(check_text(database) == "");
  }
}

TEST_CASE("identity: without id or dates the content is the key") {
  for (const bool has_id : {true, false}) {
    CAPTURE(has_id);
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    auto writer = Writer::create(database);
    auto first = make_report(has_id ? "a" : "", 5);
    if (has_id) first.report.header.metadata.date_range.end.reset();
    auto second = first;
    *second.records[0].count += 1;
    REQUIRE(writer->begin());
    REQUIRE(ingest(*writer, "first", first));
    CHECK(ingest(*writer, "copy", first).value()->outcome == Outcome::duplicate);
    CHECK(ingest(*writer, "second", second).value()->outcome == Outcome::stored);
    REQUIRE(writer->commit());
    CHECK(query_integer(database.handle(), "SELECT sum(counted) FROM report").value() == 2);
  }
}

TEST_CASE("identity: a complete report supersedes its truncated copies, and the ledger says so") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  const auto complete = make_report("a", 9);
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "copy of 3", truncated(complete, 3)));
  REQUIRE(ingest(*writer, "copy of 6", truncated(complete, 6)));
  CHECK(ingest(*writer, "complete", complete).value()->outcome == Outcome::stored);
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), "SELECT locator, outcome, item_outcome, records FROM v_ledger ORDER BY 1") ==
        "complete|stored|stored|9\ncopy of 3|superseded|superseded|3\ncopy of 6|superseded|superseded|6\n");
  CHECK(query_text(database.handle(), "SELECT records, damaged, counted, conflict FROM report") == "9|0|1|0\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("identity: a complete report supersedes a damaged copy of the same content in another order") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  const auto complete = make_report("a", 3);
  auto turned = truncated(complete, 3);  // every record is there, only the end of the text is not
  std::swap(turned.records[0], turned.records[2]);
  std::swap(turned.records[0].row_number, turned.records[2].row_number);
  REQUIRE(ingest(*writer, "damaged", turned));
  CHECK(ingest(*writer, "complete", complete).value()->outcome == Outcome::stored);
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), "SELECT records, damaged, counted, conflict FROM report") == "3|0|1|0\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("identity: reading every item again changes no outcome") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  const auto complete = make_report("a", 9);
  auto other = complete;
  *other.records[2].count += 1;
  const std::vector<std::pair<std::string, TestReport>> items = {{"1 copy", truncated(complete, 9)},
                                                                 {"2 first", complete},
                                                                 {"3 again", complete},
                                                                 {"4 other", other},
                                                                 {"5 other once", other},
                                                                 {"6 short", truncated(complete, 2)}};
  for (const auto& [content, report] : items) REQUIRE(ingest(*writer, content, report));
  const char* const ledger = "SELECT locator, outcome, item_outcome, report_key FROM v_ledger ORDER BY 1";
  REQUIRE(writer->commit());
  const std::string before = query_text(database.handle(), ledger);
  CHECK(before ==
        "1 copy|superseded|superseded|2\n2 first|stored|stored|2\n3 again|duplicate|duplicate|2\n"
        "4 other|conflict|conflict|3\n5 other once|duplicate|duplicate|3\n6 short|superseded|superseded|2\n");
  REQUIRE(writer->begin());
  for (std::size_t i = 0; i < items.size(); ++i) {
    REQUIRE(writer->begin_reprocessed_item(static_cast<std::int64_t>(i) + 1));
    REQUIRE(write_report(*writer, items[i].second));
    REQUIRE(writer->end_item());
  }
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), ledger) == before);
  CHECK(query_text(database.handle(), "SELECT id, counted, conflict FROM report ORDER BY 1") == "2|1|1\n3|0|1\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("identity: a report of more addresses than the roll-up holds in memory is summed up whole") {
  auto giant = make_report("a", Rollup::max_entries + 2 * max_batch_records);
  for (auto& record : giant.records) record.source_ip = model::IpAddress::v4(0x0A000000U + record.row_number);
  auto other = giant;
  *other.records.back().count += 1;
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  CHECK(ingest(*writer, "small", make_report("b", 20)).value()->outcome == Outcome::stored);
  CHECK(ingest(*writer, "giant", giant).value()->outcome == Outcome::stored);
  CHECK(ingest(*writer, "again", giant).value()->outcome == Outcome::duplicate);
  CHECK(ingest(*writer, "other", other).value()->outcome == Outcome::conflict);
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), "SELECT sum(records) FROM domain_month_source") == "40980\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("identity: a report of many batches is judged as a short one is") {
  constexpr std::uint32_t rows_of_three_batches = 2 * max_batch_records + 10;
  const auto complete = make_report("a", rows_of_three_batches);
  auto other = complete;
  *other.records.back().count += 1;
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  CHECK(ingest(*writer, "copy", truncated(complete, max_batch_records + 1)).value()->outcome == Outcome::stored);
  CHECK(ingest(*writer, "complete", complete).value()->outcome == Outcome::stored);
  CHECK(ingest(*writer, "again", complete).value()->outcome == Outcome::duplicate);
  CHECK(ingest(*writer, "other", other).value()->outcome == Outcome::conflict);
  CHECK(ingest(*writer, "short", truncated(complete, 5)).value()->outcome == Outcome::superseded);
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), "SELECT records, counted FROM report ORDER BY id") == "8202|1\n8202|0\n");
  CHECK(check_text(database) == "");
}

}  // namespace ruaudit::store::test
