// ruaudit reverify: stored failure reports judged anew, and what of their samples may stay.
#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/judging_tools.hpp"
#include "cli/reverify_run.hpp"
#include "cli/signals.hpp"
#include "cli/verify_request.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"since", OptionKind::value, "TIME", "only samples that arrived then or later, e.g. 2026-09-01"},
    {"all", OptionKind::flag, "", "also samples that were verified before: by the DNS of then, compared with today's"},
    {"evidence-only", OptionKind::flag, "", "judge by the DNS answers kept; nothing is asked"},
    {"at-today", OptionKind::flag, "", "judge by today's DNS alone"},
    resolver_option,
    zone_option,
    {"parallel", OptionKind::value, "N", "samples judged at once; default 16"},
    {"public-suffix-list", OptionKind::value, "FILE", "for RFC 7489; default the system's"},
    wait_option,
    {"quiet", OptionKind::flag, "", "no closing line, only errors"},
};
constexpr CommandSpec spec = {
    "reverify", "[OPTIONS]", "Judges the samples of failure reports by SPF, DKIM, ARC and DMARC.", options_table, 0, 0};

model::Result<ReverifyPlan> plan_of(const Options& options) {
  ReverifyPlan plan{.now = epoch_now()};
  const bool is_stored = options.has("evidence-only"), is_today = options.has("at-today");
  if (is_stored && is_today) return model::failure("usage", "--evidence-only and --at-today exclude each other");
  if (is_stored && (options.has("resolver") || options.has("zone")))
    return model::failure("usage", "--evidence-only asks nobody: --resolver and --zone have no place beside it");
  plan.dns = is_stored ? DnsOfSample::stored : (is_today ? DnsOfSample::today : DnsOfSample::nearest);
  plan.is_for_all = options.has("all") || is_stored || is_today;
  if (const auto since = options.value("since")) {
    TRY(plan.since, parse_instant(*since));
  }
  TRY(const auto threads, options.number("parallel", 1, 256));
  plan.threads = static_cast<unsigned>(threads.value_or(plan.threads));
  return plan;
}

model::Result<ExitCode> run(const Options& options, Console& console) {
  TRY(const auto plan, plan_of(options));
  TRY(auto tools, judging_tools(options, plan.dns == DnsOfSample::stored ? DnsUse::kept : DnsUse::asked));
  const ReverifyObserver observer{.progress = {}, .stop_requested = stop_requested};
  TRY(const auto counts, reverify(plan, tools.database, tools.resolver(), tools.list, observer));
  if (!options.has("quiet")) console.err << closing_line(counts) << '\n';
  if (stop_requested()) return model::failure(stopped_error("what was verified is stored"));
  return ExitCode::well;
}

}  // namespace

const Command reverify_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
