// ruaudit reverify: stored failure reports judged anew, and what of their samples may stay.
#include <fmt/format.h>

#include <chrono>

#include "cli/authenticate_step.hpp"
#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/database_path.hpp"
#include "cli/reverify_run.hpp"
#include "cli/signals.hpp"
#include "cli/verify_dns.hpp"
#include "cli/verify_request.hpp"
#include "store/ingest_lock.hpp"

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
    {"wait", OptionKind::value, "SECONDS", "for another run to end; default 60, 0 leaves at once"},
    {"quiet", OptionKind::flag, "", "no closing line, only errors"},
};
constexpr CommandSpec spec = {
    "reverify", "[OPTIONS]", "Judges the samples of failure reports by SPF, DKIM, ARC and DMARC.", options_table, 0, 0};

model::Result<verify::suffix::PublicSuffixList> suffix_list(const Options& options) {
  if (const auto file = options.value("public-suffix-list")) return verify::suffix::PublicSuffixList::load(*file);
  return verify::suffix::PublicSuffixList::system();
}

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
  TRY(const auto path, database_path(options));
  TRY(const auto plan, plan_of(options));
  TRY(const auto list, suffix_list(options));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  std::optional<DnsSource> source;
  if (plan.dns != DnsOfSample::stored) {
    TRY(const auto server, configured_server(options));
    TRY(source, DnsSource::open(options, server));
  }
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto lock, store::IngestLock::acquire(path, std::chrono::seconds(wait.value_or(60))));
  catch_stop_signals();
  const ReverifyObserver observer{.progress = {}, .stop_requested = stop_requested};
  TRY(const auto counts, reverify(plan, database, source ? &source->resolver() : nullptr, list, observer));
  if (!options.has("quiet")) console.err << closing_line(counts) << '\n';
  if (stop_requested())
    return model::failure("stopped", fmt::format("stopped by signal {}; what was verified is stored", stop_signal()),
                          "run the same command again: it goes on where it stopped");
  return ExitCode::well;
}

}  // namespace

const Command reverify_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
