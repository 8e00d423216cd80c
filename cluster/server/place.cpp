#include "cluster/server/place.hpp"

#include "config/secret.hpp"

namespace ruaudit::cluster {

model::Result<Place> place_of(const config::Cluster& cluster) {
  if (!cluster.is_configured())
    return model::failure("cluster-unconfigured", "the configuration has no section [cluster]",
                          "`ruaudit config keys` lists its keys; docs/cluster.md shows one");
  Place place{.shards = cluster.shards,
              .name = cluster.name,
              .database = cluster.database,
              .user = cluster.user,
              .password = {},
              .ca_file = cluster.ca_file,
              .connect_timeout_seconds = cluster.connect_timeout_seconds,
              .timeout_seconds = cluster.timeout_seconds,
              .stop = {},
              .tell = {}};
  auto password = config::read_secret(cluster.password);
  if (!password) return model::failure(password.error().in("[cluster]"));
  place.password = std::move(*password);
  if (place.password.find_first_of("\r\n") != std::string::npos ||
      place.user.find_first_of("\r\n") != std::string::npos)
    return model::failure("secret", "[cluster]: user and password must be one line each", "remove the line ends");
  return place;
}

}  // namespace ruaudit::cluster
