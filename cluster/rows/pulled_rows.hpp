// Rows of the tables report_local and record_local as what was shipped (rows.hpp writes them).
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/server/client.hpp"
#include "cluster/server/native_reader.hpp"
#include "store/outbox/report_reader.hpp"

namespace ruaudit::cluster {

// What a column must be: a text, a number, or an array of them; columns of arrays stand in runs of equal lengths.
enum class Kind : std::uint8_t { text, number, texts, numbers };
struct WantedColumn {
  std::string_view name;
  Kind kind;
};
// "`a`, `b`"
std::string select_list(std::span<const WantedColumn> columns);
// Error "cluster-refused": a block has other columns.
model::Result<void> check_kinds(const Client& client, const std::vector<ReadBlock>& blocks,
                                std::span<const WantedColumn> wanted);
// Of a word that this program does not know "unknown" (words.hpp).
std::string word_at(std::span<const std::string_view> words, std::int64_t place);
std::optional<std::string> owned_at(const ReadColumn& column, std::size_t at);

// The columns of one row in their order.
class RowReader {
 public:
  RowReader(const ReadBlock& block, std::size_t row) : block_(block), row_(row) {}

  const ReadColumn& column() { return block_.columns[next_++]; }
  std::string text() { return std::string(column().texts[row_]); }
  std::optional<std::string> optional_text() {
    const auto value = column().text(row_);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  }
  std::optional<std::string> text_or_absent() {  // '' is absent
    auto value = text();
    return value.empty() ? std::nullopt : std::optional<std::string>(std::move(value));
  }
  std::int64_t number() { return column().numbers[row_]; }
  std::optional<std::int64_t> optional_number() { return column().number(row_); }
  template <class Octets>
  Octets octets() {
    Octets out{};
    const auto text = column().texts[row_];
    std::copy_n(text.begin(), std::min(text.size(), out.size()), out.begin());
    return out;
  }
  // The column again from its first element of this row on.
  [[nodiscard]] std::size_t first(std::size_t column) const { return block_.columns[column].first_of(row_); }
  [[nodiscard]] std::size_t end(std::size_t column) const { return block_.columns[column].ends[row_]; }

 private:
  const ReadBlock& block_;
  std::size_t row_, next_ = 0;
};

struct PulledReport {
  store::ShippedReport report;
  std::uint64_t batch = 0, ingester = 0;
};
// Rows of report_local for which `condition` holds. A row that was sent twice may come twice.
model::Result<std::vector<PulledReport>> pull_reports(Client& client, const std::string& database,
                                                      const std::string& condition);

// Rows of record_local, by report, batch and number of the row; each once.
class PulledRecords {
 public:
  // `condition`: with what follows it in a SELECT, its ORDER BY left out; `most`: at most so many rows; 0: all.
  static model::Result<PulledRecords> read(Client& client, const std::string& database, const std::string& condition,
                                           std::uint64_t most);

  // Calls take() for the rows of one report's batch. Yields the number of the last of them; 0: there is none.
  using Take = std::function<model::Result<void>(const store::ShippedRecord&)>;
  model::Result<std::int64_t> each(const store::Digest& identity_key, std::uint64_t batch, const Take& take) const;
  [[nodiscard]] std::uint64_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::uint32_t block = 0, row = 0;
  };
  [[nodiscard]] std::string_view key_of(const Row& row) const;
  [[nodiscard]] std::uint64_t batch_of(const Row& row) const;

  std::string octets_;
  std::vector<ReadBlock> blocks_;
  std::vector<Row> rows_;
};

}  // namespace ruaudit::cluster
