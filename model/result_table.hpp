// A result set as a query gives it: column names and rows of values. Text is what the database holds, unchanged.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ruaudit::model {

struct Blob {
  std::string octets;
  bool operator==(const Blob&) const = default;
};

using Cell = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;  // monostate: NULL

struct ResultTable {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  bool is_cut = false;  // the limit of rows or octets was reached; there are more rows
  bool operator==(const ResultTable&) const = default;
};

}  // namespace ruaudit::model
