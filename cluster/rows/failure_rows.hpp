// What is known of failure reports as rows of the table failure_local, and back. There is one column for each fact of
// store/outbox/failure_reader.hpp, all of them Nullable.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cluster/rows/rows.hpp"
#include "cluster/server/client.hpp"
#include "store/outbox/failure_reader.hpp"

namespace ruaudit::cluster {

class FailureFactRows {
 public:
  void add(const store::ShippedFailure& failure, const Header& header);
  [[nodiscard]] std::uint64_t size() const { return rows_; }
  [[nodiscard]] Block block() const;

 private:
  std::uint64_t rows_ = 0;
  Fixed key_{16}, identity_{32};
  Numbers<std::uint16_t> day_;
  Numbers<std::uint64_t> batch_, ingester_, version_;
  Numbers<std::int64_t> first_seen_;
  std::array<OptionalTexts, store::failure_facts.size()> texts_;      // of the facts that are none, empty
  std::array<OptionalNumbers, store::failure_facts.size()> numbers_;  // likewise
};

struct PulledFailure {
  store::ShippedFailure failure;
  std::uint64_t batch = 0, ingester = 0;
};
// Rows of failure_local for which `condition` holds. A row that was sent twice may come twice.
model::Result<std::vector<PulledFailure>> pull_failures(Client& client, const std::string& database,
                                                        const std::string& condition);

}  // namespace ruaudit::cluster
