#include "jobs/ingest/work_budget.hpp"

#include <fmt/format.h>

#include <ctime>

namespace ruaudit::jobs {

std::chrono::nanoseconds thread_cpu_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

void WorkBudget::begin_item(std::uint64_t packed_octets) {
  packed_ = packed_octets;
  records_ = stored_ = 0;
  begun_ = clock_();
  exceeded_.reset();
}

const std::optional<model::Error>& WorkBudget::check() {
  if (!exceeded_) judge();
  return exceeded_;
}

void WorkBudget::judge() {
  const auto exceed = [&](std::string_view what) {
    exceeded_ =
        model::Error{"work-exceeded", fmt::format("an item of {} octets {}", packed_, what),
                     "no genuine report is packed so tightly; if this one is, unpack it and ingest the contents"};
  };
  constexpr std::uint64_t mebi = std::uint64_t{1} << 20U;
  if (records_ > limits_.records + packed_ / limits_.octets_per_record)
    return exceed(fmt::format("holds more than {} records", limits_.records + packed_ / limits_.octets_per_record));
  if (stored_ > limits_.stored_octets + packed_ * limits_.stored_per_octet)
    return exceed(fmt::format("would fill more than {} MiB of the database",
                              (limits_.stored_octets + packed_ * limits_.stored_per_octet) / mebi));
  const auto time = limits_.cpu + limits_.cpu_per_mebi * static_cast<std::int64_t>(packed_ / mebi);
  if (clock_() - begun_ > time)
    exceed(fmt::format("took more than {} s of processor time",
                       std::chrono::duration_cast<std::chrono::seconds>(time).count()));
}

}  // namespace ruaudit::jobs
