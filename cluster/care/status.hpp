// What a shard holds, and whether its server knows the others.
#pragma once
#include <cstdint>
#include <string>

#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct Held {
  std::uint64_t batches = 0, reports = 0, records = 0;  // committed, repeats among them
  std::uint64_t months = 0, sealed_months = 0;
  std::string last_commit;  // "2026-11-29 23:10:00" UTC, or "none"
};
model::Result<Held> held_by(Client& client, const Place& place);

// Readers ask one server, which asks the others: error "cluster-shards" where its remote_servers do not list so many
// shards by the name of [cluster].
model::Result<void> check_shards(Client& client, const Place& place);

}  // namespace ruaudit::cluster
