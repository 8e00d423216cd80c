// A database made by the store's own writer, in a folder of its own that goes with it.
#pragma once
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "model/aggregate_report.hpp"
#include "model/calendar.hpp"
#include "model/record_check.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "store/sqlite/database.hpp"
#include "store/writer.hpp"

namespace planted {

using namespace ruaudit::model;

inline std::int64_t at(const char* day, int hour = 0) { return *parse_day(day) + hour * 3600; }

struct Row {
  const char* ip;
  std::int64_t count;
  const char* dkim_domain = "";  // with its result
  DkimResult dkim_result = DkimResult::none;
  const char* spf_domain = "";
  SpfResult spf_result = SpfResult::none;
  AlignedResult dkim = AlignedResult::fail, spf = AlignedResult::fail;
  Disposition disposition = Disposition::none;
  OverrideType reason = OverrideType::unknown;  // unknown: none
  std::uint8_t contradiction = 0;
};

struct Report {
  const char* reporter;
  const char* id;
  const char* domain;
  std::int64_t begin, end;
  std::vector<Row> rows;
  Policy p = Policy::none;
};

inline Record record_of(const Row& row, std::uint32_t number, const char* domain) {
  Record record;
  record.row_number = number;
  record.source_ip = *IpAddress::parse(row.ip);
  record.count = row.count;
  record.identifiers.header_from = domain;
  record.identifiers.envelope_from = row.spf_domain;
  record.policy_evaluated.disposition = row.disposition;
  record.policy_evaluated.dkim = row.dkim;
  record.policy_evaluated.spf = row.spf;
  if (row.reason != OverrideType::unknown)
    record.policy_evaluated.reasons.push_back({row.reason, "", Text{"arc=pass as[1].d=seal.example as[1].s=s", ""}});
  if (*row.dkim_domain != '\0')
    record.auth_results.dkim.push_back({row.dkim_domain, "s1", row.dkim_result, std::nullopt});
  if (*row.spf_domain != '\0')
    record.auth_results.spf.push_back({row.spf_domain, SpfScope::mfrom, row.spf_result, std::nullopt});
  return record;
}

class TestDatabase {
 public:
  TestDatabase() {
    static int number = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("ruaudit-queries-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directory(folder_);
  }
  ~TestDatabase() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "test.db").string(); }

  void write(const std::vector<Report>& reports) const {
    ruaudit::store::DatabaseOptions options;
    options.path = path();
    options.min_free_octets = 0;
    auto database = ruaudit::store::Database::open(options);
    REQUIRE(database.has_value());
    auto writer = ruaudit::store::Writer::create(*database);
    REQUIRE(writer.has_value());
    auto encoder = ruaudit::store::ReportEncoder::create();
    REQUIRE(encoder.has_value());
    REQUIRE(writer->begin().has_value());
    for (const auto& report : reports) write_one(*writer, *encoder, report);
    REQUIRE(writer->commit().has_value());
  }

 private:
  static void write_one(ruaudit::store::Writer& writer, ruaudit::store::ReportEncoder& encoder, const Report& report) {
    ruaudit::store::Item item;
    item.source = "reports";
    item.locator = report.id;
    item.content_hash[0] = static_cast<std::uint8_t>(next_hash() & 255);
    item.content_hash[1] = static_cast<std::uint8_t>(next_hash() >> 8);
    item.received = item.now = report.end;
    REQUIRE(writer.begin_item(item).has_value());
    REQUIRE(writer.begin_report({ruaudit::store::PartKind::aggregate, "1"}).has_value());
    encoder.begin();
    AggregateReport whole;
    whole.header.metadata.org_name = report.reporter;
    whole.header.metadata.report_id = report.id;
    whole.header.metadata.date_range = {report.begin, report.end};
    whole.header.policy_published.domain = report.domain;
    whole.header.policy_published.p = report.p;
    for (const auto& row : report.rows) {
      RecordCheck check;
      check.contradiction = row.contradiction;
      encoder.record(record_of(row, static_cast<std::uint32_t>(++whole.records), report.domain), check);
      whole.messages += row.count;
    }
    encoder.defect({"spf-scope-missing", "", 1, 9});
    auto header = encoder.finish(whole, {});
    auto batch = encoder.take_batch();
    REQUIRE(writer.append(batch).has_value());
    REQUIRE(writer.end_report(header).has_value());
    REQUIRE(writer.end_item().has_value());
    ++next_hash();
  }
  static int& next_hash() {
    static int hash = 0;
    return hash;
  }

  std::filesystem::path folder_;
};

inline constexpr auto pass = AlignedResult::pass;
inline constexpr auto fail = AlignedResult::fail;

// Three reporters on example.com in February 2024, one report on example.org, in UTC days unless the name says more.
inline std::vector<Report> february() {
  const Row own{"203.0.113.5", 100, "example.com", DkimResult::pass, "example.com", SpfResult::pass, pass, pass};
  const Row service{"192.0.2.7", 30, "mailer.net", DkimResult::pass, "b.mailer.net", SpfResult::pass};
  const Row spoof{"2001:db8::bad", 20,   "",   DkimResult::none,       "evil.net",
                  SpfResult::fail, fail, fail, Disposition::quarantine};
  Row list{"198.51.100.20", 5, "example.com", DkimResult::fail, "list.net", SpfResult::pass};
  list.reason = OverrideType::mailing_list;
  Row wrong{"203.0.113.5", 7, "example.com", DkimResult::fail, "x.net", SpfResult::fail, pass, fail};
  wrong.contradiction = 1;
  return {
      {"google.com", "g1", "example.com", at("2024-02-01"), at("2024-02-02") - 1, {own, service, spoof}},
      {"google.com", "g2", "example.com", at("2024-02-02"), at("2024-02-03") - 1, {own, service}},
      {"yahoo", "y1", "example.com", at("2024-02-01", 12), at("2024-02-02", 11), {list, wrong}},
      {"yahoo", "y2", "example.com", at("2024-02-28", 20), at("2024-03-01", 6), {own}, Policy::reject},
      {"outlook", "o1", "example.com", at("2024-03-01"), at("2024-03-02") - 1, {service}, Policy::reject},
      {"google.com", "g1", "example.org", at("2024-02-05"), at("2024-02-06") - 1, {own}},
  };
}

}  // namespace planted
