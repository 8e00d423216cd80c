#include "cluster/schema/servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/replica/replica.hpp"
#include "cluster/replica/writer.hpp"
#include "cluster/schema/schema.hpp"

namespace ruaudit::cluster {
namespace {

model::Result<Client> readable(const Place& place, std::size_t shard, std::size_t server) {
  TRY(auto client, Client::connect(place, shard, server));
  TRY_VOID(check_schema(client, place, shard));
  TRY_VOID(check_readable(client, place));
  TRY(const auto state, replica_state(client, place));
  if (state.is_read_only && place.tell)
    place.tell(client.url() + " does not reach ZooKeeper: it answers with what it has");
  return client;
}

// What another server of the shard may not suffer from; the rest is a fault of the configuration.
bool is_of_one_server(const model::Error& error) {
  constexpr std::array<std::string_view, 9> codes = {
      "cluster-unreached", "cluster-certificate", "cluster-silent", "cluster-password",      "cluster-disk",
      "cluster-refused",   "cluster-read-only",   "cluster-behind", "cluster-schema-missing"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

}  // namespace

model::Result<Client> connect_reader(const Place& place, std::size_t shard) {
  const auto& servers = place.shards.at(shard);
  auto client = readable(place, shard, 0);
  if (client || servers.size() < 2 || !is_of_one_server(client.error())) return client;
  auto first = client.error();
  for (std::size_t server = 1; server < servers.size(); ++server) {
    client = readable(place, shard, server);
    if (client && place.tell)
      place.tell(fmt::format("shard {}: {}; {} answers instead", shard + 1, first.message, servers[server]));
    if (client || client.error().code == "cluster-stopped") return client;
    first.hint +=
        fmt::format("{}nor can {} answer: {}", first.hint.empty() ? "" : "; ", servers[server], client.error().message);
  }
  return model::failure(std::move(first));
}

model::Result<Client> connect_writer(const Place& place, std::size_t shard) {
  auto client = Client::connect(place, shard);
  if (!client) {
    auto error = client.error();
    const auto& servers = place.shards[shard];
    if (servers.size() > 1 && is_of_one_server(error))
      error.hint += fmt::format("{}if it stays away, {} can take over: docs/cluster.md, \"Replicas\"",
                                error.hint.empty() ? "" : "; ", servers[1]);
    return model::failure(std::move(error));
  }
  TRY_VOID(check_schema(*client, place, shard));
  TRY_VOID(check_writer(*client, place));
  return client;
}

}  // namespace ruaudit::cluster
