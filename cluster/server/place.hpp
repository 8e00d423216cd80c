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
  // By number of the shard its servers, https://HOST:PORT: they replicate each other, and the first is written to.
  std::vector<std::vector<std::string>> shards;
  std::string name;  // of the shards in remote_servers
  std::string database, user, password;
  std::string ca_file;  // empty: the system's
  std::uint32_t connect_timeout_seconds = 10;
  std::uint32_t timeout_seconds = 300;
  std::function<bool()> stop{};  // asked while an answer is waited for; true ends that: "cluster-stopped"
  std::function<void(const std::string&)> tell{};  // what people should know of a run that goes on; empty: nobody
};

// Errors: "cluster-unconfigured" (there is no [cluster]), "secret".
model::Result<Place> place_of(const config::Cluster& cluster);

}  // namespace ruaudit::cluster
