// What one item may cost beside what ingest/limits.hpp bounds: records, stored octets and processor time, each with a
// part that is free and a part that grows with the octets of the item as it arrived. Genuine reports need a tenth of
// it; a mail of 300 KB made of records without content would otherwise become 350 MB of database. Passed limits are the
// error "work-exceeded".
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "model/result.hpp"

namespace ruaudit::jobs {

struct WorkLimits {
  std::uint64_t records = 50'000;
  std::uint64_t octets_per_record = 2;  // packed octets for each record beyond
  std::uint64_t stored_octets = 8 << 20;
  std::uint64_t stored_per_octet = 32;
  std::chrono::milliseconds cpu{30'000};
  std::chrono::milliseconds cpu_per_mebi{10'000};
};

// Processor time of the calling thread.
std::chrono::nanoseconds thread_cpu_time();

class WorkBudget {
 public:
  using Clock = std::function<std::chrono::nanoseconds()>;
  explicit WorkBudget(const WorkLimits& limits = {}, Clock clock = thread_cpu_time)
      : limits_(limits), clock_(std::move(clock)) {}

  void begin_item(std::uint64_t packed_octets);
  void add_records(std::uint64_t count) { records_ += count; }
  void add_stored(std::uint64_t octets) { stored_ += octets; }
  // Once for some hundred kilobytes of work. What is exceeded stays so until the next item.
  [[nodiscard]] const std::optional<model::Error>& check();

 private:
  void judge();

  WorkLimits limits_;
  Clock clock_;
  std::uint64_t packed_ = 0, records_ = 0, stored_ = 0;
  std::chrono::nanoseconds begun_{0};
  std::optional<model::Error> exceeded_;
};

}  // namespace ruaudit::jobs
