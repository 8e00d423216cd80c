// What ingest and reprocess do at their end with failure reports that are new: verify them (unless --offline) and
// reduce their samples to what --samples permits. A run that met none asks nobody.
#pragma once
#include "cli/console.hpp"
#include "cli/options.hpp"
#include "store/database.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec offline_option = {"offline", OptionKind::flag, "",
                                              "do not verify new failure reports now: reverify does it later"};
inline constexpr OptionSpec resolver_option = {"resolver", OptionKind::value, "ADDR[@PORT]",
                                               "name server for verifying failure reports; default the system's"};
inline constexpr OptionSpec zone_option = {"zone", OptionKind::value, "FILE",
                                           "answer DNS for verifying failure reports from a file"};

// Error code "usage" where the three contradict each other.
model::Result<void> check_verification_options(const Options& options);

// Failure reports with a key above `after_key`. The caller holds the ingest lock.
model::Result<void> verify_new_failures(const Options& options, Console& console, store::Database& database,
                                        const verify::suffix::PublicSuffixList& list, std::int64_t after_key);

}  // namespace ruaudit::cli
