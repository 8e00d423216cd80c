// Shipping after a run that stored something; does nothing if the configuration has no [cluster].
#pragma once
#include "cli/options/options.hpp"
#include "config/configuration.hpp"
#include "jobs/process/console.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::cli {

// From now on the database notes what is to be shipped. Before anything is stored.
model::Result<void> note_for_cluster(const config::Cluster& cluster, store::Database& database);
model::Result<void> note_for_cluster(const Options& options, store::Database& database);

// What is due is shipped, after the run and outside its lock. What fails is reported and left for the next run; it
// changes no exit code.
void ship_after(const Options& options, jobs::Console& console);

}  // namespace ruaudit::cli
