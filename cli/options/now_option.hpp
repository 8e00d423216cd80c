// --now TIME: the clock of tests and replays; and other options that take a time.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec now_option = {"now", OptionKind::value, "TIME",
                                          "use this as the current time, e.g. 2026-09-01T03:00:00Z (tests, replays)"};

// Before a command runs: the clock follows --now, and says so on standard error; without the option it is the
// machine's. Error code "usage".
model::Result<void> follow_now_option(const Options& options, jobs::Console& console);

// The time, or the beginning of the UTC day, that the option `name` gives; nothing where it is not given. Error code
// "usage", which names the option.
model::Result<std::optional<std::int64_t>> instant_option(const Options& options, std::string_view name);

}  // namespace ruaudit::cli
