#include "store/pulled/pulled_failures.hpp"

#include <algorithm>
#include <charconv>

namespace ruaudit::store {
namespace {

constexpr std::string_view held_failure_sql =
    "SELECT f.id, l.id, l.locator, l.first_seen FROM failure_report f JOIN ledger l ON l.id = f.ledger_id WHERE"
    " f.identity_key >= ?1 AND f.identity_key <= ?2";

// `own`: the columns before those of the facts, with their values.
std::string insert_facts_sql(std::string_view table, FactTable which, std::string_view own, std::string_view values) {
  std::string columns(own), places(values);
  int place = 0;
  for (const auto& fact : failure_facts) {
    ++place;
    if (fact.table != which) continue;
    columns += ", " + std::string(fact.column);
    places += ", ?" + std::to_string(place);
  }
  return "INSERT INTO " + std::string(table) + " (" + columns + ") VALUES (" + places + ")";
}

constexpr int behind_facts = static_cast<int>(failure_facts.size());

std::vector<std::uint8_t> octets_of_hex(std::string_view text) {
  std::vector<std::uint8_t> octets(text.size() / 2);
  for (std::size_t i = 0; i < octets.size(); ++i)
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, octets[i], 16);
  return octets;
}

using Blobs = std::array<std::vector<std::uint8_t>, failure_facts.size()>;

// What is bound must outlive the run: `failure` and `blobs`.
void bind_facts(Statement& row, const ShippedFailure& failure, FactTable which, Blobs& blobs) {
  for (std::size_t i = 0; i < failure_facts.size(); ++i) {
    if (failure_facts[i].table != which) continue;
    const int place = static_cast<int>(i) + 1;
    const auto* const number = std::get_if<std::int64_t>(&failure.facts[i]);
    const auto* const text = std::get_if<std::string>(&failure.facts[i]);
    if (number != nullptr) {
      row.bind(place, *number);
    } else if (text == nullptr) {
      row.bind_null(place);
    } else if (failure_facts[i].kind == FactKind::octets) {
      blobs[i] = octets_of_hex(*text);
      row.bind_blob(place, blobs[i]);
    } else {
      row.bind(place, std::string_view(*text));
    }
  }
}

bool has_result(const ShippedFailure& failure) {
  for (std::size_t i = 0; i < failure_facts.size(); ++i)
    if (failure_facts[i].name == "conclusion") return std::holds_alternative<std::string>(failure.facts[i]);
  return false;
}

std::string insert_failure_sql() {
  return insert_facts_sql("failure_report", FactTable::report, "id, identity_key, ledger_id, part, day, sample_state",
                          "?" + std::to_string(behind_facts + 1) + ", ?" + std::to_string(behind_facts + 2) + ", ?" +
                              std::to_string(behind_facts + 3) + ", ?" + std::to_string(behind_facts + 4) + ", ?" +
                              std::to_string(behind_facts + 5) + ", 'pruned'");
}
std::string insert_failure_result_sql() {
  return insert_facts_sql("failure_result", FactTable::result, "failure_id, is_current, details",
                          "?" + std::to_string(behind_facts + 1) + ", 1, '{}'");
}

}  // namespace

model::Result<PulledFailures> PulledFailures::create(sqlite3* db) {
  const std::string of_results = " WHERE result_id IN (SELECT id FROM failure_result WHERE failure_id = ?)";
  TRY(auto find, Statement::prepare(db, held_failure_sql));
  TRY(auto delete_dns, Statement::prepare(db, "DELETE FROM failure_dns" + of_results));
  TRY(auto delete_lines, Statement::prepare(db, "DELETE FROM failure_evidence_line" + of_results));
  TRY(auto delete_results, Statement::prepare(db, "DELETE FROM failure_result WHERE failure_id = ?"));
  TRY(auto delete_parts, Statement::prepare(db, "DELETE FROM ledger_part WHERE ledger_id = ?"));
  TRY(auto delete_report, Statement::prepare(db, "DELETE FROM failure_report WHERE id = ?"));
  TRY(auto delete_item, Statement::prepare(db, "DELETE FROM ledger WHERE id = ?"));
  TRY(auto insert_report, Statement::prepare(db, insert_failure_sql()));
  TRY(auto insert_part,
      Statement::prepare(db,
                         "INSERT INTO ledger_part (ledger_id, part, path, kind, outcome, failure_id) VALUES"
                         " (?1, 1, '', 'failure', 'stored', ?2)"));
  TRY(auto insert_result, Statement::prepare(db, insert_failure_result_sql()));
  return PulledFailures({std::move(find), std::move(delete_dns), std::move(delete_lines), std::move(delete_results),
                         std::move(delete_parts), std::move(delete_report), std::move(delete_item),
                         std::move(insert_report), std::move(insert_part), std::move(insert_result)});
}

model::Result<std::optional<PulledFailures::Held>> PulledFailures::held(const Digest& key) {
  ContentHash first{}, last{};
  last.fill(0xff);
  std::copy(key.begin(), key.end(), first.begin());
  std::copy(key.begin(), key.end(), last.begin());
  Statement& find = statements_.find;
  ResetAtEnd reset(find);
  TRY(const bool has_row, find.bind_blob(1, first).bind_blob(2, last).step());
  if (!has_row) return std::optional<Held>();
  return std::optional<Held>({find.integer(0), find.integer(1), std::string(find.text(2)), find.integer(3)});
}

Status PulledFailures::remove(const Held& held) {
  Statements& s = statements_;
  for (Statement* const statement : {&s.delete_dns, &s.delete_lines, &s.delete_results})
    TRY_VOID(statement->bind(1, held.failure_key).run());
  TRY_VOID(s.delete_parts.bind(1, held.ledger_key).run());
  TRY_VOID(s.delete_report.bind(1, held.failure_key).run());
  return s.delete_item.bind(1, held.ledger_key).run();
}

Status PulledFailures::insert(const ShippedFailure& failure, std::int64_t ledger_key, std::int64_t failure_key) {
  Blobs blobs;
  Statement& report = statements_.insert_report;
  bind_facts(report, failure, FactTable::report, blobs);
  const auto part = "failure report " + std::to_string(failure.failure_key);
  report.bind_optional(behind_facts + 1, failure_key == 0 ? std::nullopt : std::optional(failure_key));
  report.bind_blob(behind_facts + 2, failure.identity).bind(behind_facts + 3, ledger_key);
  TRY_VOID(report.bind(behind_facts + 4, part).bind(behind_facts + 5, failure.day).run());
  const auto key = failure_key != 0 ? failure_key : sqlite3_last_insert_rowid(sqlite3_db_handle(report.handle()));
  TRY_VOID(statements_.insert_part.bind(1, ledger_key).bind(2, key).run());
  if (!has_result(failure)) return {};
  Statement& result = statements_.insert_result;
  bind_facts(result, failure, FactTable::result, blobs);
  return result.bind(behind_facts + 1, key).run();
}

}  // namespace ruaudit::store
