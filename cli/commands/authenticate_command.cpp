// ruaudit authenticate: checks whether stored reports are genuine.
#include "cli/commands.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "cli/steps/confinement.hpp"
#include "cli/steps/judging_tools.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"since", OptionKind::value, "TIME", "only mails that arrived at this time or later, e.g. 2026-09-01"},
    {"all", OptionKind::flag, "", "every mail again, with today's DNS"},
    {"evidence-only", OptionKind::flag, "", "every mail again, with the stored DNS answers; nothing is asked"},
    resolver_option,
    zone_option,
    trusted_authserv_option,
    same_organization_option,
    list_option,
    wait_option,
    now_option,
    {"quiet", OptionKind::flag, "", "no summary line, only errors"},
};
constexpr CommandSpec spec = {
    "authenticate", "[OPTIONS]", "Checks whether stored reports come from the reporter that they name.",
    options_table,  0,           0};

model::Result<jobs::AuthenticatePlan> plan_of(const Options& options) {
  TRY(auto plan, authenticate_plan(options));
  const bool by_kept = options.has("evidence-only");
  if (by_kept && (options.has("all") || options.has("resolver") || options.has("zone")))
    return model::failure("usage", "--evidence-only asks no name server, so it excludes --all, --resolver and --zone");
  plan.request.choice = by_kept              ? store::CarrierChoice::recorded
                        : options.has("all") ? store::CarrierChoice::all
                                             : store::CarrierChoice::waiting;
  TRY(const auto since, instant_option(options, "since"));
  plan.request.received_since = since.value_or(plan.request.received_since);
  return plan;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(auto plan, plan_of(options));
  plan.judging = judging_of(options, console);
  TRY(auto tools, judging_tools(options, options.has("evidence-only") ? DnsUse::kept : DnsUse::asked));
  TRY(const auto counts, jobs::authenticate(plan, tools.database, tools.resolver(), tools.list, jobs::stop_requested));
  if (!options.has("quiet")) console.err << jobs::closing_line(counts) << '\n';
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("the results so far are stored"));
  if (counts.lost > 0) return ExitCode::rejected;
  return counts.has_given_up || counts.silent > 0 ? ExitCode::temporary : ExitCode::success;
}

}  // namespace

const Command authenticate_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
