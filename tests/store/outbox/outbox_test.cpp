#include "store/outbox/outbox.hpp"

#include "kept.hpp"
#include "store/carrier_check.hpp"
#include "store/outbox/report_reader.hpp"
#include "store/outbox/tls_reader.hpp"

using namespace ruaudit::store;
using namespace ruaudit::store::test;

TEST_CASE("without a cluster nothing is noted") {
  Kept kept;
  kept.store("a", make_report("1", 3));
  CHECK(kept.rows().empty());
  CHECK_FALSE(outbox_state(kept.database)->is_kept);
  CHECK_FALSE(ingester_number(kept.database));
}

TEST_CASE("a report is noted in the transaction that stores it") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  REQUIRE(keep_outbox(kept.database));  // again: nothing happens
  {
    auto writer = kept.begin();
    REQUIRE(ingest(writer, "a", make_report("1", 3)));
  }  // rolled back
  CHECK(kept.rows().empty());
  kept.store("a", make_report("1", 3));
  REQUIRE(kept.rows().size() == 1);
  CHECK(kept.rows()[0].records == 3);
  CHECK(kept.rows()[0].day == "2023-11-15");
  CHECK_FALSE(kept.rows()[0].is_gone);
  CHECK(outbox_state(kept.database)->records == 3);
  CHECK(*ingester_number(kept.database) != 0);
}

TEST_CASE("a copy is nothing new, another version is") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  kept.ship_all();
  kept.store("b", make_report("1", 3));
  CHECK(kept.rows().empty());
  kept.store("c", make_report("1", 4));
  CHECK(kept.rows().size() == 1);
}

TEST_CASE("a cut copy that gives way is told as gone after the whole one is told") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", truncated(make_report("1", 5), 2));
  kept.ship_all();
  kept.store("b", make_report("1", 5));
  const auto present = kept.rows();
  REQUIRE(present.size() == 1);
  CHECK(present[0].records == 5);
  CHECK(kept.rows(OutboxPart::gone).empty());
  const std::int64_t seqs[] = {present[0].seq};
  REQUIRE(forget_outbox_rows(kept.database, seqs));
  const auto gone = kept.rows(OutboxPart::gone);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].is_gone);
  CHECK(gone[0].identity_key == present[0].identity_key);
  CHECK(gone[0].report_key != present[0].report_key);
}

TEST_CASE("what a later check proves of a report is noted, the same again is not") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  kept.ship_all();
  REQUIRE(execute(kept.database.handle(), "UPDATE report SET authenticity = 'authenticated'"));
  CHECK(kept.rows().size() == 1);
  kept.ship_all();
  REQUIRE(execute(kept.database.handle(), "UPDATE report SET authenticity = 'authenticated', counted = 1"));
  CHECK(kept.rows().empty());
}

TEST_CASE("a change while its report is shipped stays to be shipped") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  const auto taken = kept.rows();
  REQUIRE(execute(kept.database.handle(), "UPDATE report SET authenticity = 'authenticated'"));
  const std::int64_t seqs[] = {taken[0].seq};
  REQUIRE(forget_outbox_rows(kept.database, seqs));
  CHECK(kept.rows().size() == 1);
}

TEST_CASE("what was stored before the cluster came is noted on request") {
  Kept kept;
  kept.store("a", make_report("1", 3));
  REQUIRE(keep_outbox(kept.database));
  CHECK(kept.rows().empty());
  CHECK(*enqueue_all(kept.database) == 1);
  CHECK(*enqueue_all(kept.database) == 0);
  REQUIRE(kept.rows().size() == 1);
  CHECK(kept.rows()[0].since == 0);
}

TEST_CASE("nothing is pruned that a cluster is still to get, and what is pruned stays there") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  const auto refused = prune(kept.database, "2024-01-01", PruneMode::apply);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "cluster-backlog");
  CHECK(query_text(kept.database.handle(), "SELECT count(*) FROM report") == "1\n");
  kept.ship_all();
  REQUIRE(prune(kept.database, "2024-01-01", PruneMode::apply));
  CHECK(query_text(kept.database.handle(), "SELECT count(*) FROM report") == "0\n");
  CHECK(kept.rows().empty());
}

TEST_CASE(
    "what is pruned leaves other reports that wait where they are, and no address is looked for without its index") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  kept.ship_all();
  auto later = make_report("2", 3);
  for (auto* const time :
       {&later.report.header.metadata.date_range.begin, &later.report.header.metadata.date_range.end})
    **time += 400 * std::int64_t{86'400};
  kept.store("b", later);
  REQUIRE(kept.rows().size() == 1);
  REQUIRE(execute(kept.database.handle(), "DROP INDEX record_by_source"));  // as a first run that was killed leaves it
  REQUIRE(prune(kept.database, "2024-01-01", PruneMode::apply));
  CHECK(kept.rows().size() == 1);
  CHECK(kept.rows(OutboxPart::gone).empty());
  CHECK(query_text(kept.database.handle(), "SELECT count(*) FROM report") == "1\n");
  CHECK(query_text(kept.database.handle(), "SELECT count(*) FROM sqlite_schema WHERE name = 'record_by_source'") ==
        "1\n");
}

TEST_CASE("a TLS report is noted by the key of its group, what is proved of it too, and what is pruned stays there") {
  Kept kept;
  kept.store("before", TlsMade{.id = "r0", .policies = {tls_policy(1, 1, 0)}});
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", TlsMade{.policies = {tls_policy(1, 5, 0), tls_policy(2, 5, 0, "example.net")}});
  REQUIRE(kept.rows().size() == 1);
  const auto row = kept.rows()[0];
  CHECK(row.is_tls);
  CHECK_FALSE(row.is_gone);
  CHECK(row.day == "2023-11-15");
  CHECK(row.records == 2);
  auto reader = TlsReader::create(kept.database);
  REQUIRE(reader);
  CHECK(reader->report(row.report_key, row.identity_key)->value().policies.size() == 2);
  CHECK_FALSE(reader->report(row.report_key + 1, row.identity_key)->has_value());
  CHECK(prune(kept.database, "2024-01-01", PruneMode::apply).error().code == "cluster-backlog");
  kept.ship_all();
  kept.store("b", TlsMade{.policies = {tls_policy(1, 5, 0), tls_policy(2, 5, 0, "example.net")}});
  CHECK(kept.rows().empty());
  REQUIRE(
      execute(kept.database.handle(), "UPDATE tls_report SET authenticity = 'authenticated' WHERE report_id = 'r1'"));
  CHECK(kept.rows().size() == 1);
  kept.ship_all();
  CHECK(*enqueue_all(kept.database) == 2);
  kept.ship_all();
  REQUIRE(prune(kept.database, "2024-01-01", PruneMode::apply));
  CHECK(query_text(kept.database.handle(), "SELECT count(*) FROM tls_report") == "0\n");
  CHECK(kept.rows(OutboxPart::gone).empty());
}

TEST_CASE("a TLS report that an ingester has no more is told as gone") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", TlsMade{.policies = {tls_policy(1, 5, 0)}});
  kept.ship_all();
  REQUIRE(execute(kept.database.handle(),
                  "DELETE FROM tls_policy; UPDATE ledger_part SET tls_id = NULL; DELETE FROM tls_report"));
  const auto gone = kept.rows(OutboxPart::gone);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].is_gone);
}

TEST_CASE("triggers of an earlier build, which noted less, give way to those of this one") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  const auto number = *ingester_number(kept.database);
  for (const char* one :
       {"DROP TRIGGER outbox_tls_insert", "DROP TRIGGER outbox_tls_update", "DROP TRIGGER outbox_tls_delete"})
    REQUIRE(execute(kept.database.handle(), one));
  kept.store("before", TlsMade{.id = "r0", .policies = {tls_policy(1, 1, 0)}});
  CHECK(kept.rows().empty());
  REQUIRE(keep_outbox(kept.database));
  REQUIRE(kept.rows().size() == 1);  // what was stored meanwhile is to be told, too
  CHECK(kept.rows()[0].is_tls);
  kept.ship_all();
  REQUIRE(keep_outbox(kept.database));
  CHECK(kept.rows().empty());
  kept.store("a", TlsMade{.policies = {tls_policy(1, 5, 0)}});
  CHECK(kept.rows().size() == 1);
  CHECK(*ingester_number(kept.database) == number);
}

TEST_CASE("a database that leaves the cluster notes nothing any more") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  REQUIRE(drop_outbox(kept.database));
  kept.store("b", make_report("2", 3));
  CHECK(kept.rows().empty());
  CHECK_FALSE(outbox_state(kept.database)->is_kept);
}

TEST_CASE("a copy for analysts is no ingester") {
  Kept kept;
  REQUIRE(keep_outbox(kept.database));
  kept.store("a", make_report("1", 3));
  const auto path = kept.folder.file("copy.db");
  REQUIRE(export_copy(kept.database, {.path = path}));
  auto copy = open_database(path);
  CHECK_FALSE(outbox_state(copy)->is_kept);
  CHECK_FALSE(ingester_number(copy));
}

TEST_CASE("a stored report is read with every word that its views show") {
  Kept kept;
  auto made = make_report("1", 40);
  made.report.header.metadata.errors.push_back({"late", "en"});
  kept.store("a", made);
  auto reader = ReportReader::create(kept.database);
  REQUIRE(reader);
  REQUIRE(reader->begin());
  REQUIRE(enqueue_all(kept.database).has_value() == false);  // inside a read
  const auto key = query_text(kept.database.handle(), "SELECT lower(hex(identity_key)) FROM report");
  CHECK(key.size() == 33);
  reader->end();
  REQUIRE(enqueue_all(kept.database));
  const auto row = kept.rows().at(0);
  const auto report = reader->report(row.report_key, row.identity_key);
  REQUIRE(report);
  REQUIRE(*report);
  CHECK((*report)->policy_domain == "example.com");
  CHECK((*report)->first_seen == 1'700'200'000);
  REQUIRE((*report)->errors.size() == 1);
  std::int64_t messages = 0;
  std::size_t overrides = 0;
  REQUIRE(reader->records(row.report_key, [&](const ShippedRecord& record) -> ruaudit::model::Result<void> {
    messages += record.count;
    overrides += record.verdict->overrides.size();
    CHECK(record.source.size() == 16);
    CHECK(record.verdict->results.size() == 2);
    return {};
  }));
  CHECK(std::to_string(messages) + "\n" ==
        query_text(kept.database.handle(), "SELECT sum(message_count) FROM v_record"));
  CHECK(std::to_string(overrides) + "\n" ==
        query_text(kept.database.handle(), "SELECT count(*) FROM record r JOIN policy_override o USING (verdict_id)"));
  auto other = row.identity_key;
  other[0] ^= 1;
  CHECK_FALSE(*reader->report(row.report_key, other));
}
