// How the commands confine what reads hostile octets: of one input, after which they end, and of many mails.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/confined/call.hpp"
#include "jobs/judge/judging.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// As the configuration says, where there is one that can be read. A warning goes to standard error. Asks no DNS.
jobs::ConfinedWork confined_work(const Options& options, jobs::Console& console);

// The same for many mails, with the list of --public-suffix-list.
jobs::Judging judging_of(const Options& options, jobs::Console& console);

}  // namespace ruaudit::cli
