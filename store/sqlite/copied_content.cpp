#include "store/sqlite/copied_content.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// A line for each row; the first column says what the second is of.
model::Result<std::vector<std::string>> lines_of(sqlite3* db, const std::string& sql) {
  std::vector<std::string> lines;
  TRY(auto select, Statement::prepare(db, sql));
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return lines;
    lines.push_back(std::string(select.text(0)) + " " + std::string(select.text(1)));
  }
}

Status compare(sqlite3* original, sqlite3* copy, const std::string& what, const std::string& sql) {
  TRY(const auto wanted, lines_of(original, sql));
  TRY(const auto found, lines_of(copy, sql));
  for (std::size_t i = 0; i < std::max(wanted.size(), found.size()); ++i) {
    const std::string here = i < wanted.size() ? wanted[i] : "nothing";
    const std::string there = i < found.size() ? found[i] : "nothing";
    if (here != there)
      return model::failure("database-migration",
                            what + ": " + here + " in the old file, " + there + " in the new one");
  }
  return {};
}

constexpr const char* table_names_sql = "SELECT name, '' FROM sqlite_schema WHERE type = 'table' ORDER BY name";
// One walk over the records in the order of their ids; a join would sort them.
constexpr const char* messages_by_day_sql =
    "SELECT p.day, sum((SELECT coalesce(sum(r.count), 0) FROM record r WHERE r.id BETWEEN p.id * 16777216 AND"
    " p.id * 16777216 + 16777215)) FROM report p GROUP BY p.day ORDER BY p.day";
constexpr const char* messages_sql = "SELECT 'messages', coalesce(sum(count), 0) FROM record";

Status compare_rows(sqlite3* original, sqlite3* copy, const std::string& table) {
  return compare(original, copy, "rows of " + table, "SELECT 'rows', count(*) FROM \"" + table + "\"");
}

}  // namespace

Status check_copied(sqlite3* original, sqlite3* copy) {
  TRY_VOID(compare(original, copy, "tables", table_names_sql));
  TRY(const auto tables, lines_of(original, table_names_sql));
  for (const std::string& table : tables) TRY_VOID(compare_rows(original, copy, table.substr(0, table.size() - 1)));
  return compare(original, copy, "messages of a day", messages_by_day_sql);
}

Status check_carried_over(sqlite3* original, sqlite3* copy) {
  for (const char* table : {"ledger", "ledger_part", "original", "original_chunk", "report", "record", "source",
                            "verdict", "auth_result", "identifier_set"})
    TRY_VOID(compare_rows(original, copy, table));
  return compare(original, copy, "all records", messages_sql);
}

}  // namespace ruaudit::store
