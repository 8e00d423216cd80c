#include "store/facts/streams.hpp"

#include <string>
#include <utility>
#include <vector>

#include "model/fail_point.hpp"
#include "store/facts/reporter_bits_detail.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::int64_t days_per_transaction = 200;

constexpr std::string_view insert_sql =
    "INSERT INTO stream_day SELECT p.domain_id, p.day, r.source_id, r.identifier_id, r.verdict_id,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " count(*), sum(r.count), reporter_bits(p.reporter_id) FROM report p CROSS JOIN record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 WHERE p.domain_id = ?1 AND p.day = ?2"
    " AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 GROUP BY 1, 2, 3, 4, 5, 6";

constexpr std::string_view insert_source_sql =
    "INSERT INTO source_day SELECT p.domain_id, p.day, r.source_id, count(*), sum(r.count),"
    " sum(iif(v.dkim = 'pass' OR v.spf = 'pass', r.count, 0)), sum(iif(v.dkim = 'pass', r.count, 0)),"
    " sum(iif(v.spf = 'pass', r.count, 0)), sum(iif(v.disposition = 'reject', r.count, 0)),"
    " sum(iif(v.disposition = 'quarantine', r.count, 0)), count(DISTINCT p.reporter_id) FROM report p CROSS JOIN "
    "record r"
    " ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215 JOIN verdict v ON v.id = r.verdict_id"
    " WHERE p.domain_id = ?1 AND p.day = ?2 AND p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0"
    " GROUP BY 1, 2, 3";

constexpr std::string_view insert_verdict_sql =
    "INSERT INTO verdict_day SELECT domain_id, day, verdict_id, sum(records), sum(messages), count(DISTINCT source_id)"
    " FROM stream_day WHERE domain_id = ?1 AND day = ?2 GROUP BY 1, 2, 3";

using Day = std::pair<std::int64_t, std::string>;

model::Result<std::vector<Day>> stale_days(sqlite3* db) {
  TRY(auto find, Statement::prepare(db, "SELECT domain_id, day FROM stale_day ORDER BY 1, 2 LIMIT ?"));
  find.bind(1, days_per_transaction);
  std::vector<Day> days;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return days;
    days.emplace_back(find.integer(0), find.text(1));
  }
}

// In this order: the sums by verdict are made of those by stream.
constexpr std::string_view texts[] = {"DELETE FROM stream_day WHERE domain_id = ? AND day = ?",
                                      "DELETE FROM source_day WHERE domain_id = ? AND day = ?",
                                      "DELETE FROM verdict_day WHERE domain_id = ? AND day = ?",
                                      insert_sql,
                                      insert_source_sql,
                                      insert_verdict_sql,
                                      "DELETE FROM stale_day WHERE domain_id = ? AND day = ?"};

class Refresher {
 public:
  static model::Result<Refresher> create(sqlite3* db) {
    Refresher refresher;
    for (const auto text : texts) {
      TRY(auto statement, Statement::prepare(db, text));
      refresher.statements_.push_back(std::move(statement));
    }
    return refresher;
  }
  Status refresh(const Day& day) {
    for (Statement& statement : statements_) TRY_VOID(statement.bind(1, day.first).bind(2, day.second).run());
    return {};
  }

 private:
  std::vector<Statement> statements_;
};

}  // namespace

model::Result<std::int64_t> refresh_streams(Database& database, const std::function<bool()>& stop_requested) {
  sqlite3* db = database.handle();
  TRY_VOID(define_reporter_bits(db));
  TRY(auto refresher, Refresher::create(db));
  std::int64_t refreshed = 0;
  while (!(stop_requested && stop_requested())) {
    TRY(const auto days, stale_days(db));
    if (days.empty()) break;
    TRY_VOID(database.check_free_space());
    TRY_VOID(in_transaction(db, [&]() -> Status {
      for (const auto& day : days) TRY_VOID(refresher.refresh(day));
      RUAUDIT_FAIL_POINT("store.streams");
      return {};
    }));
    refreshed += static_cast<std::int64_t>(days.size());
    TRY_VOID(database.checkpoint_if_due());
  }
  return refreshed;
}

}  // namespace ruaudit::store
