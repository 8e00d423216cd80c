#include "cluster/schema/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/rows/failure_rows.hpp"
#include "cluster/rows/rows.hpp"
#include "cluster/rows/tls_rows.hpp"
#include "cluster/schema/views.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

struct Table {
  std::string_view name;
  std::string columns;
  std::string_view engine;
};

// By it attempts that died are told from those on their way.
constexpr const char* made_at = ", made_at DateTime DEFAULT now()";
// The batch with which rows came: it stays when they are sealed, and is in the keys of the views.
constexpr const char* origin_made_at = ", origin UInt64 DEFAULT batch, made_at DateTime DEFAULT now()";

// ReplacingMergeTree: a block that a proxy sent twice counts once after the next merge, and its rows are equal anyway.
std::vector<Table> tables() {
  return {
      {"record", RecordRows().block().definitions() + origin_made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (policy_domain, day, identity_key, batch, row_number)"},
      {"report", ReportRows().block().definitions() + origin_made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (policy_domain, day, identity_key, batch)"},
      {"tls_report", TlsReportRows().block().definitions() + origin_made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, identity_key, batch)"},
      {"failure", FailureFactRows().block().definitions() + origin_made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, identity_key, batch)"},
      {"by_identity", HeaderRows().block().definitions() + made_at,
       "ReplacingMergeTree ORDER BY (identity_key, batch) SETTINGS index_granularity = 256"},
      {"contested", std::string("identity_key FixedString(16)") + made_at, "ReplacingMergeTree ORDER BY identity_key"},
      {"batch",
       "batch UInt64, month UInt32, state UInt8, ingester UInt64, reports UInt32, records UInt64, made_at DateTime "
       "DEFAULT"
       " now()",
       "ReplacingMergeTree ORDER BY (month, batch, state)"},
      {"ingester", "ingester UInt64, name String, seen_at DateTime DEFAULT now()",
       "ReplacingMergeTree ORDER BY (ingester, name)"},
  };
}

// Only of each shard itself, no Distributed one (writer.hpp).
Table writer_table() {
  return {"writer", "number UInt64, server String, is_ready UInt8, made_at DateTime DEFAULT now()",
          "ReplacingMergeTree ORDER BY (number, server, is_ready)"};
}

// What tables of former versions lack.
struct AddedColumn {
  std::string_view table, name, definition;
};
constexpr AddedColumn added_columns[] = {
    {"record", "origin", "UInt64 DEFAULT batch"},       {"report", "origin", "UInt64 DEFAULT batch"},
    {"tls_report", "origin", "UInt64 DEFAULT batch"},   {"by_identity", "origin", "UInt64 DEFAULT batch"},
    {"by_identity", "sealed_from", "UInt64 DEFAULT 0"}, {"contested", "made_at", "DateTime DEFAULT now()"},
};

model::Result<std::uint64_t> count_of(Client& client, const std::string& select) {
  TRY(const auto rows, client.ask(select, 1));
  return rows.rows.empty() ? 0 : number_of(rows.rows[0][0]);
}

std::string engine_text(const Table& table, const Replication& replication) {
  constexpr std::string_view plain = "ReplacingMergeTree";
  if (!replication.is_there()) return std::string(table.engine);
  return fmt::format("Replicated{}('{}/{}_local', '{}'){}", plain, replication.path, table.name, replication.name,
                     table.engine.substr(plain.size()));
}

model::Result<void> make_local_table(Client& client, const Place& place, const Table& table,
                                     const Replication& replication) {
  return client.run(fmt::format("CREATE TABLE IF NOT EXISTS {}.{}_local ({}) ENGINE = {}", place.database, table.name,
                                table.columns, engine_text(table, replication)));
}

model::Result<void> make_table(Client& client, const Place& place, const Table& table, const Replication& replication) {
  const std::string& db = place.database;
  TRY_VOID(make_local_table(client, place, table, replication));
  for (const auto& column : added_columns) {
    if (column.table != table.name) continue;
    TRY(const auto has,
        count_of(client, fmt::format("SELECT count() FROM system.columns WHERE database = '{}' AND table ="
                                     " '{}_local' AND name = '{}'",
                                     db, table.name, column.name)));
    if (has == 0)
      TRY_VOID(client.run(
          fmt::format("ALTER TABLE {}.{}_local ADD COLUMN {} {}", db, table.name, column.name, column.definition)));
  }
  // It holds nothing.
  TRY_VOID(client.run(fmt::format("DROP TABLE IF EXISTS {}.{}", db, table.name)));
  return client.run(fmt::format("CREATE TABLE {}.{} ({}) ENGINE = Distributed({}, {}, {}_local)", db, table.name,
                                table.columns, place.name, db, table.name));
}

model::Result<bool> has_program_table(Client& client, const Place& place) {
  TRY(const auto count,
      count_of(client, fmt::format("SELECT count() FROM system.tables WHERE database = '{}' AND name ="
                                   " 'program_local'",
                                   place.database)));
  return count != 0;
}

struct ShardNumber {
  std::uint64_t shard = 0, shards = 0;
};
model::Result<void> check_number(const Client& client, const Place& place, std::size_t shard, ShardNumber server) {
  if (server.shard == shard && server.shards == place.shards.size()) return {};
  return model::failure("cluster-shards",
                        fmt::format("{} is shard {} of {}, but the configuration has it as shard {} of {}",
                                    client.url(), server.shard + 1, server.shards, shard + 1, place.shards.size()),
                        "shards of [cluster] must list the servers as they were listed at `ruaudit cluster init`; new"
                        " ones come last, and need another init");
}

// Tables of former versions have no map: all months are on the shards that they were made for.
model::Result<ShardMap> known_map(Client& client, const Place& place) {
  TRY(auto map, read_map(client, place));
  if (!map.is_empty()) return map;
  TRY(const bool has_table, has_program_table(client, place));
  if (!has_table) return map;
  TRY(const auto shards, count_of(client, fmt::format("SELECT max(shards) FROM {}.program_local", place.database)));
  return shards == 0 ? map : ShardMap({{0, static_cast<std::uint32_t>(shards)}});
}

// Whether what is there is of this shard, and not of a newer program.
model::Result<void> check_makeable(Client& client, const Place& place, std::size_t shard) {
  TRY(const auto found,
      client.ask(
          fmt::format("SELECT shard, version FROM {}.program_local ORDER BY version DESC LIMIT 1", place.database), 2));
  if (found.rows.empty()) return {};
  const auto there = number_of(found.rows[0][0]);
  if (number_of(found.rows[0][1]) > cluster_schema_version) return check_schema(client, place, shard);
  return there == shard ? model::Result<void>{} : check_number(client, place, shard, {there, place.shards.size()});
}

}  // namespace

std::vector<std::string> replicated_tables() {
  std::vector<std::string> names;
  for (const auto& table : tables()) names.push_back(std::string(table.name) + "_local");
  names.push_back(std::string(writer_table().name) + "_local");
  return names;
}

model::Result<void> check_schema(Client& client, const Place& place, std::size_t shard) {
  TRY(const bool has_table, has_program_table(client, place));
  Rows found;
  if (has_table) {
    TRY(found,
        client.ask(fmt::format("SELECT shard, shards, version FROM {}.program_local ORDER BY version DESC LIMIT 1",
                               place.database),
                   3));
  }
  if (found.rows.empty())
    return model::failure("cluster-schema-missing",
                          fmt::format("{}: the database {} has no tables of ruaudit", client.url(), place.database),
                          "run `ruaudit cluster init`");
  const auto number = [&found](std::size_t column) { return number_of(found.rows[0][column]); };
  const auto version = number(2);
  if (version > cluster_schema_version)
    return model::failure("cluster-newer",
                          fmt::format("{}: the tables are of version {}, this program knows {}", client.url(), version,
                                      cluster_schema_version),
                          "use the version of ruaudit that made them; nothing is lost here meanwhile");
  TRY(const auto map, read_map(client, place));
  TRY_VOID(check_number(client, place, shard, {number(0), map.is_empty() ? number(1) : map.shards()}));
  if (version < cluster_schema_version || map.is_empty())
    return model::failure("cluster-older",
                          fmt::format("{}: the tables are of version {}, this program's are of version {}",
                                      client.url(), version, cluster_schema_version),
                          "run `ruaudit cluster init`: it adds what is missing");
  return check_replicated(client, place, shard);
}

model::Result<ShardMap> planned_map(std::span<ShardServer> servers, const Place& place, const MapOrder& order) {
  ShardMap map;
  std::vector<ShardMap> of_servers;
  std::uint32_t latest = order.current_month;
  for (auto& [shard, number, client] : servers) {
    TRY(const auto of_server, known_map(client, place));
    of_servers.push_back(of_server);
    TRY(map, united(map, of_server));
    TRY(const auto month, latest_month(client, place));
    latest = std::max(latest, month);
  }
  for (std::size_t i = 0; i < servers.size(); ++i)
    TRY_VOID(check_lacking(servers[i].client, place, servers[i].shard, map, of_servers[i]));
  const auto shards = static_cast<std::uint32_t>(place.shards.size());
  if (order.from && (map.is_empty() || shards == map.shards()))
    return model::failure("usage", "--from: no shard is new", "it says from which month on new shards are used");
  if (map.is_empty()) return ShardMap({{0, shards}});
  if (shards < map.shards())
    return model::failure("cluster-shards",
                          fmt::format("the cluster has {}, the configuration only {}", map.text(), shards),
                          "shards of [cluster] must list all of them: what lies on a shard stays there");
  if (shards == map.shards()) return map;
  const std::uint32_t earliest = latest % 100 == 12 ? latest + 89 : latest + 1;
  const auto from = order.from.value_or(earliest);
  if (from < earliest)
    return model::failure(
        "usage", fmt::format("--from: new shards can be used from {:04}-{:02} on", earliest / 100, earliest % 100),
        "what lies on the others stays there, and so does what belongs to the same months");
  return united(map, ShardMap({{from, shards}}));
}

model::Result<void> make_schema(Client& client, const Place& place, std::size_t shard, const ShardMap& map,
                                const Replication& replication) {
  const std::string& db = place.database;
  TRY_VOID(client.run(fmt::format("CREATE DATABASE IF NOT EXISTS {}", db)));
  TRY(const bool has_table, has_program_table(client, place));
  if (has_table) TRY_VOID(check_makeable(client, place, shard));
  for (const auto& table : tables()) TRY_VOID(make_table(client, place, table, replication));
  TRY_VOID(make_local_table(client, place, writer_table(), replication));
  TRY_VOID(
      client.run(fmt::format("CREATE TABLE IF NOT EXISTS {}.map_local (from_month UInt32, shards UInt32, made_at"
                             " DateTime DEFAULT now()) ENGINE = ReplacingMergeTree ORDER BY (from_month, shards)",
                             db)));
  TRY_VOID(write_map(client, place, map));
  TRY_VOID(make_views(client, place));
  TRY_VOID(
      client.run(fmt::format("CREATE TABLE IF NOT EXISTS {}.program_local (shard UInt32, shards UInt32, version"
                             " UInt32, made_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY version",
                             db)));
  TRY(const auto version, count_of(client, fmt::format("SELECT max(version) FROM {}.program_local", db)));
  if (version == cluster_schema_version) return {};
  return client.run(fmt::format("INSERT INTO {}.program_local (shard, shards, version) VALUES ({}, {}, {})", db, shard,
                                place.shards.size(), cluster_schema_version));
}

}  // namespace ruaudit::cluster
