// A temporary database and made-up reports for the tests of the store.
#pragma once
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "store/aggregate/report_encoder.hpp"
#include "store/care/maintenance.hpp"
#include "store/ledger/reprocess.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "store/writer.hpp"

namespace ruaudit::store::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ruaudit-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name = "test.db") const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct TestReport {
  model::AggregateReport report;
  std::vector<model::Record> records;
};

inline model::Record make_record(std::uint32_t row, unsigned seed) {
  model::Record record;
  record.row_number = row;
  record.source_ip = model::IpAddress::v4(0xC0000200U + seed % 23);
  record.count = 1 + seed % 7;
  record.policy_evaluated.disposition = seed % 3 == 0 ? model::Disposition::reject : model::Disposition::none;
  record.policy_evaluated.dkim = seed % 2 == 0 ? model::AlignedResult::pass : model::AlignedResult::fail;
  record.policy_evaluated.spf = seed % 5 == 0 ? model::AlignedResult::pass : model::AlignedResult::fail;
  if (seed % 11 == 0)
    record.policy_evaluated.reasons.push_back(
        {model::OverrideType::local_policy, "", model::Text{"arc=pass as[1].d=list.example as[1].s=k1", ""}});
  record.identifiers.header_from = seed % 4 == 0 ? "sub.example.com" : "example.com";
  if (seed % 3 == 1) record.identifiers.envelope_from = "bounce.example.com";
  if (seed % 6 == 2) record.identifiers.envelope_to = "customer.example";
  record.auth_results.dkim.push_back({"example.com",
                                      "s" + std::to_string(seed % 3),
                                      seed % 2 == 0 ? model::DkimResult::pass : model::DkimResult::fail,
                                      {}});
  record.auth_results.spf.push_back({"bounce.example.com", model::SpfScope::mfrom, model::SpfResult::pass, {}});
  return record;
}

inline TestReport make_report(const std::string& id, std::uint32_t rows, unsigned seed = 1) {
  TestReport made;
  auto& header = made.report.header;
  header.metadata.org_name = "Reporter Inc.";
  header.metadata.email = "dmarc@reporter.example";
  header.metadata.report_id = id;
  header.metadata.date_range = {1'700'006'400, 1'700'092'799};  // 2023-11-15
  header.policy_published.domain = "example.com";
  header.policy_published.p = model::Policy::reject;
  for (std::uint32_t row = 1; row <= rows; ++row) made.records.push_back(make_record(row, seed * 31 + row));
  return made;
}

inline TestReport truncated(TestReport report, std::size_t rows) {
  report.records.resize(rows);
  report.report.is_damaged = true;
  return report;
}

inline Database open_database(const std::string& path) {
  DatabaseOptions options;
  options.path = path;
  options.min_free_octets = 0;
  auto database = Database::open(options);
  REQUIRE(database);
  return std::move(*database);
}

inline Item make_item(const std::string& content) {
  Item item;
  item.source = "test";
  item.locator = content;
  item.content_hash = Hasher::create()->hash(content);
  item.size = static_cast<std::int64_t>(content.size());
  item.received = 1'700'100'000;
  item.now = 1'700'200'000;
  return item;
}

// Writes the report as the one part of the item that is open.
inline model::Result<PartResult> write_report(Writer& writer, const TestReport& report, const std::string& path = "1") {
  TRY(auto encoder, ReportEncoder::create());
  encoder.begin();
  TRY_VOID(writer.begin_report({PartKind::aggregate, path}));
  for (const auto& record : report.records) {
    encoder.record(record, {});
    if (!encoder.is_batch_full()) continue;
    auto batch = encoder.take_batch();
    TRY_VOID(writer.append(batch));
  }
  auto batch = encoder.take_batch();
  TRY_VOID(writer.append(batch));
  return writer.end_report(encoder.finish(report.report, {}));
}

// One item with one report; nothing when its octets were known.
inline model::Result<std::optional<PartResult>> ingest(Writer& writer, const std::string& content,
                                                       const TestReport& report) {
  TRY(const auto state, writer.begin_item(make_item(content)));
  if (state == ItemState::known) return std::optional<PartResult>{};
  TRY_VOID(writer.add_chunk(Extent::full, *OriginalChunker(content).next()));
  TRY(const auto result, write_report(writer, report));
  TRY_VOID(writer.end_item());
  return std::optional(result);
}

inline std::string query_text(sqlite3* db, const std::string& sql) {
  auto statement = Statement::prepare(db, sql);
  if (!statement) return statement.error().message;
  std::string all;
  while (true) {
    auto row = statement->step();
    if (!row) return row.error().message;
    if (!*row) return all;
    for (int i = 0; i < sqlite3_column_count(statement->handle()); ++i)
      all.append(i == 0 ? "" : "|").append(statement->text(i));
    all += '\n';
  }
}

inline std::string check_text(Database& database) {
  const auto findings = check(database);
  if (!findings) return findings.error().message;
  std::string all;
  for (const auto& finding : *findings) all += finding.check + ": " + finding.detail + "\n";
  return all;
}

// What the database says, whatever keys its rows have.
inline std::string logical_content(sqlite3* db) {
  return query_text(db,
                    "SELECT reporter, report_id, day, content_hash, counted, conflict, damaged, records, messages FROM"
                    " v_report ORDER BY 1, 2, 3, 4") +
         query_text(
             db,
             "SELECT p.content_hash, r.row_number, r.source_ip, r.message_count, r.disposition, r.dmarc_dkim,"
             " r.dmarc_spf, r.header_from, r.envelope_from, r.envelope_to, r.counted FROM v_record r JOIN v_report p"
             " USING (report_key) ORDER BY 1, 2") +
         query_text(db, "SELECT * FROM v_source_daily ORDER BY 1, 2, 3") +
         query_text(db, "SELECT content_hash, outcome, records, messages FROM v_ledger ORDER BY 1, 2");
}

}  // namespace ruaudit::store::test
