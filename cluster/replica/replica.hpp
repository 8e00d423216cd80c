// Servers that replicate a shard. Its tables are ReplicatedReplacingMergeTree then: ZooKeeper (or ClickHouse Keeper)
// has a log of the parts that were inserted, and every server fetches those that another one got. What a server of
// which nothing is replicated says here is always yes.
#pragma once
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

// How a server takes part; nothing of it where its tables are not replicated, or are not there.
struct Replication {
  std::string path;  // in ZooKeeper, of all tables of the shard
  std::string name;  // of this server there
  bool operator==(const Replication&) const = default;
  [[nodiscard]] bool is_there() const { return !path.empty(); }
};
model::Result<Replication> replication_of(Client& client, const Place& place);

struct ReplicaState {
  bool is_read_only = false;        // it does not reach ZooKeeper: it takes nothing, and learns of nothing
  std::uint64_t missing = 0;        // parts that it knows of, and does not have yet
  std::uint64_t delay_seconds = 0;  // since the oldest of them was inserted; nothing where none is missing
  std::uint64_t servers = 0;        // of this shard that ZooKeeper knows
};
model::Result<ReplicaState> replica_state(Client& client, const Place& place);

// Whether it has everything that the other servers of the shard got before this call; waits as long as `patience` for
// it: 18.16 tries a fetch that failed again after ten seconds. Errors: "cluster-behind", "cluster-read-only".
model::Result<void> check_complete(Client& client, const Place& place,
                                   std::chrono::milliseconds patience = std::chrono::seconds(12));

// The same for who reads. A server without ZooKeeper is good enough where it is the one that is written to: others have
// nothing that it has not.
model::Result<void> check_readable(Client& client, const Place& place);

// Number of parts inserted in the second `until` and before that the server which answers has not fetched yet, and of
// tables of which it does not know that, as an expression that every server evaluates for itself.
std::string missing_parts(const std::string& database, std::uint64_t until);

// Errors: "cluster-replicas": the configuration has several servers for the shard, but the tables of this one are not
// replicated.
model::Result<void> check_replicated(Client& client, const Place& place, std::size_t shard);

// A server of the cluster by its places in the configuration.
struct ShardServer {
  std::size_t shard = 0, server = 0;
  Client client;
};

// How the tables of each server are to be made, before any is made; every server of `place` is in `servers`. Errors:
// "cluster-replicas" (a shard is not replicated, but has several servers now), "cluster-zookeeper" (a server does not
// reach it, or another cluster has its tables there).
model::Result<std::vector<Replication>> planned_replication(std::span<ShardServer> servers, const Place& place);

}  // namespace ruaudit::cluster
