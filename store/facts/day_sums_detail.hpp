// Sums of the records of one domain and day, as the rows of stream_day, source_day and verdict_day have them.
#pragma once
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "store/sqlite/row_cache_detail.hpp"

namespace ruaudit::store {

// What a row of source_day asks of a verdict, as bits.
struct VerdictBits {
  static constexpr std::int64_t dkim = 1, spf = 2, rejected = 4, quarantined = 8;
  static model::Result<RowCache> all(sqlite3* db);
};

struct DayRecord {
  std::int64_t source, identifier, verdict, trust, messages, reporter;
  [[nodiscard]] auto stream() const { return std::tie(source, identifier, verdict, trust); }
};

class DaySums {
 public:
  // Records come in the order of their streams. `bits`: of the record's verdict.
  void add(const DayRecord& record, std::int64_t bits);
  // After the last record.
  void end();

  // Values of rows one after another, rows in the order of their keys; the caller may clear the first two at any time.
  std::vector<std::int64_t> streams;  // source, identifiers, verdict, trust; records, messages, bits of reporters
  std::vector<std::int64_t> sources;  // source; records, messages, passed, by DKIM, by SPF, rejected, ..., reporters
  [[nodiscard]] std::vector<std::int64_t> verdicts() const;  // verdict; records, messages, sources
  void clear();

 private:
  struct OfVerdict {
    std::int64_t records = 0, messages = 0, sources = 0, last_source = 0;
  };
  struct OfSource {
    std::int64_t records = 0, messages = 0, passed = 0, dkim = 0, spf = 0, rejected = 0, quarantined = 0;
    std::vector<std::int64_t> reporters{};
  };
  void end_stream();
  void end_source();
  void add_to_source(const DayRecord& record, std::int64_t bits);
  bool is_empty_ = true;
  DayRecord stream_{};  // the one that goes on
  std::int64_t records_ = 0, reporter_bits_ = 0;
  OfSource source_;
  std::map<std::int64_t, OfVerdict> verdicts_;
};

}  // namespace ruaudit::store
