#include "cluster/replica/replica.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "cluster/replica/writer.hpp"
#include "cluster/server/answer.hpp"
#include "model/counted.hpp"

namespace ruaudit::cluster {
namespace {

constexpr std::string_view a_table = "batch_local";  // all are replicated, or none

model::Error read_only(const Client& client) {
  return {
      "cluster-read-only", client.url() + " does not reach ZooKeeper: it takes nothing and fetches nothing",
      "is ZooKeeper running, and <zookeeper> in the server's configuration right? What is not shipped is kept here"};
}

struct TableState {
  std::string table;
  bool is_read_only = false;
  bool is_complete = false;
  bool is_log_empty = false;  // or has one entry that is not read yet
  std::uint64_t missing = 0;
};

model::Result<std::vector<TableState>> table_states(Client& client, const Place& place) {
  TRY(const auto found, client.ask(fmt::format(R"(
    SELECT table, is_readonly OR is_session_expired, inserts_in_queue, log_max_index, log_pointer FROM system.replicas
    WHERE database = '{}')",
                                               place.database),
                                   5));
  std::vector<TableState> states;
  for (const auto& row : found.rows) {
    const auto last = number_of(row[3]), next = number_of(row[4]);
    states.push_back({.table = row[0].value_or(""),
                      .is_read_only = number_of(row[1]) != 0,
                      .is_complete = number_of(row[2]) == 0 && next > last,
                      .is_log_empty = number_of(row[2]) == 0 && next == 0 && last == 0,
                      .missing = number_of(row[2])});
  }
  return states;
}

// Removes from `open` what has everything.
model::Result<void> close_complete(Client& client, const Place& place, const std::vector<TableState>& states,
                                   std::set<std::string>& open) {
  for (const auto& state : states) {
    if (!open.contains(state.table)) continue;
    if (state.is_read_only) return model::failure(read_only(client));
    if (state.is_log_empty) {
      TRY_VOID(client.run(fmt::format("SYSTEM SYNC REPLICA {}.{}", place.database, state.table)));
      open.erase(state.table);
    } else if (state.is_complete) {
      open.erase(state.table);
    }
  }
  return {};
}

// Fit for SQL and for a node of ZooKeeper.
std::string replica_name(const std::string& url) {
  std::string name = url.substr(std::string_view("https://").size());
  for (auto& c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
    if (!is_plain) c = '_';
  }
  return name;
}

model::Result<std::string> engine_of(Client& client, const Place& place) {
  TRY(const auto found, client.ask(fmt::format("SELECT engine FROM system.tables WHERE database = '{}' AND name = '{}'",
                                               place.database, a_table),
                                   1));
  return found.rows.empty() ? "" : found.rows[0][0].value_or("");
}

model::Error not_replicated(const Client& client, const Place& place, std::size_t shard) {
  return {
      "cluster-replicas",
      fmt::format("{}: its tables are not replicated, but the configuration has {} for shard {}", client.url(),
                  model::counted(place.shards[shard].size(), "server"), shard + 1),
      fmt::format("nothing was changed. Name one server for the shard again, or begin a replicated database: another"
                  " `database` in [cluster], `ruaudit cluster init`, `ruaudit cluster ship --backfill`"
                  " (docs/cluster.md, \"Replicas\")")};
}

// The shard gets its first tables: nobody else may have some at the same place.
model::Result<void> check_zookeeper(Client& client, const std::string& path) {
  const auto root = client.ask("SELECT count() FROM system.zookeeper WHERE path = '/'", 1);
  if (!root)
    return model::failure(
        "cluster-zookeeper", root.error().message,
        "servers of one shard need ZooKeeper: <zookeeper> in the configuration of each (docs/cluster.md)");
  const auto there = client.ask(fmt::format("SELECT count() FROM system.zookeeper WHERE path = '{}'", path), 1);
  if (!there || there->rows.empty() || number_of(there->rows[0][0]) == 0) return {};
  return model::failure(
      "cluster-zookeeper",
      fmt::format("{}: ZooKeeper has tables at {} already, and no server of the shard has them", client.url(), path),
      "are they of another cluster? Then another `name` or `database` in [cluster] keeps them apart;"
      " if not, remove them there");
}

}  // namespace

model::Result<Replication> replication_of(Client& client, const Place& place) {
  TRY(const auto found,
      client.ask(
          fmt::format("SELECT zookeeper_path, replica_name FROM system.replicas WHERE database = '{}' AND table ="
                      " '{}'",
                      place.database, a_table),
          2));
  if (found.rows.empty()) return Replication{};
  std::string path = found.rows[0][0].value_or("");
  path.resize(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
  return Replication{std::move(path), found.rows[0][1].value_or("")};
}

model::Result<ReplicaState> replica_state(Client& client, const Place& place) {
  TRY(const auto found, client.ask(fmt::format(R"(
    SELECT max(is_readonly OR is_session_expired), sum(inserts_in_queue),
      toUInt32(now()) - toUInt32(minIf(inserts_oldest_time, inserts_in_queue > 0)), max(total_replicas)
    FROM system.replicas WHERE database = '{}')",
                                               place.database),
                                   4));
  if (found.rows.empty()) return ReplicaState{};
  const auto& row = found.rows[0];
  return ReplicaState{number_of(row[0]) != 0, number_of(row[1]), number_of(row[2]), number_of(row[3])};
}

model::Result<void> check_complete(Client& client, const Place& place, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{100};
  const auto end = std::chrono::steady_clock::now() + patience;
  TRY(auto states, table_states(client, place));
  std::set<std::string> open;
  for (const auto& state : states) open.insert(state.table);
  while (true) {
    TRY_VOID(close_complete(client, place, states, open));
    if (open.empty()) return {};
    if (std::chrono::steady_clock::now() >= end || (place.stop && place.stop())) break;
    std::this_thread::sleep_for(pause);
    TRY(states, table_states(client, place));
  }
  std::uint64_t missing = 0;
  for (const auto& state : states) missing += state.missing;
  return model::failure("cluster-behind",
                        fmt::format("{} does not have everything yet that other servers of the shard have: {} to fetch",
                                    client.url(), model::counted(missing, "part")),
                        "`ruaudit cluster check` says how far it is");
}

model::Result<void> check_readable(Client& client, const Place& place) {
  TRY(const auto state, replica_state(client, place));
  if (!state.is_read_only) return check_complete(client, place);
  TRY(const auto own, replication_of(client, place));
  TRY(const auto writer, read_writer(client, place));
  if (writer && writer->server == own.name && state.missing == 0) return {};
  return model::failure(read_only(client));
}

// A server that has just started, and has not read the log yet, tells a delay since 1970.
std::string missing_parts(const std::string& database, std::uint64_t until) {
  return fmt::format(
      "((SELECT count() FROM system.replication_queue WHERE database = '{0}' AND type = 'GET_PART' AND"
      " toUInt32(create_time) <= {1}) + (SELECT countIf(is_readonly OR is_session_expired OR absolute_delay >"
      " 1000000000) FROM system.replicas WHERE database = '{0}'))",
      database, until);
}

model::Result<void> check_replicated(Client& client, const Place& place, std::size_t shard) {
  if (place.shards[shard].size() < 2) return {};
  TRY(const auto engine, engine_of(client, place));
  if (engine.empty() || engine.starts_with("Replicated")) return {};
  return model::failure(not_replicated(client, place, shard));
}

model::Result<std::vector<Replication>> planned_replication(std::span<ShardServer> servers, const Place& place) {
  std::vector<Replication> planned(servers.size());
  std::vector<std::string> paths(place.shards.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    auto& [shard, server, client] = servers[i];
    TRY_VOID(check_replicated(client, place, shard));
    TRY(planned[i], replication_of(client, place));
    if (planned[i].is_there()) paths[shard] = planned[i].path;
  }
  for (std::size_t i = 0; i < servers.size(); ++i) {
    auto& [shard, server, client] = servers[i];
    if (planned[i].is_there() || (place.shards[shard].size() < 2 && paths[shard].empty())) continue;
    const auto fresh = fmt::format("/clickhouse/ruaudit/{}/{}/shard{}", place.name, place.database, shard + 1);
    if (paths[shard].empty()) TRY_VOID(check_zookeeper(client, fresh));
    planned[i] = {paths[shard].empty() ? fresh : paths[shard], replica_name(client.url())};
  }
  return planned;
}

}  // namespace ruaudit::cluster
