// The cluster of the configuration, for a command that tells people what happens there.
#pragma once
#include "cluster/server/place.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// On standard error it is told where another server of a shard answers than the first; `console` must outlive the
// place. Errors: those of cluster::place_of().
model::Result<cluster::Place> place_of(const config::Cluster& cluster, jobs::Console& console);

}  // namespace ruaudit::cli
