// What a pull takes from one shard: of reports, the copies that the cluster keeps of them.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "cluster/read/pull.hpp"
#include "cluster/read/shard_now.hpp"
#include "store/pulled/pulled_writer.hpp"

namespace ruaudit::cluster {

struct ShardPullTools {
  ShardNow& shard;
  const PullOrder& order;
  store::PulledWriter& writer;
  bool is_first = false;  // nothing was pulled before
};

// Which reports: those that the batches name by headers whose origin is not in `known`, and `further` ones.
struct WantedReports {
  const std::set<std::uint64_t>& batches;
  const std::set<std::uint64_t>& known;
  const std::vector<store::Digest>& further;
};
// Writes them, in the transaction of the caller.
model::Result<void> pull_from_shard(const ShardPullTools& tools, const WantedReports& wanted, PullCounts& counts);

// The batches with which the headers of these ones came: of what was sealed others, else they themselves.
model::Result<std::set<std::uint64_t>> origins_of(Client& client, const std::string& database,
                                                  const std::set<std::uint64_t>& batches);

}  // namespace ruaudit::cluster
