#include "store/facts/streams.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/fail_point.hpp"
#include "store/facts/day_sums_detail.hpp"
#include "store/facts/day_table_detail.hpp"
#include "store/facts/result_months_detail.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::int64_t days_per_transaction = 200;
constexpr std::size_t octets_of_a_piece = 65'536 * sizeof(std::int64_t);

constexpr std::string_view reports_sql =
    "SELECT id, reporter_id, CASE authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1"
    " WHEN 'unauthenticated' THEN 2 ELSE 3 END, records FROM report WHERE domain_id = ?1 AND day = ?2 AND counted = 1";

constexpr std::string_view records_sql =
    "SELECT source_id, identifier_id, verdict_id, count FROM record"
    " WHERE id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215 AND source_id IS NOT NULL AND count > 0";

// The records of a day that is too large for the memory, put in order by SQLite, which may use a file for it.
constexpr std::string_view ordered_sql =
    "SELECT r.source_id, r.identifier_id, r.verdict_id, r.count, CASE p.authenticity WHEN 'unchecked' THEN 0"
    " WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END, p.reporter_id FROM report p CROSS JOIN"
    " record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 WHERE p.domain_id = ?1 AND p.day = ?2"
    " AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 ORDER BY 1, 2, 3, 5";

constexpr std::string_view verdicts_sql =
    "INSERT INTO verdict_day SELECT domain_id, day, verdict_id, sum(records), sum(messages), count(DISTINCT source_id)"
    " FROM stream_day WHERE domain_id = ?1 AND day = ?2 GROUP BY 1, 2, 3";

constexpr DayTable::Shape stream_shape{"stream_day", 4, 7}, source_shape{"source_day", 1, 9},
    verdict_shape{"verdict_day", 1, 4};

model::Result<std::vector<DomainDay>> stale_days(sqlite3* db) {
  TRY(auto find, Statement::prepare(db, "SELECT domain_id, day FROM stale_day ORDER BY 1, 2 LIMIT ?"));
  find.bind(1, days_per_transaction);
  std::vector<DomainDay> days;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return days;
    days.emplace_back(find.integer(0), find.text(1));
  }
}

struct DayReport {
  std::int64_t id, reporter, trust;
};

class Refresher {
 public:
  static model::Result<Refresher> create(sqlite3* db, std::int64_t most_records) {
    TRY(auto bits, VerdictBits::all(db));
    TRY(auto streams, DayTable::create(db, stream_shape));
    TRY(auto sources, DayTable::create(db, source_shape));
    TRY(auto verdicts, DayTable::create(db, verdict_shape));
    TRY(auto reports, Statement::prepare(db, reports_sql));
    TRY(auto records, Statement::prepare(db, records_sql));
    TRY(auto ordered, Statement::prepare(db, ordered_sql));
    TRY(auto sum_verdicts, Statement::prepare(db, verdicts_sql));
    TRY(auto settle, Statement::prepare(db, "DELETE FROM stale_day WHERE domain_id = ? AND day = ?"));
    TRY(auto months, ResultMonths::create(db));
    return Refresher(
        most_records, std::move(bits), {std::move(streams), std::move(sources), std::move(verdicts), std::move(months)},
        {std::move(reports), std::move(records), std::move(ordered), std::move(sum_verdicts), std::move(settle)});
  }

  // At the begin of a transaction: another process may have written since.
  void forget() {
    bits_.forget();
    tables_.months.forget();
    changed_.clear();
  }

  Status refresh(const DomainDay& day) {
    std::int64_t records = 0;
    TRY(const auto reports, reports_of(day, records));
    TRY_VOID(records <= most_records_ ? refresh_at_once(day, reports) : refresh_in_pieces(day));
    return statements_.settle.bind(1, day.first).bind(2, day.second).run();
  }

  // After the last day of a transaction.
  Status end() {
    for (const auto& month : changed_) TRY_VOID(tables_.months.rebuild(month));
    return {};
  }

 private:
  struct Tables {
    DayTable streams, sources, verdicts;
    ResultMonths months;
  };
  struct Statements {
    Statement reports, records, ordered, sum_verdicts, settle;
  };
  Refresher(std::int64_t most_records, RowCache bits, Tables tables, Statements statements)
      : most_records_(most_records),
        bits_(std::move(bits)),
        tables_(std::move(tables)),
        statements_(std::move(statements)) {}

  model::Result<std::vector<DayReport>> reports_of(const DomainDay& day, std::int64_t& records) {
    Statement& find = statements_.reports.bind(1, day.first).bind(2, day.second);
    ResetAtEnd reset(find);
    std::vector<DayReport> reports;
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return reports;
      reports.push_back({find.integer(0), find.integer(1), find.integer(2)});
      records += find.integer(3);
    }
  }

  Status refresh_at_once(const DomainDay& day, const std::vector<DayReport>& reports) {
    records_.clear();
    for (const auto& report : reports) TRY_VOID(read_records(report));
    std::sort(records_.begin(), records_.end(),
              [](const DayRecord& a, const DayRecord& b) { return a.stream() < b.stream(); });
    sums_.clear();
    for (const auto& record : records_) {
      TRY(const auto bits, bits_.of(record.verdict));
      sums_.add(record, bits);
    }
    sums_.end();
    TRY_VOID(tables_.streams.replace(day, sums_.streams));
    TRY_VOID(tables_.sources.replace(day, sums_.sources));
    const auto verdicts = sums_.verdicts();
    TRY_VOID(tables_.verdicts.replace(day, verdicts));
    // Of a day without rows `db prune` has removed them, and those of its month.
    if (tables_.verdicts.has_changed() || verdicts.empty()) note_change(day);
    return {};
  }

  void note_change(const DomainDay& day) { changed_.emplace(day.first, day.second.substr(0, 7)); }

  Status read_records(const DayReport& report) {
    Statement& find = statements_.records.bind(1, report.id);
    ResetAtEnd reset(find);
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      records_.push_back({.source = find.integer(0),
                          .identifier = find.integer(1),
                          .verdict = find.integer(2),
                          .trust = report.trust,
                          .messages = find.integer(3),
                          .reporter = report.reporter});
    }
  }

  Status refresh_in_pieces(const DomainDay& day) {
    for (DayTable* table : {&tables_.streams, &tables_.sources, &tables_.verdicts}) TRY_VOID(table->clear(day));
    Statement& find = statements_.ordered.bind(1, day.first).bind(2, day.second);
    ResetAtEnd reset(find);
    sums_.clear();
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      TRY(const auto bits, bits_.of(find.integer(2)));
      sums_.add({.source = find.integer(0),
                 .identifier = find.integer(1),
                 .verdict = find.integer(2),
                 .trust = find.integer(4),
                 .messages = find.integer(3),
                 .reporter = find.integer(5)},
                bits);
      if (sums_.streams.size() * sizeof(std::int64_t) >= octets_of_a_piece) TRY_VOID(append_piece(day));
    }
    sums_.end();
    TRY_VOID(append_piece(day));
    note_change(day);
    return statements_.sum_verdicts.bind(1, day.first).bind(2, day.second).run();
  }

  Status append_piece(const DomainDay& day) {
    TRY_VOID(tables_.streams.append(day, sums_.streams));
    TRY_VOID(tables_.sources.append(day, sums_.sources));
    sums_.clear();
    return {};
  }

  std::int64_t most_records_;
  RowCache bits_;
  Tables tables_;
  Statements statements_;
  std::vector<DayRecord> records_;  // of one day; kept to use the memory again
  DaySums sums_;
  std::set<ResultMonths::Month> changed_;  // of which a day has other verdicts than before
};

}  // namespace

model::Result<std::int64_t> refresh_streams(Database& database, const std::function<bool()>& stop_requested,
                                            std::int64_t most_records) {
  sqlite3* db = database.handle();
  std::optional<Refresher> refresher;  // nothing is prepared where nothing is to be done
  std::int64_t refreshed = 0;
  while (!(stop_requested && stop_requested())) {
    TRY(const auto days, stale_days(db));
    if (days.empty()) break;
    if (!refresher) {
      TRY(refresher, Refresher::create(db, most_records));
    }
    TRY_VOID(database.check_free_space());
    TRY_VOID(in_transaction(db, [&]() -> Status {
      refresher->forget();
      for (const auto& day : days) TRY_VOID(refresher->refresh(day));
      TRY_VOID(refresher->end());
      RUAUDIT_FAIL_POINT("store.streams");
      return {};
    }));
    refreshed += static_cast<std::int64_t>(days.size());
    TRY_VOID(database.checkpoint_if_due());
  }
  return refreshed;
}

}  // namespace ruaudit::store
