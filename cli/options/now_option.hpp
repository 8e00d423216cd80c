// --now TIME: the clock of tests and replays.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec now_option = {"now", OptionKind::value, "TIME",
                                          "use this as the current time, e.g. 2026-09-01T03:00:00Z (tests, replays)"};

// Before a command runs: the clock follows --now, and says so on standard error; without the option it is the
// machine's. Error code "usage".
model::Result<void> follow_now_option(const Options& options, jobs::Console& console);

}  // namespace ruaudit::cli
