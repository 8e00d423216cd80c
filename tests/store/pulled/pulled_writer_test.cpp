// Reports that come out of a cluster: here out of another database, by the reader that ships them.
#include "store/pulled/pulled_writer.hpp"

#include "../store_fixture.hpp"
#include "store/carrier_check.hpp"
#include "store/outbox/outbox.hpp"
#include "store/outbox/tls_reader.hpp"
#include "store/tls/rows.hpp"
#include "tests/store/tls/tls_made.hpp"

using namespace ruaudit;
using namespace ruaudit::store;
using namespace ruaudit::store::test;

namespace {

struct Stored {
  std::int64_t key = 0;
  Digest identity{};
};

// An ingester's database, and the judging one that gets its reports.
struct Pair {
  TemporaryFolder folder;
  Database ingester = open_database(folder.file("ingester.db"));
  Database judging = open_database(folder.file("cluster.db"));
  std::vector<Stored> stored{};

  Pair() { REQUIRE(begin_judging(judging, "test")); }

  void store(const std::string& content, const TestReport& report) {
    auto writer = Writer::create(ingester);
    REQUIRE(writer->begin());
    const auto result = ingest(*writer, content, report);
    REQUIRE(result);
    REQUIRE(writer->commit());
    auto find = Statement::prepare(ingester.handle(), "SELECT identity_key FROM report WHERE id = ?");
    REQUIRE(find->bind(1, (*result)->report_key).step().value());
    Stored one{(*result)->report_key, {}};
    std::copy_n(find->blob(0).begin(), 16, one.identity.begin());
    stored.push_back(one);
  }

  void set(std::size_t which, Authenticity state) {
    auto writer = AuthenticityWriter::create(ingester);
    REQUIRE(writer->begin());
    REQUIRE(writer->set({stored[which].key, state, "reporter.example", "token: why"}));
    REQUIRE(writer->commit());
  }

  void copy(PulledWriter& writer, const Stored& one, std::uint64_t batch, std::int64_t taken_in) {
    auto reader = ReportReader::create(ingester);
    REQUIRE(reader->begin());
    const auto report = reader->report(one.key, one.identity);
    REQUIRE(report);
    REQUIRE(report->has_value());
    REQUIRE(writer.begin_copy(**report, {pulled_key(one.identity, batch), "cluster test", taken_in}));
    REQUIRE(reader->records(one.key, [&writer](const ShippedRecord& record) { return writer.add_record(record); }));
    REQUIRE(writer.end_copy());
    reader->end();
  }

  // Everything that is stored, as the copies of one batch each.
  void pull_all(std::int64_t taken_in = 5'000) {
    auto writer = PulledWriter::create(judging);
    REQUIRE(writer->begin());
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const bool is_first = std::none_of(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(i),
                                         [&](const Stored& one) { return one.identity == stored[i].identity; });
      if (!is_first) continue;
      REQUIRE(writer->rewrite(stored[i].identity));
      for (std::size_t j = i; j < stored.size(); ++j)
        if (stored[j].identity == stored[i].identity) copy(*writer, stored[j], j + 1, taken_in);
      REQUIRE(writer->end_report());
    }
    REQUIRE(writer->remember(0, UINT64_MAX));
    REQUIRE(writer->commit());
  }
};

std::string sums(Database& database) {
  return query_text(database.handle(),
                    "SELECT d.name, t.day, t.class_id, t.records, t.messages FROM domain_day t JOIN domain d ON d.id ="
                    " t.domain_id ORDER BY 1, 2, 3") +
         query_text(database.handle(),
                    "SELECT d.name, t.month, s.text, t.records, t.messages, t.passed, t.first_seen, t.last_seen FROM"
                    " domain_month_source t JOIN domain d ON d.id = t.domain_id JOIN source s ON s.id = t.source_id"
                    " ORDER BY 1, 2, 3");
}

std::string reports(Database& database) {
  return query_text(database.handle(),
                    "SELECT reporter, report_id, policy_domain, day, org_name, counted, conflict, damaged, records,"
                    " messages, authenticity, authenticated_as, authenticity_reason, identity_key, content_hash, p FROM"
                    " v_report ORDER BY report_id, content_hash") +
         query_text(database.handle(),
                    "SELECT p.report_id, p.content_hash, a.n, a.mechanism, a.domain, a.selector, a.result, a.scope FROM"
                    " v_auth_result a JOIN v_report p USING (report_key) ORDER BY 1, 2, a.record_key, 3") +
         query_text(database.handle(),
                    "SELECT day, type, comment, arc, arc_chain, arc_domain FROM v_override ORDER BY 1, 2, 3");
}

}  // namespace

TEST_CASE("a report that is pulled has the rows, the hashes and the sums that its ingester gave it") {
  Pair pair;
  pair.store("1", make_report("a", 60));
  pair.store("2", make_report("b", 5'000, 7));  // more than one batch of the writer
  pair.set(0, Authenticity::authenticated);
  pair.pull_all();
  CHECK(reports(pair.judging) == reports(pair.ingester));
  CHECK(sums(pair.judging) == sums(pair.ingester));
  CHECK(check_text(pair.judging) == "");
  CHECK(pulled_batches(pair.judging, 0).value() == BatchNumbers{UINT64_MAX});
  CHECK(pulled_batches(pair.judging, 1)->empty());
}

TEST_CASE("copies that were pulled are judged as those of one database: truncated, equal and conflicting ones") {
  Pair pair;
  pair.store("1", truncated(make_report("a", 40), 30));
  pair.store("2", make_report("b", 40));
  pair.store("3", make_report("b", 40, 2));
  pair.set(2, Authenticity::authenticated);
  pair.pull_all();
  CHECK(reports(pair.judging) == reports(pair.ingester));
  CHECK(sums(pair.judging) == sums(pair.ingester));
  pair.pull_all();  // again: nothing is there twice
  CHECK(reports(pair.judging) == reports(pair.ingester));
  CHECK(check_text(pair.judging) == "");
  auto writer = PulledWriter::create(pair.judging);
  CHECK(writer->held(pair.stored[1].identity)->keys.size() == 2);
}

namespace {

std::string tls_reports(Database& database) {
  return query_text(
             database.handle(),
             "SELECT reporter, report_id, day, date_begin, organization_name, contact_info, policies, failures,"
             " successful, failed, counted, conflict, damaged, authenticity, authenticated_as, authenticity_reason,"
             " identity_key, content_hash, defects FROM v_tls_report ORDER BY report_id, content_hash") +
         query_text(database.handle(),
                    "SELECT day, policy_domain, type, raw_type, strings, mx_hosts, successful, failed, counted FROM"
                    " v_tls_policy ORDER BY 1, 2, 3, 7, 8") +
         query_text(database.handle(),
                    "SELECT policy, policy_domain, result_type, raw_result_type, sending_ip, mx_host, mx_helo,"
                    " receiving_ip, sessions, reason_code, information FROM v_tls_failure ORDER BY 1, 2, 3, 9") +
         query_text(database.handle(), "SELECT * FROM tls_day ORDER BY 1, 2, 3, 4, 5") +
         query_text(database.handle(), "SELECT * FROM tls_failure_day ORDER BY 1, 2, 3, 4, 5");
}

// Every TLS report of the ingester, in its order.
void pull_tls(Pair& pair, std::int64_t taken_in) {
  auto find = Statement::prepare(pair.ingester.handle(), "SELECT id, group_key FROM tls_report ORDER BY group_key, id");
  auto reader = TlsReader::create(pair.ingester);
  auto writer = PulledWriter::create(pair.judging);
  REQUIRE(writer->begin());
  Digest group{};
  bool is_open = false;
  while (find->step().value()) {
    Digest next{};
    std::copy_n(find->blob(1).begin(), next.size(), next.begin());
    if (is_open && next != group) REQUIRE(writer->end_report());
    if (!is_open || next != group) REQUIRE(writer->rewrite(next));
    group = next;
    is_open = true;
    const auto report = reader->report(find->integer(0), group);
    REQUIRE(report->has_value());
    REQUIRE(writer->copy_tls(
        **report, {pulled_key(group, static_cast<std::uint64_t>(find->integer(0))), "cluster test", taken_in}));
  }
  REQUIRE(writer->end_report());
  REQUIRE(writer->commit());
}

}  // namespace

TEST_CASE(
    "TLS reports that are pulled say what they said, again too: versions, other domains of one group, what is proved") {
  Pair pair;
  auto ingester = Writer::create(pair.ingester);
  REQUIRE(ingester->begin());
  auto whole = tls_policy(1, 10, 3);
  whole.strings = {"version: STSv1", "mode: \"testing\"; żółć"};
  whole.mx_hosts = {"*.example.com", "mx.example.com"};
  model::TlsFailure failure;
  failure.policy = 1;
  failure.result_type = model::TlsResultType::unknown;
  failure.raw_result_type = "odd";
  failure.sending_mta_ip = "2001:db8::1";
  failure.receiving_mx_hostname = "mx.example.com";
  failure.receiving_mx_helo = "helo.example.com";
  failure.additional_information = "https://example.com/?a=b\tc";
  auto further = failure;
  further.sessions = 3;
  further.result_type = model::TlsResultType::certificate_expired;
  further.failure_reason_code = "why";
  further.receiving_ip = "192.0.2.1";
  ingest_tls(*ingester, "1", {.policies = {whole}, .failures = {failure, further}});
  ingest_tls(*ingester, "2", {.policies = {tls_policy(1, 11, 3), tls_policy(2, std::nullopt, std::nullopt, "")}});
  ingest_tls(*ingester, "3", {.policies = {tls_policy(1, 7, 0, "example.net")}});
  ingest_tls(*ingester, "4", {.id = "", .policies = {tls_policy(1, 1, 1)}});
  REQUIRE(ingester->commit());
  REQUIRE(execute(
      pair.ingester.handle(),
      "INSERT INTO tls_defect VALUES (1, 1, 0, 7, 'tls-bad-address', 'x'), (1, 2, 1, 0, 'tls-sums-differ', '')"));
  {
    auto rows = TlsRows::create(pair.ingester.handle());
    REQUIRE(rows->set_authenticity(2, {Authenticity::authenticated, "sender.example", "token: why"}));
  }
  const auto wanted = tls_reports(pair.ingester);
  CHECK(wanted.find("authenticated|sender.example") != std::string::npos);
  for (const std::int64_t taken_in : {5'000, 9'000}) {
    pull_tls(pair, taken_in);
    CHECK(tls_reports(pair.judging) == wanted);
    CHECK(check_text(pair.judging) == "");
    CHECK(query_text(pair.judging.handle(), "SELECT DISTINCT first_seen FROM ledger") == "5000\n");
  }
  auto writer = PulledWriter::create(pair.judging);
  auto find =
      Statement::prepare(pair.judging.handle(), "SELECT group_key FROM tls_report WHERE report_id = 'r1' LIMIT 1");
  REQUIRE(find->step().value());
  Digest group{};
  std::copy_n(find->blob(0).begin(), group.size(), group.begin());
  find->reset();
  CHECK(writer->held(group)->keys.size() == 3);
  REQUIRE(writer->begin());
  REQUIRE(writer->rewrite(group));
  REQUIRE(writer->end_report());
  REQUIRE(writer->commit());
  CHECK(query_text(pair.judging.handle(), "SELECT report_id, counted FROM tls_report") == "|1\n");
  CHECK(check_text(pair.judging) == "");
}

TEST_CASE("a policy of a TLS report whose lists are none is refused, and what was there stays") {
  Pair pair;
  ShippedTlsReport report;
  report.authenticity = "unchecked";
  report.day = "2023-11-15";
  report.policies.push_back({.number = 1,
                             .domain = "example.com",
                             .type = "sts",
                             .raw_type = "",
                             .strings = "[\"a\", 1]",
                             .mx_hosts = "[]",
                             .successful = 1,
                             .failed = 0});
  auto writer = PulledWriter::create(pair.judging);
  REQUIRE(writer->begin());
  REQUIRE(writer->rewrite(report.group_key));
  CHECK(writer->copy_tls(report, {"key", "cluster test", 1}).error().code == "cluster-incomplete");
  writer->rollback();
  CHECK(query_text(pair.judging.handle(), "SELECT count(*) FROM tls_report") == "0\n");
}

TEST_CASE("a report that is gone leaves no row and no sum") {
  Pair pair;
  pair.store("1", make_report("a", 40));
  pair.pull_all();
  auto writer = PulledWriter::create(pair.judging);
  REQUIRE(writer->begin());
  REQUIRE(writer->rewrite(pair.stored[0].identity));
  REQUIRE(writer->end_report());
  REQUIRE(writer->forget(0, UINT64_MAX));
  REQUIRE(writer->commit());
  CHECK(sums(pair.judging) == "");
  for (const char* table : {"report", "record", "ledger", "ledger_part", "pulled_batch"})
    CHECK(query_integer(pair.judging.handle(), (std::string("SELECT count(*) FROM ") + table).c_str()).value() == 0);
  CHECK(check_text(pair.judging) == "");
}

TEST_CASE("a copy that is written again keeps the time at which it was taken in") {
  Pair pair;
  pair.store("1", make_report("a", 4));
  pair.pull_all(5'000);
  pair.pull_all(9'000);
  CHECK(query_text(pair.judging.handle(), "SELECT first_seen FROM ledger") == "5000\n");
}

TEST_CASE("what is not committed has not been pulled, and the writer goes on") {
  Pair pair;
  pair.store("1", make_report("a", 40));
  {
    auto writer = PulledWriter::create(pair.judging);
    REQUIRE(writer->begin());
    REQUIRE(writer->rewrite(pair.stored[0].identity));
    pair.copy(*writer, pair.stored[0], 1, 5'000);
    REQUIRE(writer->remember(0, 1));
    writer->rollback();
    REQUIRE(writer->begin());
    REQUIRE(writer->remember(0, 2));
    REQUIRE(writer->commit());
  }
  CHECK(sums(pair.judging) == "");
  CHECK(pulled_batches(pair.judging, 0).value() == BatchNumbers{2});
}

TEST_CASE(
    "a database with reports of its own is no judging one, and a judging one is of one cluster and ships nothing") {
  Pair pair;
  pair.store("1", make_report("a", 4));
  CHECK(begin_judging(pair.ingester, "test").error().code == "cluster-not-judging");
  CHECK(begin_judging(pair.judging, "test"));
  CHECK(begin_judging(pair.judging, "other").error().code == "cluster-other");
  CHECK(keep_outbox(pair.judging).error().code == "cluster-judging");
}

TEST_CASE("a judging database stays that of its cluster when that gets shards, or servers of a shard change") {
  const TemporaryFolder folder;
  auto fresh = open_database(folder.file("cluster.db"));
  const auto of = [](const std::string& servers) { return "database d on " + servers; };
  REQUIRE(begin_judging(fresh, of("https://a, https://b")));
  CHECK(begin_judging(fresh, of("https://a https://a2, https://b, https://c")));
  CHECK(begin_judging(fresh, of("https://a2 https://a, https://b, https://c")));
  CHECK(begin_judging(fresh, of("https://a2, https://b, https://c")));
  for (const auto* const other :
       {"https://a, https://b, https://c", "https://a2, https://b", "https://b, https://a2, https://c"}) {
    CAPTURE(other);
    CHECK(begin_judging(fresh, of(other)).error().code == "cluster-other");
  }
  CHECK(begin_judging(fresh, "database e on https://a2, https://b, https://c").error().code == "cluster-other");
}
