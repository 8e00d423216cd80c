// The documented views as files of rows, for other engines.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "jobs/process/draft_file.hpp"
#include "model/result.hpp"
#include "report/table.hpp"

namespace ruaudit::jobs {

struct ViewsOrder {
  std::string database;
  report::RowFormat format = report::RowFormat::ndjson;
  std::uint32_t mode = 0600;  // permissions of the files
  ExistingFile existing = ExistingFile::refuse;
};

// Every row of a view, in pieces of whole lines. Errors: "view-unknown", of the database, and that of `take`.
model::Result<void> write_view(const ViewsOrder& order, std::string_view view,
                               const std::function<model::Result<void>(std::string_view)>& take);
// The same into a file, which is there when it is whole. "file-exists", "file-create".
model::Result<void> export_view(const ViewsOrder& order, std::string_view view, const std::string& path);
// Every view, all of one moment, into `folder` (made if it is not there): v_NAME.ndjson or v_NAME.csv; at last
// views.json, which says the columns of each in their order and their types. One that is there belongs to a whole set:
// it goes before the first file is replaced. Where one of the files is there and may not be replaced, none is written.
model::Result<void> export_all_views(const ViewsOrder& order, const std::string& folder);

}  // namespace ruaudit::jobs
