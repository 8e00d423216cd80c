// ruaudit authenticate: asks of stored reports whether they are genuine.
#include <fmt/format.h>

#include <chrono>

#include "cli/authenticate_step.hpp"
#include "cli/commands.hpp"
#include "cli/database_path.hpp"
#include "cli/signals.hpp"
#include "cli/verify_request.hpp"
#include "store/ingest_lock.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"since", OptionKind::value, "TIME", "only mails that came then or later, e.g. 2026-09-01"},
    {"all", OptionKind::flag, "", "every mail again, with today's DNS"},
    {"evidence-only", OptionKind::flag, "", "every mail again by the DNS answers kept; nothing is asked"},
    resolver_option,
    zone_option,
    trusted_authserv_option,
    same_organization_option,
    {"public-suffix-list", OptionKind::value, "FILE", "list of public suffixes; default the system's"},
    {"wait", OptionKind::value, "SECONDS", "for another run to end; default 60, 0 leaves at once"},
    {"quiet", OptionKind::flag, "", "no closing line, only errors"},
};
constexpr CommandSpec spec = {
    "authenticate", "[OPTIONS]", "Asks of stored reports whether they come from whom they say.", options_table, 0, 0};

model::Result<verify::suffix::PublicSuffixList> suffix_list(const Options& options) {
  if (const auto file = options.value("public-suffix-list")) return verify::suffix::PublicSuffixList::load(*file);
  return verify::suffix::PublicSuffixList::system();
}

model::Result<AuthenticatePlan> plan_of(const Options& options) {
  TRY(auto plan, authenticate_plan(options));
  const bool by_kept = options.has("evidence-only");
  if (by_kept && (options.has("all") || options.has("resolver") || options.has("zone")))
    return model::failure("usage", "--evidence-only asks nobody: --all, --resolver and --zone have no place beside it");
  plan.request.choice = by_kept              ? store::CarrierChoice::recorded
                        : options.has("all") ? store::CarrierChoice::all
                                             : store::CarrierChoice::waiting;
  if (const auto since = options.value("since")) {
    TRY(plan.request.received_since, parse_instant(*since));
  }
  return plan;
}

model::Result<ExitCode> run(const Options& options, Console& console) {
  TRY(const auto path, database_path(options));
  TRY(const auto plan, plan_of(options));
  TRY(const auto list, suffix_list(options));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  std::optional<DnsSource> source;
  if (!options.has("evidence-only")) {
    TRY(const auto server, configured_server(options));
    TRY(source, DnsSource::open(options, server));
  }
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto lock, store::IngestLock::acquire(path, std::chrono::seconds(wait.value_or(60))));
  catch_stop_signals();
  TRY(const auto counts, authenticate(plan, database, source ? &source->resolver() : nullptr, list, stop_requested));
  if (!options.has("quiet")) console.err << closing_line(counts) << '\n';
  if (stop_requested())
    return model::failure("stopped", fmt::format("stopped by signal {}; what was found is stored", stop_signal()),
                          "run the same command again: it goes on where it stopped");
  return counts.has_given_up || counts.silent > 0 ? ExitCode::temporary : ExitCode::well;
}

}  // namespace

const Command authenticate_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
