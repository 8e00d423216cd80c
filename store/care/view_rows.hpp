// The documented views (docs/schema.md) row by row, for those who load them elsewhere: DuckDB, pandas, ClickHouse. All
// that is read through one ViewReader is of one moment, whatever is written beside it; nothing is held but one row.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result_table.hpp"
#include "store/sqlite/read_connection.hpp"

namespace ruaudit::store {

struct ViewColumn {
  std::string name;
  std::string type;  // INTEGER, REAL, TEXT or BLOB as the schema declares it; '' where the view computes the value
};
struct View {
  std::string name;  // "v_source"
  std::vector<ViewColumn> columns;
};

class ViewReader {
 public:
  // Errors as ReadConnection::open.
  static model::Result<ViewReader> open(const std::string& database_path);

  [[nodiscard]] const std::vector<View>& views() const { return views_; }  // by name
  // With or without "v_". Error "view-unknown" lists the names.
  [[nodiscard]] model::Result<View> find(std::string_view name) const;

  using TakeRow = std::function<model::Result<void>(const std::vector<model::Cell>&)>;
  // In the order that SQLite gives them; the first error of `take` ends it and is returned.
  model::Result<void> read(const View& view, const TakeRow& take) const;

 private:
  explicit ViewReader(ReadConnection connection) : connection_(std::move(connection)) {}
  ReadConnection connection_;
  std::vector<View> views_;
};

}  // namespace ruaudit::store
