#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/safe_text.hpp"

namespace ruaudit::report {
namespace {

using model::Blob;
using model::Cell;
using model::ResultTable;
using Json = nlohmann::ordered_json;

constexpr std::size_t max_cell_width = 60;

std::string hex(const Blob& blob) {
  std::string text;
  for (const char c : blob.octets) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
}

std::string plain(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* blob = std::get_if<Blob>(&cell)) return hex(*blob);
  return {};
}

std::string aligned_table(const ResultTable& table) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells;
  for (const auto& name : table.columns) widths.push_back(display_width(cut(name, max_cell_width)));
  for (const auto& row : table.rows) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.push_back(cut(plain(row[i]), max_cell_width));
      widths[i] = std::max(widths[i], display_width(line.back()));
    }
  }
  std::string text;
  const auto finish_line = [&text] {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text += '\n';
  };
  for (std::size_t i = 0; i < widths.size(); ++i) text += (i > 0 ? "  " : "") + fit_left(table.columns[i], widths[i]);
  finish_line();
  for (std::size_t i = 0; i < widths.size(); ++i) text += (i > 0 ? "  " : "") + std::string(widths[i], '-');
  finish_line();
  for (std::size_t r = 0; r < cells.size(); ++r) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      text += (i > 0 ? "  " : "") +
              (is_number(table.rows[r][i]) ? fit_right(cells[r][i], widths[i]) : fit_left(cells[r][i], widths[i]));
    finish_line();
  }
  return text;
}

std::string csv_head(const std::vector<std::string>& columns) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) text += (i > 0 ? "," : "") + csv_cell(columns[i]);
  return text + "\r\n";
}

std::string csv_row(const std::vector<Cell>& row) {
  std::string text;
  // Numbers of the database are no text of a stranger: -5 stays a number.
  for (std::size_t i = 0; i < row.size(); ++i)
    text += (i > 0 ? "," : "") + (is_number(row[i]) ? plain(row[i]) : csv_cell(plain(row[i])));
  return text + "\r\n";
}

std::string csv(const ResultTable& table) {
  std::string text = csv_head(table.columns);
  for (const auto& row : table.rows) text += csv_row(row);
  return text;
}

Json value_of(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return std::isfinite(*real) ? Json(*real) : Json(nullptr);
  if (std::holds_alternative<std::monostate>(cell)) return nullptr;
  return plain(cell);
}

// Columns of the same name would overwrite each other in an object: the later ones get a number.
std::vector<std::string> distinct_names(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) {
    std::string name = column;
    for (int n = 2; std::find(names.begin(), names.end(), name) != names.end(); ++n)
      name = column + "_" + std::to_string(n);
    names.push_back(std::move(name));
  }
  return names;
}

std::string json_row(const std::vector<std::string>& names, const std::vector<Cell>& row) {
  Json object = Json::object();
  for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = value_of(row[i]);
  return object.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string json_text(const ResultTable& table) {
  const auto names = distinct_names(table.columns);
  std::string text = "[";
  for (std::size_t r = 0; r < table.rows.size(); ++r) text += (r > 0 ? ",\n" : "\n") + json_row(names, table.rows[r]);
  return text + (table.rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string render_table(const ResultTable& table, Format format) {
  if (format == Format::json) return json_text(table);
  return format == Format::csv ? csv(table) : aligned_table(table);
}

RowText::RowText(std::vector<std::string> columns, RowFormat format)
    : columns_(format == RowFormat::ndjson ? distinct_names(columns) : std::move(columns)), format_(format) {}

std::string RowText::head() const { return format_ == RowFormat::csv ? csv_head(columns_) : std::string(); }

std::string RowText::row(const std::vector<Cell>& cells) const {
  return format_ == RowFormat::csv ? csv_row(cells) : json_row(columns_, cells) + "\n";
}

}  // namespace ruaudit::report
