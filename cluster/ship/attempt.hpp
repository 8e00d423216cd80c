// What every attempt to write a batch needs.
#pragma once
#include <cstdint>
#include <string>

namespace ruaudit::cluster {

// Random, not 0, and never used twice: an attempt that is in doubt is never taken up again.
std::uint64_t new_batch_number();

// Also counts while the machine is suspended.
std::int64_t seconds_since_boot();

}  // namespace ruaudit::cluster
