// What a shard holds at one moment, as a pull needs it.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/client.hpp"

namespace ruaudit::cluster {

struct CommittedBatch {
  std::uint64_t records = 0;
  unsigned month = 0;
};

// A shard at one moment.
struct ShardNow {
  std::size_t number = 0;
  Client client;
  std::map<std::uint64_t, CommittedBatch> committed{};
  std::set<std::uint64_t> sealed{};  // what was in them is in others of `committed`
  std::map<std::uint64_t, std::string> ingesters{};
};

// Every shard of the cluster. Errors: those of the client and of check_schema().
model::Result<std::vector<ShardNow>> read_shards(const Place& place);

}  // namespace ruaudit::cluster
