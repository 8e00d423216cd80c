#include "cli/reverify_after.hpp"

#include "cli/clock.hpp"
#include "cli/reverify_run.hpp"
#include "cli/signals.hpp"
#include "cli/verify_dns.hpp"
#include "store/failure_cut.hpp"
#include "store/failure_queries.hpp"
#include "store/failure_reader.hpp"

namespace ruaudit::cli {

model::Result<void> check_verification_options(const Options& options) {
  const bool asks = options.has("resolver") || options.has("zone");
  if (options.has("resolver") && options.has("zone"))
    return model::failure("usage", "--zone and --resolver exclude each other");
  if (options.has("offline") && asks)
    return model::failure("usage", "--offline verifies nothing: --resolver and --zone have no place beside it");
  return {};
}

model::Result<void> verify_new_failures(const Options& options, Console& console, store::Database& database,
                                        const verify::suffix::PublicSuffixList& list, std::int64_t after_key) {
  TRY(const auto last, store::last_failure_key(database));
  if (last <= after_key) return {};
  TRY(const auto waiting, store::next_unverified(database, after_key));
  if (options.has("offline") || !waiting) {
    TRY_VOID(store::cut_due_samples(database));
    return {};
  }
  TRY(const auto source, DnsSource::open(options));
  const ReverifyPlan plan{.now = epoch_now(), .after_key = after_key};
  const ReverifyObserver observer{.progress = {}, .stop_requested = stop_requested};
  TRY(const auto counts, reverify(plan, database, &source.resolver(), list, observer));
  if (!options.has("quiet")) console.err << closing_line(counts) << '\n';
  return {};
}

}  // namespace ruaudit::cli
