// How the commands that read one input and then end confine it.
#pragma once
#include "jobs/confined/call.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// A warning goes to standard error. Asks no DNS.
jobs::ConfinedWork confined_work(jobs::Console& console);

}  // namespace ruaudit::cli
