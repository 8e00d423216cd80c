// ruaudit enrich: what DNS and network files say of the sources in the database, and what each of them is.
#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/enrich_step.hpp"
#include "cli/steps/judging_tools.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,       configuration_source_options[0],
    resolver_option, zone_option,
    list_option,     wait_option,
    now_option,      {"offline", OptionKind::flag, "", "ask no DNS: only roll-ups, network files and classes"},
};
constexpr CommandSpec spec = {
    "enrich",
    "[OPTIONS]",
    "Looks up the sources in DNS, records the state of your DNS records, and classifies who sends.",
    options_table,
    0,
    0};

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto enriching, enrich_tools(options));
  TRY(auto tools, judging_tools(options, is_offline(options) ? DnsUse::kept : DnsUse::asked));
  const jobs::EnrichSources sources{
      .resolver = tools.resolver(), .networks = enriching.networks, .services = enriching.services, .list = tools.list};
  TRY(const auto counts, jobs::enrich(enriching.plan, tools.database, sources, jobs::stop_requested));
  if (!options.has("quiet")) console.err << jobs::closing_line(counts) << '\n';
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("the results so far are stored"));
  return counts.has_given_up ? ExitCode::temporary : ExitCode::success;
}

}  // namespace

const Command enrich_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
