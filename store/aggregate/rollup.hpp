// Keeps the roll-ups domain_day and domain_month_source equal to the counted records. Rows of new reports are added up
// in memory and written in sorted order: when the memory is full, before a savepoint, and at the end of the
// transaction. Where a report stops or starts to count afterwards, its cells are marked and rebuilt from the records.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/aggregate/domain_days.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// Where the rows of one report are added up.
struct Cell {
  std::int64_t domain_id = 0;
  std::string day;         // YYYY-MM-DD; its first seven characters are the month
  std::int64_t first = 0;  // period of the report, epoch seconds
  std::int64_t last = 0;
  Authenticity authenticity = Authenticity::unchecked;
};

struct SourceSums {
  std::int64_t records = 0, messages = 0, passed = 0, dkim_aligned = 0, spf_aligned = 0, rejected = 0, quarantined = 0;
};

class Rollup {
 public:
  static constexpr std::size_t max_entries = 32768;  // about 3 MiB

  static model::Result<Rollup> create(sqlite3* db);

  // A report whose cell is known: rows follow, then end_report(cell) with the same.
  void begin_report(const Cell& cell);
  // A report whose cell is known at its end only. Everything else must have been flushed.
  void begin_unplaced_report();
  void add(std::int64_t source_id, ResultClass result_class, std::int64_t count);
  Status end_report(const Cell& cell);
  // Forgets the rows of an unplaced report.
  Status discard_report();
  // An unplaced report can fill the memory: before the next batch its rows go to a temporary table.
  [[nodiscard]] bool is_spill_due() const { return is_unplaced_ && entries_.size() + rows_reserve >= max_entries; }
  Status spill();

  // Has these cells rebuilt by settle().
  void mark(const Cell& cell);
  // Only the class of a counted report's records changes, from that of `former` to that of the cell: its months stay as
  // they are, and of its day no other report is read.
  Status move_report(std::int64_t report_key, const Cell& cell, Authenticity former) {
    return days_.move_report(report_key, {cell.domain_id, cell.day}, {former, cell.authenticity});
  }
  [[nodiscard]] bool is_full() const { return entries_.size() + rows_reserve >= max_entries || days_.is_full(); }
  // Writes the pending rows, except those of marked cells.
  Status flush();
  // At the end of a transaction, once: a cell is made from all records of its month, which is too much for each report.
  Status settle();
  // After a rollback to a savepoint: classes may have gone with it.
  void forget_classes() { days_.forget_classes(); }
  // After a rollback, and where others may have written since: nothing is pending, nothing is known to be in the
  // database.
  void clear();

 private:
  static constexpr std::size_t rows_reserve = 4096;  // a batch fits between is_full() and the limit

  struct Entry {
    std::int64_t source_id;
    std::uint32_t place;
    std::int64_t first, last;
    SourceSums sums;
  };
  struct Place {
    std::int64_t domain_id;
    std::string month;
    bool operator<(const Place& other) const {
      return std::tie(domain_id, month) < std::tie(other.domain_id, other.month);
    }
  };
  struct Statements {
    Statement upsert_source, delete_month, rebuild_month, upsert_spilled, place_spilled, delete_spilled;
  };

  Rollup(Statements statements, DomainDays days);
  Entry& entry_of(std::int64_t source_id);
  void drop_marked();
  void forget_entries();
  Status place_spilled(const Cell& cell);
  Status flush_sources();
  Status rebuild_month(std::int64_t domain_id, const std::string& month);

  Statements statements_;
  DomainDays days_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> index_;  // open addressing into entries_, 0 = free
  std::vector<Place> places_;
  std::map<Place, std::uint32_t> place_of_;
  std::uint32_t place_ = 0;
  Cell cell_;
  bool is_unplaced_ = false;
  bool has_spilled_ = false;
  std::unordered_map<ResultClass, DomainDays::Totals> report_classes_;
  std::set<std::pair<std::int64_t, std::string>> marked_months_;
};

}  // namespace ruaudit::store
