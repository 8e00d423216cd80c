// What a shard holds at one moment, as a pull needs it.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct CommittedBatch {
  std::uint64_t records = 0;
  unsigned month = 0;
  bool is_of_sealing = false;  // its headers have come with other batches
};

// A shard at one moment.
struct ShardNow {
  std::size_t number = 0;
  Client client;
  std::map<std::uint64_t, CommittedBatch> committed{};
  std::map<std::uint64_t, unsigned> sealed{};         // with their months; what was in them is in `committed`
  std::map<std::uint64_t, unsigned> revoked_seals{};  // likewise: they had what was in those of `sealed`
  std::map<std::uint64_t, std::string> ingesters{};
  bool may_lack = false;  // it does not reach ZooKeeper, and others may have more
};

// Every shard of the cluster. Errors: those of connect_reader().
model::Result<std::vector<ShardNow>> read_shards(const Place& place);

}  // namespace ruaudit::cluster
