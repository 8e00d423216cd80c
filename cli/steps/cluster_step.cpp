#include "cli/steps/cluster_step.hpp"

#include "cli/options/configuration_options.hpp"
#include "jobs/cluster/run.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

model::Result<void> ship_due(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  const config::Cluster& configured = loaded.configuration.cluster;
  if (!configured.is_configured()) return {};
  TRY(auto place, cluster::place_of(configured));
  TRY(auto path, database_path(options, loaded));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto counts, jobs::ship_now(database, {.place = std::move(place),
                                                   .database_path = path,
                                                   .delay_seconds = configured.ship_delay_seconds,
                                                   .backfill = false}));
  for (const auto& error : counts.errors) jobs::print_error(console, error);
  if (!options.has("quiet") && counts.batches > 0) console.err << jobs::ship_line(counts) << '\n';
  return {};
}

}  // namespace

model::Result<void> note_for_cluster(const config::Cluster& cluster, store::Database& database) {
  return cluster.is_configured() ? store::keep_outbox(database) : model::Result<void>{};
}

model::Result<void> note_for_cluster(const Options& options, store::Database& database) {
  TRY(const auto loaded, load_configuration(options));
  return note_for_cluster(loaded.configuration.cluster, database);
}

void ship_after(const Options& options, jobs::Console& console) {
  if (jobs::stop_requested()) return;
  const auto done = ship_due(options, console);
  if (!done && done.error().code != "database-in-use") jobs::print_error(console, done.error());
}

}  // namespace ruaudit::cli
