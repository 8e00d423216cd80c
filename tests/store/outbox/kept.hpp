// A database with what is to be shipped of it.
#pragma once
#include <catch2/catch.hpp>

#include "../store_fixture.hpp"
#include "store/outbox/outbox.hpp"
#include "tests/store/tls/tls_made.hpp"

namespace ruaudit::store::test {

struct Kept {
  TemporaryFolder folder;
  Database database = open_database(folder.file());

  Writer begin() {
    auto writer = Writer::create(database);
    REQUIRE(writer);
    REQUIRE(writer->begin());
    return std::move(*writer);
  }
  void store(const std::string& content, const TestReport& report) {
    auto writer = begin();
    REQUIRE(ingest(writer, content, report));
    REQUIRE(writer.commit());
  }
  void store(const std::string& content, const TlsMade& made) {
    auto writer = begin();
    ingest_tls(writer, content, made);
    REQUIRE(writer.commit());
  }
  std::vector<OutboxRow> rows(OutboxPart part = OutboxPart::present) { return *outbox_rows(database, part, 0, 1000); }
  void ship_all() {
    for (const auto part : {OutboxPart::present, OutboxPart::gone}) {
      std::vector<std::int64_t> seqs;
      for (const auto& row : rows(part)) seqs.push_back(row.seq);
      REQUIRE(forget_outbox_rows(database, seqs));
    }
  }
};

}  // namespace ruaudit::store::test
