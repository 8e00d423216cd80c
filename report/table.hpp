// A result set of named columns -> an aligned table for the terminal, CSV (RFC 4180) or a JSON array of objects.
// Values are what SQLite has; blobs are written as lower-case hex. Pure; made harmless as report/safe_text.hpp says.
#pragma once
#include <string>

#include "model/result_table.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

// Format::text is the table. Cells are cut to 60 columns there, and nowhere else.
std::string render_table(const model::ResultTable& table, Format format);

}  // namespace ruaudit::report
