#include "store/facts/day_sums_detail.hpp"

#include <algorithm>
#include <utility>

#include "store/facts/reporter_bits_detail.hpp"

namespace ruaudit::store {
model::Result<RowCache> VerdictBits::all(sqlite3* db) {
  return RowCache::create(db,
                          "SELECT id, (dkim = 'pass') + 2 * (spf = 'pass') + 4 * (disposition = 'reject')"
                          " + 8 * (disposition = 'quarantine') FROM verdict",
                          [](const Statement& row) { return row.integer(1); });
}

void DaySums::add(const DayRecord& record, std::int64_t bits) {
  if (!is_empty_ && record.stream() != stream_.stream()) {
    end_stream();
    if (record.source != stream_.source) end_source();
  }
  if (is_empty_ || records_ == 0) {
    stream_ = record;
    stream_.messages = 0;
  }
  is_empty_ = false;
  ++records_;
  stream_.messages += record.messages;
  reporter_bits_ |= static_cast<std::int64_t>(reporter_bit(record.reporter));
  add_to_source(record, bits);
}

void DaySums::add_to_source(const DayRecord& record, std::int64_t bits) {
  const auto count_if = [&](std::int64_t bit) { return (bits & bit) != 0 ? record.messages : 0; };
  ++source_.records;
  source_.messages += record.messages;
  source_.passed += count_if(VerdictBits::dkim | VerdictBits::spf);
  source_.dkim += count_if(VerdictBits::dkim);
  source_.spf += count_if(VerdictBits::spf);
  source_.rejected += count_if(VerdictBits::rejected);
  source_.quarantined += count_if(VerdictBits::quarantined);
  auto& reporters = source_.reporters;
  const auto place = std::lower_bound(reporters.begin(), reporters.end(), record.reporter);
  if (place == reporters.end() || *place != record.reporter) reporters.insert(place, record.reporter);
}

void DaySums::end_stream() {
  for (const auto value :
       {stream_.source, stream_.identifier, stream_.verdict, stream_.trust, records_, stream_.messages, reporter_bits_})
    streams.push_back(value);
  OfVerdict& verdict = verdicts_[stream_.verdict];
  verdict.records += records_;
  verdict.messages += stream_.messages;
  // All streams of a source follow one another; no source has the number 0.
  if (std::exchange(verdict.last_source, stream_.source) != stream_.source) ++verdict.sources;
  records_ = reporter_bits_ = 0;
}

void DaySums::end_source() {
  for (const auto value : {stream_.source, source_.records, source_.messages, source_.passed, source_.dkim, source_.spf,
                           source_.rejected, source_.quarantined, static_cast<std::int64_t>(source_.reporters.size())})
    sources.push_back(value);
  source_ = {};
}

void DaySums::end() {
  if (is_empty_) return;
  end_stream();
  end_source();
  is_empty_ = true;
}

std::vector<std::int64_t> DaySums::verdicts() const {
  std::vector<std::int64_t> rows;
  for (const auto& [id, sums] : verdicts_)
    for (const auto value : {id, sums.records, sums.messages, sums.sources}) rows.push_back(value);
  return rows;
}

void DaySums::clear() {
  streams.clear();
  sources.clear();
  verdicts_.clear();
}

}  // namespace ruaudit::store
