// --cluster of the commands that judge: they read the judging database (store/pulled/pulled_writer.hpp), which is
// brought up to what the cluster holds now before they do.
#pragma once
#include <cstdint>

#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec cluster_option = {
    "cluster", OptionKind::flag, "", "answer from the configured cluster, through cluster.db next to the database"};

// What to do with what is new: who reads only asks no DNS.
enum class AfterPull : std::uint8_t { nothing, enrich };

// With --cluster the judging database as the cluster is now; without, the database as ever. Errors: those of
// jobs::pull_now(), "cluster-unconfigured", "database-missing".
model::Result<std::string> judged_database(const Options& options, jobs::Console& console,
                                           AfterPull after = AfterPull::nothing);

// Pulls, and says so; yields the path.
model::Result<std::string> pull_cluster(const Options& options, jobs::Console& console, AfterPull after);

}  // namespace ruaudit::cli
