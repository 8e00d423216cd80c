// Where the cluster is and who logs in: [cluster] of the configuration with its secret read.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::cluster {

struct Place {
  std::vector<std::string> shards;  // https://HOST:PORT, by number of the shard
  std::string name;                 // of the shards in remote_servers
  std::string database, user, password;
  std::string ca_file;  // empty: the system's
  std::uint32_t connect_timeout_seconds = 10;
  std::uint32_t timeout_seconds = 300;
  std::function<bool()> stop{};  // asked while an answer is waited for; true ends that: "cluster-stopped"
};

// Errors: "cluster-unconfigured" (there is no [cluster]), "secret".
model::Result<Place> place_of(const config::Cluster& cluster);

}  // namespace ruaudit::cluster
