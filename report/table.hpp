// A result set of named columns -> an aligned table for the terminal, CSV (RFC 4180) or a JSON array of objects.
// Values are what SQLite has; blobs are written as lower-case hex. Pure; made harmless as report/safe_text.hpp says.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/result_table.hpp"
#include "report/summary.hpp"

namespace ruaudit::report {

// Format::text is the table. Cells are cut to 60 columns there, and nowhere else.
std::string render_table(const model::ResultTable& table, Format format);

// Rows one by one, for what does not fit into memory.
enum class RowFormat : std::uint8_t { ndjson, csv };  // ndjson: one JSON object a line

class RowText {
 public:
  RowText(std::vector<std::string> columns, RowFormat format);
  [[nodiscard]] std::string head() const;                                      // the line of names; nothing before JSON
  [[nodiscard]] std::string row(const std::vector<model::Cell>& cells) const;  // with its line end

 private:
  std::vector<std::string> columns_;
  RowFormat format_;
};

}  // namespace ruaudit::report
