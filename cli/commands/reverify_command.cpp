// ruaudit reverify: stored failure reports judged again, and what of their samples may stay.
#include "cli/commands.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/confinement.hpp"
#include "cli/steps/judging_tools.hpp"
#include "jobs/judge/reverify_run.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"since", OptionKind::value, "TIME", "only samples that arrived at this time or later, e.g. 2026-09-01"},
    {"all", OptionKind::flag, "",
     "also samples that were verified before: by the DNS answers of that time, compared with today's"},
    {"evidence-only", OptionKind::flag, "", "judge by the stored DNS answers; nothing is asked"},
    {"at-today", OptionKind::flag, "", "judge only by today's DNS"},
    resolver_option,
    zone_option,
    {"parallel", OptionKind::value, "N", "samples judged in parallel; default 16"},
    {"public-suffix-list", OptionKind::value, "FILE", "for RFC 7489; default the system's"},
    wait_option,
    {"quiet", OptionKind::flag, "", "no summary line, only errors"},
};
constexpr CommandSpec spec = {
    "reverify", "[OPTIONS]", "Judges the samples of failure reports by SPF, DKIM, ARC and DMARC.", options_table, 0, 0};

model::Result<jobs::ReverifyPlan> plan_of(const Options& options) {
  jobs::ReverifyPlan plan{.now = jobs::epoch_now()};
  const bool is_stored = options.has("evidence-only"), is_today = options.has("at-today");
  if (is_stored && is_today) return model::failure("usage", "--evidence-only and --at-today exclude each other");
  if (is_stored && (options.has("resolver") || options.has("zone")))
    return model::failure("usage", "--evidence-only asks no name server, so it excludes --resolver and --zone");
  plan.dns = is_stored ? jobs::DnsOfSample::stored : (is_today ? jobs::DnsOfSample::today : jobs::DnsOfSample::nearest);
  plan.is_for_all = options.has("all") || is_stored || is_today;
  TRY(plan.since, instant_option(options, "since"));
  TRY(const auto threads, options.number("parallel", 1, 256));
  plan.threads = static_cast<unsigned>(threads.value_or(plan.threads));
  return plan;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(auto plan, plan_of(options));
  plan.judging = judging_of(options, console);
  TRY(auto tools, judging_tools(options, plan.dns == jobs::DnsOfSample::stored ? DnsUse::kept : DnsUse::asked));
  const jobs::ReverifyObserver observer{.progress = {}, .stop_requested = jobs::stop_requested};
  TRY(const auto counts, jobs::reverify(plan, tools.database, tools.resolver(), tools.list, observer));
  if (!options.has("quiet")) console.err << jobs::closing_line(counts) << '\n';
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("what was verified so far is stored"));
  return counts.lost > 0 ? ExitCode::rejected : ExitCode::success;
}

}  // namespace

const Command reverify_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
