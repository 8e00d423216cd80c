#include "cli/steps/cluster_answer.hpp"

#include "cli/options/configuration_options.hpp"
#include "cli/options/dns_options.hpp"
#include "cli/options/suffix_list.hpp"
#include "cli/steps/cluster_place.hpp"
#include "cli/steps/enrich_step.hpp"
#include "jobs/cluster/pull.hpp"
#include "jobs/process/signals.hpp"
#include "store/facts/streams.hpp"

namespace ruaudit::cli {
namespace {

// As behind an ingest: what is new is asked, and nothing of it can spoil the run.
void enrich_pulled(const Options& options, jobs::Console& console, store::Database& database, AfterPull after) {
  if (after == AfterPull::enrich && !is_offline(options)) {
    const auto list = suffix_list_of(options);
    if (list) return enrich_new(options, console, database, *list);
    jobs::print_error(console, list.error());
  }
  if (const auto done = store::refresh_streams(database, jobs::stop_requested); !done)
    jobs::print_error(console, done.error());
}

}  // namespace

model::Result<std::string> pull_cluster(const Options& options, jobs::Console& console, AfterPull after) {
  TRY(const auto loaded, load_configuration(options));
  TRY(auto place, place_of(loaded.configuration.cluster, console));
  TRY(const auto own, database_path(options, loaded));
  auto path = jobs::judging_path(own);
  TRY(auto pulled, jobs::pull_now({.place = std::move(place), .path = path}));
  enrich_pulled(options, console, pulled.database, after);
  if (!options.has("quiet"))
    console.err << jobs::pull_line(pulled) << "; samples and mailboxes are known only to each ingester\n";
  return path;
}

model::Result<std::string> judged_database(const Options& options, jobs::Console& console, AfterPull after) {
  return options.has("cluster") ? pull_cluster(options, console, after) : readable_database(options);
}

}  // namespace ruaudit::cli
