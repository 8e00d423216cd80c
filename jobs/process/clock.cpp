#include "jobs/process/clock.hpp"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace ruaudit::jobs {
namespace {

// Written by set_clock() alone, while there is one thread.
std::optional<std::int64_t> standing_clock;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

void set_clock(std::optional<std::int64_t> now) { standing_clock = now; }

std::int64_t epoch_now() {
  if (standing_clock) return *standing_clock;
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    const std::string_view text(fixed);
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault == std::errc{} && end == text.data() + text.size()) return seconds;
  }
  return static_cast<std::int64_t>(std::time(nullptr));
}

}  // namespace ruaudit::jobs
