// Puts the days of one domain, which come day by day, in the order of their streams. Used by the readers of facts in
// this folder.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/facts/stream_days.hpp"
#include "store/facts/patterns_detail.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// Numbers of days as texts; rows of one day follow one another.
class DayNumbers {
 public:
  explicit DayNumbers(const std::set<std::string, std::less<>>* left_out) : left_out_(left_out) {}
  // Nothing for a day that is left out, or that lies beyond the calendar.
  std::optional<std::int32_t> of(std::string_view text) {
    if (text != text_) find(text);
    return number_;
  }

 private:
  void find(std::string_view text);
  const std::set<std::string, std::less<>>* left_out_;
  std::string text_;
  std::optional<std::int32_t> number_;
};

class StreamOrder {
 public:
  struct Stream {
    std::int64_t source = 0;
    PatternId pattern = 0;
    bool operator==(const Stream&) const = default;
  };
  struct Row {
    std::uint64_t reporters = 0;
    std::int64_t messages = 0;
    std::uint32_t stream = 0;
    std::int32_t day_and_trust = 0;  // day * 4 + trust
    [[nodiscard]] std::int32_t day() const { return day_and_trust >> 2; }
    [[nodiscard]] model::ReportTrust trust() const { return static_cast<model::ReportTrust>(day_and_trust & 3); }
  };

  // Columns of `row` from the fifth on: trust, messages, bits of reporters.
  void add(const Stream& stream, const Statement& row, std::int32_t day) {
    rows_.push_back({.reporters = static_cast<std::uint64_t>(row.integer(6)),
                     .messages = row.integer(5),
                     .stream = place_of(stream),
                     .day_and_trust = day * 4 + static_cast<std::int32_t>(row.integer(4) & 3)});
  }
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  // Hands out each stream by source and pattern, its rows by day and trust, and is empty then.
  template <class Take>
  void give(const Take& take) {
    const auto order = arranged();
    std::vector<Row> rows;
    for (auto next = order.begin(); next != order.end();) {
      const auto stream = rows_[*next].stream;
      rows.clear();
      for (; next != order.end() && rows_[*next].stream == stream; ++next) rows.push_back(rows_[*next]);
      put_in_order(rows);
      take(streams_[stream], std::as_const(rows));
    }
    clear();
  }

 private:
  struct Hash {
    std::size_t operator()(const Stream& stream) const;
  };
  std::uint32_t place_of(const Stream& stream);
  [[nodiscard]] std::vector<std::uint32_t> arranged() const;  // places of rows, stream by stream
  static void put_in_order(std::vector<Row>& rows);
  void clear();
  std::vector<Stream> streams_;
  std::deque<Row> rows_;
  std::unordered_map<Stream, std::uint32_t, Hash> places_;
};

}  // namespace ruaudit::store
