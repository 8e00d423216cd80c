// Rows of the table batch_local. Of a batch the row with the greatest state holds.
#pragma once
#include <cstdint>

#include "cluster/server/native.hpp"

namespace ruaudit::cluster {

enum class BatchState : std::uint8_t {
  begun = 0,      // of a sealing: not dead yet
  committed = 1,  // it counts
  dead = 2,       // it never counts, even if a commit still arrives
  sealed = 3      // its rows are in other batches now (cluster/care/seal.hpp)
};

inline constexpr std::uint64_t sealing_ingester = 0;  // no ingester has this number

struct BatchRow {
  std::uint64_t batch = 0;
  std::uint32_t month = 0;
  BatchState state = BatchState::begun;
  std::uint64_t ingester = 0;
  std::uint64_t reports = 0, records = 0;
};

class BatchRows {
 public:
  void add(const BatchRow& row);
  [[nodiscard]] Block block() const;

 private:
  std::uint64_t rows_ = 0;
  Numbers<std::uint64_t> batch_, ingester_, records_;
  Numbers<std::uint32_t> month_, reports_;
  Numbers<std::uint8_t> state_;
};

}  // namespace ruaudit::cluster
