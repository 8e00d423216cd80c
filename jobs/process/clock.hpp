// The one clock of the program: seconds since the epoch. A time that was set stands in for it, else $SOURCE_DATE_EPOCH
// where that is a number, so that what a command writes can be repeated exactly.
#pragma once
#include <cstdint>
#include <optional>

namespace ruaudit::jobs {

std::int64_t epoch_now();

// From now on the clock stands there; nothing: it is the machine's again. Called before a command runs, while there is
// one thread.
void set_clock(std::optional<std::int64_t> now);

}  // namespace ruaudit::jobs
