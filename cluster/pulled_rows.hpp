// Rows of the tables report_local and record_local as what was shipped (rows.hpp writes them).
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cluster/client.hpp"
#include "cluster/native_reader.hpp"
#include "store/outbox/report_reader.hpp"

namespace ruaudit::cluster {

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
