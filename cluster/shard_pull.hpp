// What a pull takes from one shard: of reports, the copies that the cluster keeps of them.
#pragma once
#include <cstdint>
#include <set>
#include <vector>

#include "cluster/pull.hpp"
#include "cluster/shard_now.hpp"
#include "store/pulled/pulled_writer.hpp"

namespace ruaudit::cluster {

struct ShardPullTools {
  ShardNow& shard;
  const PullOrder& order;
  store::PulledWriter& writer;
  bool is_first = false;  // nothing was pulled before
};

// Writes the reports that the batches name, and `further` ones; in the transaction of the caller.
model::Result<void> pull_from_shard(const ShardPullTools& tools, const std::set<std::uint64_t>& batches,
                                    const std::vector<store::Digest>& further, PullCounts& counts);

}  // namespace ruaudit::cluster
