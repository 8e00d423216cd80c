// Keeps the roll-up domain_day, totals of a domain and day by class of results, equal to the counted records: for
// rollup.hpp, which says when what is written.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "store/aggregate/result_class.hpp"
#include "store/sqlite/row_cache_detail.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

class DomainDays {
 public:
  using Day = std::pair<std::int64_t, std::string>;  // domain, YYYY-MM-DD
  struct Totals {
    std::int64_t records = 0, messages = 0;
  };
  struct Move {
    Authenticity from = Authenticity::unchecked, to = Authenticity::unchecked;
  };

  static model::Result<DomainDays> create(sqlite3* db);

  void add(const Day& day, ResultClass result_class, const Totals& totals);
  // A counted report's records leave the classes of one authenticity for those of the other.
  Status move_report(std::int64_t report_key, const Day& day, const Move& move);
  // Has the day rebuilt from its records by settle().
  void mark(const Day& day) { marked_.insert(day); }
  [[nodiscard]] bool is_full() const { return sums_.size() >= max_rows; }
  // Writes the pending rows, except those of marked days.
  Status flush();
  // After flush(), at the end of a transaction.
  Status settle();
  // After a rollback to a savepoint: classes may have gone with it.
  void forget_classes() { known_classes_.clear(); }
  // After a rollback, and where others may have written since: nothing is pending, nothing is known.
  void clear();

 private:
  static constexpr std::size_t max_rows = 16384;

  struct Key {
    std::int64_t domain_id;
    std::string day;
    ResultClass result_class;
    bool operator<(const Key& other) const {
      return std::tie(domain_id, day, result_class) < std::tie(other.domain_id, other.day, other.result_class);
    }
  };
  struct Statements {
    Statement insert_class, upsert, remove, select, mark_stale, select_report, take_from_class, remove_class;
  };

  DomainDays(Statements statements, RowCache verdicts)
      : statements_(std::move(statements)), verdicts_(std::move(verdicts)) {}
  Status flush_sums();
  Status flush_moves();
  Status take_away(const Key& key, const Totals& totals);
  Status rebuild(std::int64_t domain_id, const std::string& day);
  Status add_to_class(const Key& key, const Totals& totals);
  Status write_class(ResultClass result_class);
  Status mark_stale(std::int64_t domain_id, const std::string& day);

  Statements statements_;
  std::map<Key, Totals> sums_;
  std::map<Key, Totals> moves_;  // below zero where more leaves than comes
  RowCache verdicts_;            // VerdictFacts, packed
  std::set<Day> marked_;
  std::unordered_set<ResultClass> known_classes_;
};

}  // namespace ruaudit::store
