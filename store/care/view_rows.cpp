#include "store/care/view_rows.hpp"

#include <algorithm>

#include "store/care/cell.hpp"

namespace ruaudit::store {
namespace {

// A name becomes that of a file: a view of somebody else with other characters is none of ours.
model::Result<std::vector<View>> views_of(const ReadConnection& connection) {
  TRY(auto select,
      ReadStatement::prepare(
          connection,
          "SELECT s.name, c.name, c.type FROM sqlite_schema s, pragma_table_xinfo(s.name) c"
          " WHERE s.type = 'view' AND s.name GLOB 'v_*' AND s.name NOT GLOB '*[^a-z0-9_]*' ORDER BY s.name, c.cid"));
  std::vector<View> views;
  TRY_VOID(for_each_row(select, [&views](const ReadStatement& row) {
    if (views.empty() || views.back().name != row.text(0)) views.push_back({std::string(row.text(0)), {}});
    views.back().columns.push_back({std::string(row.text(1)), std::string(row.text(2))});
  }));
  return views;
}

}  // namespace

model::Result<ViewReader> ViewReader::open(const std::string& database_path) {
  TRY(auto connection, ReadConnection::open(database_path));
  ViewReader reader(std::move(connection));
  TRY_VOID(reader.connection_.execute("BEGIN"));  // the first read fixes the moment
  TRY(reader.views_, views_of(reader.connection_));
  return reader;
}

model::Result<View> ViewReader::find(std::string_view name) const {
  const std::string full = (name.starts_with("v_") ? "" : "v_") + std::string(name.substr(0, 80));
  const auto at = std::find_if(views_.begin(), views_.end(), [&full](const View& view) { return view.name == full; });
  if (at != views_.end()) return *at;
  std::string names;
  for (const auto& view : views_) names += (names.empty() ? "" : ", ") + view.name;
  return model::failure("view-unknown", "there is no view named '" + full + "'", "the names are: " + names);
}

model::Result<void> ViewReader::read(const View& view, const TakeRow& take) const {
  TRY(auto select, ReadStatement::prepare(connection_, "SELECT * FROM \"" + view.name + "\""));
  std::vector<model::Cell> cells(view.columns.size());
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return {};
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = cell_of(select.handle(), static_cast<int>(i));
    TRY_VOID(take(cells));
  }
}

}  // namespace ruaudit::store
