#include "cli/steps/reverify_after.hpp"

#include "cli/options/dns_options.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "cli/steps/confinement.hpp"
#include "jobs/judge/reverify_run.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "store/failure/reader.hpp"

namespace ruaudit::cli {
namespace {

model::Result<void> step(const Options& options, jobs::Console& console, store::Database& database,
                         const verify::suffix::PublicSuffixList& list, std::int64_t after_key) {
  TRY(const auto waiting, store::next_unverified(database, after_key));
  if (!waiting || is_offline(options)) return {};
  TRY(const auto source, open_dns(options));
  if (!source.is_answering()) {
    if (!options.has("quiet"))
      console.err << "DNS does not answer: new failure reports are left for `ruaudit reverify`\n";
    return {};
  }
  const jobs::ReverifyPlan plan{
      .now = jobs::epoch_now(), .after_key = after_key, .judging = judging_of(options, console)};
  const jobs::ReverifyObserver observer{.progress = {}, .stop_requested = jobs::stop_requested};
  TRY(const auto counts, jobs::reverify(plan, database, &source.resolver(), list, observer));
  if (!options.has("quiet")) console.err << jobs::closing_line(counts) << '\n';
  return {};
}

}  // namespace

void verify_new_failures(const Options& options, jobs::Console& console, store::Database& database,
                         const verify::suffix::PublicSuffixList& list, std::int64_t after_key) {
  if (const auto done = step(options, console, database, list, after_key); !done)
    jobs::print_error(console, done.error());
}

}  // namespace ruaudit::cli
