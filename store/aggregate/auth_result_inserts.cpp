#include "store/aggregate/auth_result_inserts.hpp"

#include "model/aggregate_report.hpp"

namespace ruaudit::store {
namespace {

constexpr int columns = 9;
constexpr std::size_t most_waiting = 128;

}  // namespace

model::Result<AuthResultInserts> AuthResultInserts::create(sqlite3* db) {
  // OR ROLLBACK: as for records (store/aggregate/record_writer.cpp).
  TRY(auto inserts, RowInserts::prepare(db, "INSERT OR ROLLBACK INTO auth_result", columns));
  return AuthResultInserts(std::move(inserts));
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
  return waiting_.size() < most_waiting ? Status{} : flush();
}

Status AuthResultInserts::flush() {
  for (std::size_t i = 0; i < waiting_.size();) {
    const auto [insert, rows] = inserts_.next(waiting_.size() - i);
    for (std::size_t row = 0; row < rows; ++row, ++i) bind(insert, static_cast<int>(row) * columns + 1, waiting_[i]);
    TRY_VOID(insert.run());
  }
  waiting_.clear();
  return {};
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
