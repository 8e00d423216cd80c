// One failure report between unpacking and the writer: collects the octets of its payload, has them parsed, and makes
// the writer's step. What is not a report after all (a bounce, an answer of a machine) becomes a ledger row.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "ingest/payload.hpp"
#include "jobs/ingest/work.hpp"
#include "store/content/digest.hpp"
#include "store/failure/sample_policy.hpp"

namespace ruaudit::jobs {

inline constexpr std::size_t max_failure_octets = std::size_t{64} << 20U;  // of one report; "failure-too-large"

class FailureReading {
 public:
  static model::Result<FailureReading> create(const ingest::UnpackLimits& limits, store::SampleOrder samples);
  static bool wants(ingest::PayloadKind kind);

  // Calls in this order; `received` is the date of the item.
  void begin(std::string part, std::int64_t received);
  bool chunk(std::string_view octets);  // false: more than max_failure_octets
  void note(const model::Defect& odd) { packaging_.push_back(odd); }
  // AddFailure, or AddPart where it is none.
  Step end();
  [[nodiscard]] bool is_open() const { return octets_.has_value(); }
  void abandon() { octets_.reset(); }
  [[nodiscard]] const std::string& part() const { return part_; }

 private:
  FailureReading(store::Hasher hasher, const ingest::UnpackLimits& limits, store::SampleOrder samples)
      : hasher_(std::move(hasher)), limits_(limits), samples_(samples) {}

  store::Hasher hasher_;
  ingest::UnpackLimits limits_;
  store::SampleOrder samples_;
  std::optional<std::string> octets_;
  std::string part_;
  std::vector<model::Defect> packaging_;
  std::int64_t received_ = 0;
};

}  // namespace ruaudit::jobs
