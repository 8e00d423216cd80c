// ClickHouse's Native format as it is read: blocks of columns (native.hpp writes them). Integers, Enum8, Date and
// DateTime become numbers; String, FixedString and LowCardinality(String) texts; each of them also Nullable, and as
// Array. Anything else, and octets that end too early, are error "cluster-refused".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::cluster {

// One column of a block. Elements of arrays follow one another.
struct ReadColumn {
  std::string_view name, type;
  std::vector<std::uint64_t> ends;      // of an Array: where each row's elements end
  std::vector<bool> nulls;              // of Nullable
  std::vector<std::int64_t> numbers;    // the same 64 bits where they are unsigned
  std::vector<std::string_view> texts;  // of numbers, empty

  [[nodiscard]] bool is_null(std::size_t at) const { return !nulls.empty() && nulls[at]; }
  [[nodiscard]] std::optional<std::string_view> text(std::size_t at) const {
    return is_null(at) ? std::nullopt : std::optional(texts[at]);
  }
  [[nodiscard]] std::optional<std::int64_t> number(std::size_t at) const {
    return is_null(at) ? std::nullopt : std::optional(numbers[at]);
  }
  // The elements of a row are those from first_of(row) on, before ends[row].
  [[nodiscard]] std::uint64_t first_of(std::size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
};

struct ReadBlock {
  std::uint64_t rows = 0;
  std::vector<ReadColumn> columns;
};

// The blocks of an answer; they point into `octets`. `columns`: so many have every block.
model::Result<std::vector<ReadBlock>> read_native(std::string_view octets, std::size_t columns);

}  // namespace ruaudit::cluster
