#include "store/aggregate/auth_result_inserts.hpp"

#include "model/aggregate_report.hpp"

namespace ruaudit::store {
namespace {

constexpr int columns = 9;
constexpr std::size_t rows_at_once = 32;

// OR ROLLBACK: as for records (store/aggregate/record_writer.cpp).
model::Result<Statement> prepare(sqlite3* db, std::size_t rows) {
  std::string sql = "INSERT OR ROLLBACK INTO auth_result VALUES ";
  for (std::size_t row = 0; row < rows; ++row) sql += row == 0 ? "(?,?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?,?)";
  return Statement::prepare(db, sql);
}

}  // namespace

model::Result<AuthResultInserts> AuthResultInserts::create(sqlite3* db) {
  TRY(auto one, prepare(db, 1));
  TRY(auto many, prepare(db, rows_at_once));
  return AuthResultInserts(std::move(one), std::move(many));
}

AuthResultInserts::Row AuthResultInserts::read(CanonicalReader& reader, bool is_dkim) {
  Row row;
  row.is_dkim = is_dkim;
  row.domain = reader.text();
  if (is_dkim)
    row.selector = reader.optional_text();
  else
    row.scope = reader.octet();
  row.result = reader.octet();
  row.human = reader.optional_text();
  if (row.human) row.lang = reader.text();
  return row;
}

Status AuthResultInserts::add(std::int64_t verdict_id, CanonicalReader& reader) {
  std::int64_t n = 0;
  for (const bool is_dkim : {true, false}) {
    for (std::uint32_t left = reader.u32(); left > 0; --left) {
      waiting_.push_back(read(reader, is_dkim));
      waiting_.back().verdict_id = verdict_id;
      waiting_.back().n = ++n;
    }
  }
  if (waiting_.size() < rows_at_once) return {};
  std::size_t from = 0;
  for (; from + rows_at_once <= waiting_.size(); from += rows_at_once) TRY_VOID(insert(many_, from, rows_at_once));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(from));
  return {};
}

Status AuthResultInserts::flush() {
  for (std::size_t i = 0; i < waiting_.size(); ++i) TRY_VOID(insert(one_, i, 1));
  waiting_.clear();
  return {};
}

Status AuthResultInserts::insert(Statement& statement, std::size_t from, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) bind(statement, static_cast<int>(i) * columns + 1, waiting_[from + i]);
  return statement.run();
}

void AuthResultInserts::bind(Statement& insert, int first, const Row& row) {
  insert.bind(first, row.verdict_id).bind(first + 1, row.n).bind(first + 2, row.is_dkim ? "dkim" : "spf");
  insert.bind(first + 3, row.domain).bind_optional(first + 4, row.selector);
  insert.bind_optional(first + 5, word_of<model::SpfScope>(row.scope));
  insert.bind_optional(first + 6,
                       row.is_dkim ? word_of<model::DkimResult>(row.result) : word_of<model::SpfResult>(row.result));
  insert.bind_optional(first + 7, row.human).bind_optional(first + 8, row.lang);
}

}  // namespace ruaudit::store
