// `enrich` as a step after ingest and fetch: it looks up what is new, and no failure of it affects the run.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/enrich/tools.hpp"
#include "jobs/process/console.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::cli {

// As the configuration and the clock say. Errors: usage, config, network-file, services.
model::Result<jobs::EnrichTools> enrich_tools(const Options& options);

// After reading, unless --offline. An error is printed, and the run's exit code stays what it was. The caller holds the
// IngestLock.
void enrich_new(const Options& options, jobs::Console& console, store::Database& database,
                const verify::suffix::PublicSuffixList& list);

}  // namespace ruaudit::cli
