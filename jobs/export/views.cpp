#include "jobs/export/views.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "jobs/process/draft_file.hpp"
#include "store/care/view_rows.hpp"

namespace ruaudit::jobs {
namespace {

using Take = std::function<model::Result<void>(std::string_view)>;

model::Result<void> write_rows(const store::ViewReader& reader, const store::View& view, report::RowFormat format,
                               const Take& take) {
  std::vector<std::string> names;
  for (const auto& column : view.columns) names.push_back(column.name);
  const report::RowText text(std::move(names), format);
  if (const auto head = text.head(); !head.empty()) TRY_VOID(take(head));
  return reader.read(view, [&](const std::vector<model::Cell>& cells) { return take(text.row(cells)); });
}

model::Result<DraftFile> draft(const ViewsOrder& order, const std::string& path) {
  auto file = DraftFile::create(path, order.mode, order.existing);
  if (file || file.error().code != "file-exists") return file;
  return model::failure(file.error().code, file.error().message, "name a file that does not, or give --replace");
}

model::Result<void> write_file(const store::ViewReader& reader, const store::View& view, const ViewsOrder& order,
                               const std::string& path) {
  TRY(auto file, draft(order, path));
  TRY_VOID(write_rows(reader, view, order.format, [&file](std::string_view text) { return file.write(text); }));
  return file.publish();
}

// A view that computes a value declares no type for it: what comes may be any.
std::string types_text(const std::vector<store::View>& views, report::RowFormat format) {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  for (const auto& view : views) {
    auto columns = nlohmann::ordered_json::array();
    for (const auto& column : view.columns)
      columns.push_back({{"name", column.name}, {"type", column.type.empty() ? "ANY" : column.type}});
    all[view.name] = columns;
  }
  const char* const name = format == report::RowFormat::csv ? "csv" : "ndjson";
  return nlohmann::ordered_json{{"format", name}, {"views", all}}.dump(1) + "\n";
}

}  // namespace

model::Result<void> write_view(const ViewsOrder& order, std::string_view view, const Take& take) {
  TRY(const auto reader, store::ViewReader::open(order.database));
  TRY(const auto found, reader.find(view));
  return write_rows(reader, found, order.format, take);
}

model::Result<void> export_view(const ViewsOrder& order, std::string_view view, const std::string& path) {
  TRY(const auto reader, store::ViewReader::open(order.database));
  TRY(const auto found, reader.find(view));
  return write_file(reader, found, order, path);
}

model::Result<void> export_all_views(const ViewsOrder& order, const std::string& folder) {
  TRY(const auto reader, store::ViewReader::open(order.database));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return model::failure("file-create", "cannot make " + folder + ": " + error.message(), "check the path");
  const std::string ending = order.format == report::RowFormat::csv ? ".csv" : ".ndjson";
  const std::string types_path = folder + "/views.json";
  std::vector<std::string> paths;
  for (const auto& view : reader.views()) paths.push_back(folder + "/" + view.name + ending);
  for (const auto& path : paths) TRY_VOID(draft(order, path));
  TRY_VOID(draft(order, types_path));
  std::filesystem::remove(types_path, error);
  for (std::size_t i = 0; i < paths.size(); ++i) TRY_VOID(write_file(reader, reader.views()[i], order, paths[i]));
  TRY(auto types, draft(order, types_path));
  TRY_VOID(types.write(types_text(reader.views(), order.format)));
  return types.publish();
}

}  // namespace ruaudit::jobs
