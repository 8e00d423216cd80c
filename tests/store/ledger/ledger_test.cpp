#include "store/ledger/known_items.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {

TEST_CASE("ledger: octets that are known add nothing but seen_count and last_seen") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  auto known = KnownItems::open(folder.file());
  REQUIRE(known);
  const auto item = make_item("mail");
  CHECK_FALSE(known->contains(item.content_hash).value());
  REQUIRE(writer->begin());
  REQUIRE(ingest(*writer, "mail", make_report("a", 5)));
  REQUIRE(writer->commit());
  CHECK(known->contains(item.content_hash).value());
  const auto before = logical_content(database.handle());
  REQUIRE(writer->begin());
  auto moved = item;
  moved.locator = "elsewhere";
  moved.now += 100;
  CHECK(writer->begin_item(moved).value() == ItemState::known);
  REQUIRE(writer->commit());
  CHECK(logical_content(database.handle()) == before);
  CHECK(query_text(database.handle(), "SELECT seen_count, last_seen - first_seen FROM ledger") == "2|100\n");
}

TEST_CASE("ledger: a rejected report leaves its row and nothing else, also after many batches") {
  for (const std::uint32_t rows : {0U, 5U, static_cast<std::uint32_t>(2 * max_batch_records)}) {
    CAPTURE(rows);
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    auto writer = Writer::create(database);
    auto encoder = ReportEncoder::create();
    encoder->begin();
    REQUIRE(writer->begin());
    REQUIRE(writer->begin_item(make_item("bad")));
    REQUIRE(writer->begin_report({PartKind::aggregate, "2/x.xml"}));
    for (std::uint32_t row = 1; row <= rows; ++row) {
      encoder->record(make_record(row, row), {});
      if (!encoder->is_batch_full()) continue;
      auto batch = encoder->take_batch();
      REQUIRE(writer->append(batch));
    }
    REQUIRE(writer->reject_report({"xml-broken", "line 7", "not closed"}));
    CHECK(writer->end_item().value().outcome == Outcome::rejected);
    REQUIRE(ingest(*writer, "good", make_report("a", 5)));
    REQUIRE(writer->commit());
    CHECK(
        query_text(database.handle(), "SELECT locator, path, outcome, code, place, reason FROM v_ledger ORDER BY 1") ==
        "bad|2/x.xml|rejected|xml-broken|line 7|not closed\ngood|1|stored|||\n");
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM record").value() == 5);
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM source").value() == 5);
    CHECK(check_text(database) == "");
  }
}

TEST_CASE("ledger: a mailbox message has its own row and its acknowledgement starts as pending") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  auto item = make_item("mail");
  item.needs_acknowledgement = true;
  REQUIRE(writer->begin(Durability::durable));
  for (const char* uid : {"7", "8", "7"}) {
    item.message = MailboxMessage{"imaps://mail.example/box", "INBOX", 1, uid};
    const auto state = writer->begin_item(item);
    REQUIRE(state);
    if (*state == ItemState::known) continue;
    REQUIRE(write_report(*writer, make_report("a", 2)));
    REQUIRE(writer->end_item());
  }
  REQUIRE(writer->commit());
  CHECK(query_text(database.handle(), "SELECT uid, outcome, acknowledgement, seen_count FROM ledger ORDER BY id") ==
        "7|stored|pending|2\n8|duplicate|pending|1\n");
  CHECK(check_text(database) == "");
}

TEST_CASE("ledger: an original comes back octet for octet") {
  std::string content;
  for (int i = 0; content.size() < 3 * max_original_chunk; ++i) content += "line " + std::to_string(i * 7919) + "\r\n";
  content += std::string("\0\xff\n", 3);
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto writer = Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(writer->begin_item(make_item("mail")));
  OriginalChunker chunker(content);
  while (const auto chunk = chunker.next()) REQUIRE(writer->add_chunk(Extent::full, *chunk));
  REQUIRE(writer->add_part({PartKind::failure, "1"}, Outcome::kept, {"failure-report", "", "kept for later"}));
  REQUIRE(writer->end_item());
  REQUIRE(writer->commit());
  const auto kept = next_kept_item(database, 0);
  REQUIRE(kept);
  REQUIRE(*kept);
  CHECK((*kept)->octets == static_cast<std::int64_t>(content.size()));
  std::string back;
  REQUIRE(read_original(database, (*kept)->ledger_key, [&back](std::string_view octets) {
    back += octets;
    return model::Result<void>{};
  }));
  CHECK(back == content);
  CHECK_FALSE(next_kept_item(database, (*kept)->ledger_key).value());
  CHECK(check_text(database) == "");
}

}  // namespace ruaudit::store::test
