// Which server of a shard is asked, and which is written to.
#pragma once
#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

// The first server of the shard that answers, has this program's tables and everything that the others have;
// Place::tell learns where that is not the first one. Errors: those of the first server, of the client, check_schema()
// and check_readable().
model::Result<Client> connect_reader(const Place& place, std::size_t shard);

// The first server of the shard, as the one that is written to. Errors: of the client, check_schema(), check_writer().
model::Result<Client> connect_writer(const Place& place, std::size_t shard);

}  // namespace ruaudit::cluster
