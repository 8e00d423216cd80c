// Failure reports in the database: identity, counting, reading again, what is kept.
#include "model/failure_sample.hpp"
#include "store/failure/codec.hpp"
#include "store/failure/permitted.hpp"
#include "store/findings/details.hpp"
#include "tests/store/failure/failure_fixture.hpp"

namespace ruaudit::store::test {
namespace {

std::string one_line(Database& database, const std::string& sql) { return query_text(database.handle(), sql); }

}  // namespace

TEST_CASE("failure: every claim survives being kept") {
  auto report = make_failure(3);
  report.claims.spf_dns = {{"txt : example.com : \"v=spf1 -all\"", "txt", "example.com", "v=spf1 -all"}};
  report.claims.dkim_selector_dns = model::ClaimedRecord{"raw", "", "s1._domainkey.example.com", "v=DKIM1"};
  report.claims.original_mail_from = "";  // the null sender is not an absent one
  report.claims.source_port = 65535;
  report.claims.dkim_canonicalized_body = std::string("8-bit \xff\x00 octets", 15);
  report.claims.version = "0.1";
  const auto sample = report.sample.octets;
  report.sample.octets.clear();
  const auto back = decode_claims(encode_claims(report));
  REQUIRE(back);
  CHECK(*back == report);
  CHECK(decode_claims("no CBOR").error().code == "failure-damaged");
  const auto whole = encode_claims(report);
  for (std::size_t size = 0; size < whole.size(); size += 7)
    CHECK(decode_claims(std::string_view(whole).substr(0, size)).error().code == "failure-damaged");
  CHECK_FALSE(sample.empty());
}

TEST_CASE("failure: a copy with other line ends is the same report, and its incidents count once") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  auto report = make_failure(4);
  report.claims.incidents = 5;
  auto copy = report;
  copy.sample.octets = sample_of({}, 4, "\n");
  auto later = report;
  later.claims.arrival_date = *report.claims.arrival_date + 1;
  CHECK(ingest_failure(*writer, "crlf", report)->outcome == Outcome::stored);
  CHECK(ingest_failure(*writer, "lf", copy)->outcome == Outcome::duplicate);
  CHECK(ingest_failure(*writer, "later", later)->outcome == Outcome::stored);
  REQUIRE(writer->commit());
  CHECK(one_line(database, "SELECT failure_key, incidents, copies FROM v_failure ORDER BY 1") == "1|5|2\n2|5|1\n");
  CHECK(one_line(database, "SELECT outcome, messages, failure_key FROM v_ledger ORDER BY ledger_key") ==
        "stored|5|1\nduplicate|5|1\nstored|5|2\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("failure: the samples of a finding are those of its domain, of its addresses, since its first day") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  const auto report = make_failure(4);
  REQUIRE(ingest_failure(*writer, "one", report));
  REQUIRE(writer->commit());
  model::Finding finding{.domain = "example.com", .since = 20'454};  // 2026-01-01
  finding.subject.sources = {report.claims.source_ip->to_string()};
  const auto samples = [&] { return read_finding_details(database, finding)->samples.size(); };
  CHECK(samples() == 1);
  finding.domain = "com";
  CHECK(samples() == 1);  // a name below it
  for (const auto* other : {"example.net", "ample.com"}) {
    finding.domain = other;
    CHECK(samples() == 0);
  }
  finding.domain = "example.com";
  finding.since = 20'455;
  CHECK(samples() == 0);
}

TEST_CASE("failure: what was not claimed is NULL, what was claimed empty is empty") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  model::FailureReport bare;
  bare.kind = model::FailureKind::auth_failure;
  bare.claims.original_mail_from = "";
  REQUIRE(ingest_failure(*writer, "bare", bare));
  REQUIRE(writer->commit());
  CHECK(one_line(database,
                 "SELECT original_mail_from IS NULL, original_mail_from, source_ip IS NULL, arrival_date IS NULL,"
                 " delivery_result IS NULL, auth_failure IS NULL, sample_hash IS NULL, sample_extent FROM v_failure") ==
        "0||1|1|1|1|1|none\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("failure: another sort of feedback is never waiting for verification, and is cut at once") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  auto report = make_failure(6);
  report.kind = model::FailureKind::abuse;
  REQUIRE(ingest_failure(*writer, carrier_of(report), report));
  REQUIRE(writer->commit());
  CHECK_FALSE(next_unverified(database, 0)->has_value());
  CHECK(cut_due_samples(database)->samples == 1);
  const auto stored = load_failure(database, 1);
  REQUIRE(stored);
  CHECK(stored->state == SampleState::cut);
  CHECK(stored->report.sample.octets.ends_with("@example.com>\r\n\r\n"));
  CHECK(one_line(database, "SELECT extent, sample_policy FROM original") == "headers|headers\n");
}

TEST_CASE("failure: an item that is read again keeps the key and the results of its report") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  const auto report = make_failure(8);
  REQUIRE(ingest_failure(*writer, "first", report, SamplePolicy::full));
  REQUIRE(ingest_failure(*writer, "second", make_failure(9), SamplePolicy::full));
  REQUIRE(ingest_failure(*writer, "copy of first", report, SamplePolicy::full)->outcome == Outcome::duplicate);
  REQUIRE(writer->commit());
  REQUIRE(write_failure_results(database, {make_result(1), make_result(2)}));
  REQUIRE(cut_due_samples(database));

  auto better = report;  // a later parser sees more
  better.claims.reporting_mta = "mx.receiver.example";
  better.claims.source_ip = model::IpAddress::v4(0xC6336401U);
  REQUIRE(writer->begin());
  REQUIRE(writer->begin_reprocessed_item(1));
  const auto again = writer->add_failure({PartKind::failure, "1"}, encoded(better), SamplePolicy::headers);
  REQUIRE(again);
  CHECK(again->report_key == 1);
  CHECK(again->outcome == Outcome::stored);
  REQUIRE(writer->end_item());
  REQUIRE(writer->commit());
  CHECK(one_line(database,
                 "SELECT failure_key, source_ip, conclusion, copies, sample_policy FROM v_failure WHERE"
                 " failure_key = 1") == "1|198.51.100.1|own_sender_broken|2|headers\n");
  CHECK(check_text(database) == "");
  CHECK(cut_due_samples(database)->samples == 1);
  CHECK(check_text(database) == "");

  // Read again as no report at all: it goes with its results, and the copy names nothing.
  REQUIRE(writer->begin());
  REQUIRE(writer->begin_reprocessed_item(1));
  REQUIRE(writer->add_part({PartKind::failure, "1"}, Outcome::not_a_report, {"bounce", "", "holds no report"}));
  REQUIRE(writer->end_item());
  REQUIRE(writer->commit());
  CHECK(one_line(database, "SELECT failure_key FROM v_failure") == "2\n");
  CHECK(one_line(database, "SELECT DISTINCT failure_id FROM failure_result") == "2\n");
  CHECK(one_line(database, "SELECT count(*) FROM ledger_part WHERE failure_id = 1") == "0\n");
}

TEST_CASE("failure: an item that is read again as a report that is known becomes its copy") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(ingest_failure(*writer, "first", make_failure(8)));
  REQUIRE(ingest_failure(*writer, "second", make_failure(9)));
  REQUIRE(writer->begin_reprocessed_item(2));
  const auto again = writer->add_failure({PartKind::failure, "1"}, encoded(make_failure(8)), SamplePolicy::headers);
  CHECK(again->outcome == Outcome::duplicate);
  CHECK(again->report_key == 1);
  REQUIRE(writer->end_item());
  REQUIRE(writer->commit());
  CHECK(one_line(database, "SELECT failure_key, copies FROM v_failure") == "1|2\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("failure: a transaction that is rolled back leaves nothing") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(ingest_failure(*writer, "first", make_failure(8)));
  writer->rollback();
  CHECK(one_line(database, "SELECT count(*) FROM failure_report") == "0\n");
  REQUIRE(writer->begin());
  CHECK(ingest_failure(*writer, "first", make_failure(8))->report_key == 1);
  REQUIRE(writer->commit());
}

TEST_CASE("failure: samples are joined to the counted aggregate rows of their source, author and day") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  auto aggregate = make_report("r1", 1);
  aggregate.report.header.metadata.date_range = {1'767'225'600, 1'767'311'999};  // 2026-01-01
  aggregate.records[0].source_ip = model::IpAddress::v4(0xC0000207U);
  aggregate.records[0].identifiers.header_from = "example.com";
  REQUIRE(ingest(*writer, "aggregate", aggregate));
  REQUIRE(ingest_failure(*writer, "failure", make_failure(7)));
  auto elsewhere = make_failure(8);
  REQUIRE(ingest_failure(*writer, "other source", elsewhere));
  REQUIRE(writer->commit());
  CHECK(one_line(database, "SELECT failure_key, policy_domain, source_ip, header_from, day FROM v_failure_evidence") ==
        "1|example.com|192.0.2.7|example.com|2026-01-01\n");
  const auto plan = one_line(database, "EXPLAIN QUERY PLAN SELECT * FROM v_failure_evidence WHERE failure_key = 1");
  CAPTURE(plan);
  CHECK(plan.find("SCAN r") == std::string::npos);
  CHECK(plan.find("SCAN p") == std::string::npos);
}

TEST_CASE("failure: db check names each planted fault") {
  for (const char* sql : {"UPDATE failure_report SET sample_state = 'kept' WHERE id = 1", "DELETE FROM pending_failure",
                          "DELETE FROM failure_sample", "UPDATE failure_sample SET extent = 'full'",
                          "UPDATE ledger_part SET failure_id = NULL WHERE failure_id = 1",
                          "INSERT INTO failure_original_chunk VALUES (99 << 24, 'raw', 1, x'00')",
                          "UPDATE failure_result SET is_current = 0"}) {
    CAPTURE(sql);
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    auto writer = Writer::create(database);
    REQUIRE(writer->begin());
    REQUIRE(ingest_failure(*writer, "first", make_failure(1)));
    REQUIRE(ingest_failure(*writer, "second", make_failure(2)));
    REQUIRE(writer->commit());
    REQUIRE(write_failure_results(database, {make_result(2)}));
    REQUIRE(cut_due_samples(database));
    REQUIRE(check_text(database) == "");
    REQUIRE(execute(database.handle(), sql));
    CHECK(check_text(database).find("failures: ") != std::string::npos);
  }
}

TEST_CASE("failure: aggregate reports that are pruned leave the mail of a failure report that is not") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->begin_item(make_item("both")));
  REQUIRE(write_report(*writer, make_report("r1", 2), "1"));  // of 2023
  REQUIRE(writer->add_failure({PartKind::failure, "2"}, encoded(make_failure(1)), SamplePolicy::full));
  REQUIRE(writer->add_chunk(Extent::full, *OriginalChunker("both").next()));
  REQUIRE(writer->end_item());
  REQUIRE(writer->commit());
  const auto gone = prune(database, "2025-01-01", PruneMode::preview);
  CHECK(gone->reports == 1);
  CHECK(gone->items == 0);
  CHECK(gone->failures == 0);
  REQUIRE(prune(database, "2025-01-01", PruneMode::apply));
  CHECK(one_line(database,
                 "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM original), (SELECT count(*)"
                 " FROM v_failure)") == "0|1|1\n");
  CHECK(check_text(database) == "");
}

}  // namespace ruaudit::store::test
