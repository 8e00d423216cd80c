#include "cluster/care/replica_check.hpp"

#include <fmt/format.h>

#include "cluster/replica/writer.hpp"
#include "cluster/schema/schema.hpp"
#include "cluster/server/answer.hpp"
#include "model/counted.hpp"

namespace ruaudit::cluster {
namespace {

model::Result<void> check_tables(Client& client, const Place& place) {
  TRY(const auto found,
      client.ask(fmt::format("SELECT name, engine FROM system.tables WHERE database = '{}'", place.database), 2));
  std::map<std::string, std::string> engines;
  for (const auto& row : found.rows) engines[row[0].value_or("")] = row[1].value_or("");
  for (const auto& table : replicated_tables()) {
    const auto engine = engines.find(table);
    if (engine == engines.end())
      return model::failure("cluster-replicas", fmt::format("{}: there is no table {}", client.url(), table),
                            "run `ruaudit cluster init`: it creates what is missing");
    if (!engine->second.starts_with("Replicated"))
      return model::failure("cluster-replicas", fmt::format("{}: the table {} is not replicated", client.url(), table),
                            "it must be like the others of its server; docs/cluster.md, \"Replicas\"");
  }
  return {};
}

model::Result<void> check_among_others(const ShardServer& server, const Replication& own, ReplicasSeen& seen) {
  const auto& url = server.client.url();
  const auto [path, is_first] = seen.paths.emplace(server.shard, own.path);
  if (!is_first && path->second != own.path)
    return model::failure("cluster-replicas",
                          fmt::format("{}: it has its tables at {} in ZooKeeper, and a server before it at {}", url,
                                      own.path, path->second),
                          "servers of one shard of [cluster] must be made by one `ruaudit cluster init`");
  if (!seen.names.insert(own.path + "/" + own.name).second)
    return model::failure("cluster-replicas", fmt::format("{}: it is {}, which is in the list already", url, own.name),
                          "shards of [cluster] must name every server once");
  return {};
}

model::Error behind(const Client& client, const ReplicaState& state) {
  return {"cluster-behind",
          fmt::format("{} has {} to fetch from other servers of the shard, the oldest {} old", client.url(),
                      model::counted(state.missing, "part"), model::counted(state.delay_seconds, "second")),
          "it catches up as long as those run"};
}

}  // namespace

model::Result<std::string> check_replica(ShardServer& server, const Place& place, ReplicasSeen& seen) {
  auto& client = server.client;
  const auto wanted = place.shards[server.shard].size();
  TRY(const auto own, replication_of(client, place));
  if (!own.is_there() && wanted < 2) return std::string();
  TRY_VOID(check_tables(client, place));
  TRY_VOID(check_among_others(server, own, seen));
  const auto complete = check_complete(client, place);
  TRY(const auto state, replica_state(client, place));
  if (!complete)
    return model::failure(complete.error().code == "cluster-behind" ? behind(client, state) : complete.error());
  if (state.servers != wanted)
    return model::failure("cluster-replicas",
                          fmt::format("{}: ZooKeeper knows {} of shard {}, the configuration {}", client.url(),
                                      model::counted(state.servers, "server"), server.shard + 1, wanted),
                          "one that is lost for good must be removed there: docs/cluster.md, \"Replicas\"");
  TRY(const auto writer, read_writer(client, place));
  if (server.server == 0) TRY_VOID(check_writer(client, place));
  return std::string(writer && writer->server == own.name ? ", is written to" : ", has everything");
}

}  // namespace ruaudit::cluster
