// TLS reports in the database: sums that stay numbers, what the mails prove of them, and what prune takes.
#include <functional>
#include <limits>

#include "store/carrier_check.hpp"
#include "store/facts/known_domain.hpp"
#include "store/tls/facts.hpp"
#include "tests/store/store_fixture.hpp"
#include "tests/store/tls/tls_made.hpp"

namespace ruaudit::store::test {
namespace {

void in_writer(Database& database, const std::function<void(Writer&)>& work) {
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  work(*writer);
  REQUIRE(writer->commit());
}

}  // namespace

TEST_CASE("tls: sums of what strangers claim neither overflow nor stop the writer, and go with their reports") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  in_writer(database, [&](Writer& writer) {
    for (int i = 0; i < 12; ++i) {
      TlsMade made{.id = "r" + std::to_string(i)};
      for (std::uint32_t n = 1; n <= 3; ++n) {
        made.policies.push_back(tls_policy(n, most, n == 3 ? std::nullopt : std::optional(most)));
        for (int k = 0; k < 2; ++k) {
          model::TlsFailure failure;
          failure.policy = n;
          failure.result_type = model::TlsResultType::certificate_expired;
          failure.sessions = most;
          made.failures.push_back(failure);
        }
      }
      ingest_tls(writer, "mail " + std::to_string(i), made);
    }
  });
  auto* db = database.handle();
  CHECK(query_text(db, "SELECT successful, failed, policies FROM tls_day") == "12000000000000|12000000000000|36\n");
  CHECK(query_text(db, "SELECT sessions, details FROM tls_failure_day") == "12000000000000|72\n");
  CHECK(query_text(db, "SELECT DISTINCT successful, failed FROM v_tls_report") == "1000000000000|1000000000000\n");
  CHECK(query_text(db, "SELECT successful, failed FROM v_tls_daily") == "12000000000000|12000000000000\n");
  CHECK(check_text(database) == "");
  CHECK(read_tls_facts(database, "2023-01-01"));
  REQUIRE(prune(database, "2024-01-01", PruneMode::apply));
  CHECK(query_text(db, "SELECT count(*) FROM tls_day") == "0\n");
  CHECK(query_text(db, "SELECT count(*) FROM tls_failure_day") == "0\n");
}

TEST_CASE("tls: a value that no report can have is written and found by the check, not left out in silence") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) { ingest_tls(writer, "mail", {.policies = {tls_policy(1, -1, 0)}}); });
  CHECK(query_text(database.handle(), "SELECT count(*) FROM tls_policy") == "1\n");
  CHECK(check_text(database).find("tls_policy") != std::string::npos);
}

TEST_CASE("tls: of two versions the proved one counts, and the sums of the day tell by what they are proved") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) {
    ingest_tls(writer, "mail 1", {.policies = {tls_policy(1, 900, 0)}});
    ingest_tls(writer, "mail 2", {.policies = {tls_policy(1, 5, 5)}});
  });
  auto* db = database.handle();
  CHECK(query_text(db, "SELECT tls_key, counted FROM v_tls_report") == "1|1\n2|0\n");
  const auto carried = CarrierReader::create(database)->reports(2);
  REQUIRE(carried);
  REQUIRE(carried->size() == 1);
  CHECK(carried->front().sort == ReportSort::tls);
  CHECK(carried->front().org_name == "Sender");
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->set({2, Authenticity::authenticated, "sender.example", "proved: why", ReportSort::tls}));
  REQUIRE(writer->commit());
  CHECK(query_text(db,
                   "SELECT tls_key, counted, authenticity, authenticated_as, authenticity_reason FROM v_tls_report") ==
        "1|0|unchecked||\n2|1|authenticated|sender.example|proved: why\n");
  CHECK(query_text(db, "SELECT successful, failed, authenticity FROM tls_day") == "5|5|authenticated\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("tls: mails wait for the check of their sender as those with aggregate reports do") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) {
    auto item = make_item("mail 1");
    item.kind = ItemKind::mail;
    REQUIRE(writer.begin_item(item));
    REQUIRE(writer.add_chunk(Extent::full, *OriginalChunker("mail 1").next()));
    REQUIRE(write_tls(writer, {.policies = {tls_policy(1, 1, 0)}}));
    REQUIRE(writer.end_item());
  });
  CHECK(count_carriers(database, {}).value() == 1);
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->save({1, 5, true, "{}"}));
  REQUIRE(writer->set({1, Authenticity::indeterminate, "", "key-gone: x", ReportSort::tls}));
  REQUIRE(writer->commit());
  CHECK(count_carriers(database, {}).value() == 0);
}

TEST_CASE("tls: what is known of a domain counts its TLS reports, and none that another made up") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) {
    ingest_tls(writer, "mail 1", {.policies = {tls_policy(1, 1, 0), tls_policy(2, 1, 0, "example.net")}});
    ingest_tls(writer, "mail 2", {.id = "r2", .policies = {tls_policy(1, 1, 0)}});
  });
  const auto known = [&](const std::string& since) {
    const auto found = known_domain(database, "example.com", {since, since}).value();
    return std::to_string(found.tls_reports) + " " + found.last_tls_day + " " + found.last_tls_policy_day;
  };
  CHECK(known("2023-11-01") == "2 2023-11-15 2023-11-15");
  CHECK(known("2023-11-16") == "0  ");
  auto writer = AuthenticityWriter::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->set({1, Authenticity::unauthenticated, "", "unsigned: x", ReportSort::tls}));
  REQUIRE(writer->commit());
  CHECK(known("2023-11-01") == "1 2023-11-15 2023-11-15");
}

TEST_CASE("tls: prune tells before what it takes, of items of both sorts too, and leaves the originals of what stays") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) {
    ingest_tls(writer, "old", {.policies = {tls_policy(1, 1, 0)}});
    REQUIRE(writer.begin_item(make_item("both")));
    REQUIRE(writer.add_chunk(Extent::full, *OriginalChunker("both").next()));
    REQUIRE(write_report(writer, make_report("a", 3), "1"));
    REQUIRE(write_tls(writer, {.id = "r2", .policies = {tls_policy(1, 1, 0)}}, "2"));
    REQUIRE(writer.end_item());
  });
  const auto planned = prune(database, "2023-11-16", PruneMode::preview);
  REQUIRE(planned);
  CHECK(planned->items == 2);
  CHECK(planned->tls_reports == 2);
  REQUIRE(prune(database, "2023-11-15", PruneMode::apply));  // the letters of before go, reports do not
  CHECK(query_text(database.handle(), "SELECT count(*) FROM original") == "2\n");
  REQUIRE(prune(database, "2023-11-16", PruneMode::apply));
  CHECK(query_text(database.handle(), "SELECT count(*) FROM original") == "0\n");
  CHECK(check_text(database) == "");
}

TEST_CASE(
    "tls: the originals of TLS reports that stay, or could not be read, outlive prune; those of other JSON do not") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  in_writer(database, [](Writer& writer) {
    const auto add = [&](const std::string& content, const std::function<void()>& parts) {
      auto item = make_item(content);
      item.received = 1'600'000'000;  // long before the report's days
      REQUIRE(writer.begin_item(item));
      REQUIRE(writer.add_chunk(Extent::full, *OriginalChunker(content).next()));
      parts();
      REQUIRE(writer.end_item());
    };
    add("report", [&] { REQUIRE(write_tls(writer, {.policies = {tls_policy(1, 1, 0)}})); });
    add("broken", [&] {
      REQUIRE(writer.add_part({PartKind::tls, "1"}, Outcome::rejected, {"json-malformed", "", "x"}));
    });
    add("other", [&] {
      REQUIRE(writer.add_part({PartKind::tls, "1"}, Outcome::rejected, {"not-a-tls-report", "", "x"}));
    });
  });
  REQUIRE(prune(database, "2023-11-15", PruneMode::apply));
  CHECK(query_text(database.handle(), "SELECT ledger_id FROM original ORDER BY 1") == "1\n2\n");
}

}  // namespace ruaudit::store::test
