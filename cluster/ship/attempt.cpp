#include "cluster/ship/attempt.hpp"

#include <ctime>
#include <random>

#include "cluster/mutant.hpp"

namespace ruaudit::cluster {

std::uint64_t new_batch_number() {
  if (is_mutant(Mutant::same_batch)) return 1;
  std::random_device random;
  while (true)
    if (const std::uint64_t number = std::uint64_t{random()} << 32U | random(); number != 0) return number;
}

std::int64_t seconds_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

}  // namespace ruaudit::cluster
