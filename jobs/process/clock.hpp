// The one clock of the program: seconds since the epoch. $SOURCE_DATE_EPOCH, where it is set to a number, stands in for
// it, so that what a command writes can be repeated exactly.
#pragma once
#include <cstdint>

namespace ruaudit::jobs {

std::int64_t epoch_now();

}  // namespace ruaudit::jobs
