// How the commands that read one input and then end confine it.
#pragma once
#include "cli/options.hpp"
#include "jobs/confined/call.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// As the configuration says, where there is one that can be read. A warning goes to standard error. Asks no DNS.
jobs::ConfinedWork confined_work(const Options& options, jobs::Console& console);

}  // namespace ruaudit::cli
