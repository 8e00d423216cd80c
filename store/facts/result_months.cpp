#include "store/facts/result_months_detail.hpp"

#include <algorithm>
#include <utility>

namespace ruaudit::store {
namespace {

constexpr std::string_view verdicts_sql =
    "SELECT day, verdict_id, messages, sources FROM verdict_day"
    " WHERE domain_id = ?1 AND day BETWEEN ?2 || '-01' AND ?2 || '-31'";

constexpr int auth_columns = 9, override_columns = 5;

// Runs one INSERT for as many rows as it takes, until there are none left. bind_row(statement, first parameter, row).
template <class Rows, class Bind>
Status insert_all(RowInserts& inserts, int columns, const Rows& rows, const Bind& bind_row) {
  for (auto row = rows.begin(); row != rows.end();) {
    const auto some = inserts.next(static_cast<std::size_t>(std::distance(row, rows.end())));
    for (std::size_t n = 0; n < some.rows; ++n, ++row)
      bind_row(some.statement, static_cast<int>(n) * columns + 1, *row);
    if (const int code = some.statement.run_fast(); code != SQLITE_OK)
      return model::failure(some.statement.error("roll-up", code));
  }
  return {};
}

void bind_key(Statement& statement, int first, const ResultMonths::Month& month, std::int64_t id) {
  statement.bind(first, month.first).bind(first + 1, std::string_view(month.second)).bind(first + 2, id);
}

}  // namespace

struct ResultMonths::Row {
  std::string_view day;
  std::int64_t messages, sources;
};

model::Result<ResultMonths> ResultMonths::create(sqlite3* db) {
  TRY(auto verdicts, Statement::prepare(db, verdicts_sql));
  TRY(auto clear_auth, Statement::prepare(db, "DELETE FROM auth_month WHERE domain_id = ? AND month = ?"));
  TRY(auto clear_overrides, Statement::prepare(db, "DELETE FROM override_month WHERE domain_id = ? AND month = ?"));
  TRY(auto auth, RowInserts::prepare(db, "INSERT INTO auth_month", auth_columns));
  TRY(auto overrides, RowInserts::prepare(db, "INSERT INTO override_month", override_columns));
  TRY(auto names, ResultNames::create(db));
  return ResultMonths({std::move(verdicts), std::move(clear_auth), std::move(clear_overrides)}, std::move(auth),
                      std::move(overrides), std::move(names));
}

Status ResultMonths::rebuild(const Month& month) {
  auth_.clear();
  overrides_.clear();
  TRY_VOID(add_verdicts(month));
  TRY_VOID(statements_.clear_auth.bind(1, month.first).bind(2, month.second).run());
  TRY_VOID(statements_.clear_overrides.bind(1, month.first).bind(2, month.second).run());
  TRY_VOID(write_auth(month));
  return write_overrides(month);
}

Status ResultMonths::add_verdicts(const Month& month) {
  Statement& find = statements_.verdicts.bind(1, month.first).bind(2, month.second);
  ResetAtEnd reset(find);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    const Row row{find.text(0), find.integer(2), find.integer(3)};
    TRY(const auto* uses, names_.of(find.integer(1)));
    for (const auto& use : *uses) add(use, row);
  }
}

// Days come in their order.
void ResultMonths::add(const ResultNames::Use& use, const Row& row) {
  using Of = ResultNames::Use::Of;
  if (use.of == Of::override) {
    OfOverride& sums = overrides_[use.id];
    sums.messages += row.messages;
    sums.sources = std::max(sums.sources, row.sources);
    return;
  }
  OfAuth& sums = auth_[use.id];
  (use.of == Of::not_passed ? sums.not_passed : sums.passed) += row.messages;
  if (use.of == Of::unaligned) {
    sums.unaligned += row.messages;
    sums.sources = std::max(sums.sources, row.sources);
  }
  if (sums.first_day.empty()) sums.first_day = row.day;
  sums.last_day = row.day;
}

Status ResultMonths::write_auth(const Month& month) {
  return insert_all(insert_auth_, auth_columns, auth_, [&month](Statement& statement, int first, const auto& row) {
    const auto& [id, sums] = row;
    bind_key(statement, first, month, id);
    statement.bind(first + 3, sums.passed).bind(first + 4, sums.not_passed).bind(first + 5, sums.unaligned);
    statement.bind(first + 6, sums.sources).bind(first + 7, std::string_view(sums.first_day));
    statement.bind(first + 8, std::string_view(sums.last_day));
  });
}

Status ResultMonths::write_overrides(const Month& month) {
  return insert_all(insert_overrides_, override_columns, overrides_,
                    [&month](Statement& statement, int first, const auto& row) {
                      bind_key(statement, first, month, row.first);
                      statement.bind(first + 3, row.second.messages).bind(first + 4, row.second.sources);
                    });
}

}  // namespace ruaudit::store
