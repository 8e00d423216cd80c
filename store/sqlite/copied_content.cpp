#include "store/sqlite/copied_content.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/row_comparison.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

enum class Changed : std::uint8_t { nothing, columns, more_rows, everything };

// What the steps do to tables of an older version.
struct TableChange {
  std::string_view table;
  Changed changed;
  std::array<std::string_view, 3> columns{};
};
constexpr std::array change_table = {
    TableChange{"defect", Changed::more_rows},
    TableChange{"domain_day", Changed::everything},
    TableChange{"domain_month_source", Changed::everything},
    TableChange{"report", Changed::columns, {"date_begin", "date_end", "day"}},
    TableChange{"result_class", Changed::everything},
    TableChange{"store_info", Changed::more_rows},
    TableChange{"verdict", Changed::columns, {"dkim_auth", "spf_auth"}},
};

TableChange change_of(std::string_view table) {
  const auto* const at = std::find_if(change_table.begin(), change_table.end(),
                                      [table](const TableChange& change) { return change.table == table; });
  return at == change_table.end() ? TableChange{table, Changed::nothing} : *at;
}

tl::unexpected<model::Error> difference(const std::string& table, std::int64_t row, const char* how) {
  return model::failure("database-migration",
                        "row " + std::to_string(row) + " of " + table + " in the old file " + how);
}

// Both in the order of their keys. Where a step adds rows, those of the original are looked for among all.
Status compare_rows(Statement original, Statement copy, const std::string& table, Changed changed) {
  const int columns = sqlite3_column_count(original.handle());
  for (std::int64_t row = 1;; ++row) {
    TRY(const bool has_row, original.step());
    while (true) {
      TRY(const bool has_copy, copy.step());
      if (!has_row && (!has_copy || changed == Changed::more_rows)) return {};
      if (!has_copy) return difference(table, row, "is not in the new one");
      if (!has_row) return difference(table, row, "does not exist, but it does in the new one");
      if (is_same_row(original, copy, columns)) break;
      if (changed != Changed::more_rows) return difference(table, row, "has another content in the new one");
    }
  }
}

std::string select_all(const std::vector<std::string>& columns, const std::string& table) {
  std::string sql;
  for (const std::string& column : columns) sql += (sql.empty() ? "SELECT \"" : ", \"") + column + '"';
  // Not from an index that has all of them in another order.
  return sql + " FROM \"" + table + "\" NOT INDEXED";
}

Status compare_table(sqlite3* original, sqlite3* copy, const std::string& table, const TableChange& change) {
  TRY(auto columns, query_texts(original, ("SELECT name FROM pragma_table_info('" + table + "')").c_str()));
  std::erase_if(columns, [&change](const std::string& column) {
    return std::find(change.columns.begin(), change.columns.end(), column) != change.columns.end();
  });
  const std::string sql = select_all(columns, table);
  TRY(auto here, Statement::prepare(original, sql));
  TRY(auto there, Statement::prepare(copy, sql));
  return compare_rows(std::move(here), std::move(there), table, change.changed);
}

model::Result<std::vector<std::string>> tables_of(sqlite3* db) {
  return query_texts(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
}

}  // namespace

Status check_copied(sqlite3* original, sqlite3* copy) {
  TRY(const auto tables, tables_of(original));
  TRY(const auto copied, tables_of(copy));
  if (tables != copied) return model::failure("database-migration", "the new file has not the tables of the old one");
  for (const std::string& table : tables)
    if (change_of(table).changed != Changed::nothing)
      TRY_VOID(compare_table(original, copy, table, {table, Changed::nothing}));
  return {};
}

Status check_carried_over(sqlite3* original, sqlite3* copy) {
  TRY(const auto tables, tables_of(original));
  for (const std::string& table : tables)
    if (const TableChange change = change_of(table); change.changed != Changed::everything)
      TRY_VOID(compare_table(original, copy, table, change));
  return {};
}

}  // namespace ruaudit::store
