// What may be wrong with a server of a replicated shard, for `ruaudit cluster check`.
#pragma once
#include <map>
#include <set>
#include <string>

#include "cluster/replica/replica.hpp"

namespace ruaudit::cluster {

// What the servers before said.
struct ReplicasSeen {
  std::map<std::size_t, std::string> paths;  // in ZooKeeper, by number of the shard
  std::set<std::string> names;               // with the path
};

// ", is written to" or ", has everything"; nothing where the shard is not replicated. Errors: "cluster-replicas" (a
// table is missing or not replicated, two names of one server, servers that do not replicate each other, one more or
// less in ZooKeeper), "cluster-read-only", "cluster-behind", "cluster-writer" (the first server of the shard is not
// written to).
model::Result<std::string> check_replica(ShardServer& server, const Place& place, ReplicasSeen& seen);

}  // namespace ruaudit::cluster
