#include "cli/steps/enrich_step.hpp"

#include <chrono>

#include "cli/options/configuration_options.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

// Whoever takes reports in does not wait for the names of all their senders; what is left is asked for the next time.
constexpr std::chrono::seconds patience{60};

model::Result<void> step(const Options& options, jobs::Console& console, store::Database& database,
                         const verify::suffix::PublicSuffixList& list) {
  TRY(auto tools, enrich_tools(options));
  tools.plan.patience = patience;
  std::optional<jobs::DnsSource> source;
  TRY(source, open_dns(options));
  if (!source->is_answering()) source.reset();
  const jobs::EnrichSources sources{.resolver = source ? &source->resolver() : nullptr,
                                    .networks = tools.networks,
                                    .services = tools.services,
                                    .list = list};
  TRY(const auto counts, jobs::enrich(tools.plan, database, sources, jobs::stop_requested));
  if (!options.has("quiet") && counts.classes > 0) console.err << jobs::closing_line(counts) << '\n';
  return {};
}

}  // namespace

model::Result<jobs::EnrichTools> enrich_tools(const Options& options) {
  TRY(const auto loaded, load_configuration(options));
  return jobs::enrich_tools(loaded.configuration.general, jobs::epoch_now());
}

void enrich_new(const Options& options, jobs::Console& console, store::Database& database,
                const verify::suffix::PublicSuffixList& list) {
  if (is_offline(options)) return;
  if (const auto done = step(options, console, database, list); !done) jobs::print_error(console, done.error());
}

}  // namespace ruaudit::cli
