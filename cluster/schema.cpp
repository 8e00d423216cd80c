#include "cluster/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "cluster/answer.hpp"
#include "cluster/rows.hpp"
#include "cluster/tls_rows.hpp"
#include "cluster/views.hpp"

namespace ruaudit::cluster {
namespace {

struct Table {
  std::string_view name;
  std::string columns;
  std::string_view engine;
};

// By it attempts that died are told from those on their way.
constexpr const char* made_at = ", made_at DateTime DEFAULT now()";

// ReplacingMergeTree: a block that a proxy sent twice counts once after the next merge, and its rows are equal anyway.
std::vector<Table> tables() {
  return {
      {"record", RecordRows().block().definitions() + made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (policy_domain, day, identity_key, batch, row_number)"},
      {"report", ReportRows().block().definitions() + made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (policy_domain, day, identity_key, batch)"},
      {"tls_report", TlsReportRows().block().definitions() + made_at,
       "ReplacingMergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, identity_key, batch)"},
      {"by_identity", HeaderRows().block().definitions() + made_at,
       "ReplacingMergeTree ORDER BY (identity_key, batch) SETTINGS index_granularity = 256"},
      {"contested", "identity_key FixedString(16)", "ReplacingMergeTree ORDER BY identity_key"},
      {"batch",
       "batch UInt64, month UInt32, state UInt8, ingester UInt64, reports UInt32, records UInt64, made_at DateTime "
       "DEFAULT"
       " now()",
       "ReplacingMergeTree ORDER BY (month, batch, state)"},
      {"ingester", "ingester UInt64, name String, seen_at DateTime DEFAULT now()",
       "ReplacingMergeTree ORDER BY (ingester, name)"},
  };
}

model::Result<std::uint64_t> count_of(Client& client, const std::string& select) {
  TRY(const auto rows, client.ask(select, 1));
  return rows.rows.empty() ? 0 : number_of(rows.rows[0][0]);
}

model::Result<bool> has_program_table(Client& client, const Place& place) {
  TRY(const auto count,
      count_of(client, fmt::format("SELECT count() FROM system.tables WHERE database = '{}' AND name ="
                                   " 'program_local'",
                                   place.database)));
  return count != 0;
}

}  // namespace

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
  if (number(2) > cluster_schema_version)
    return model::failure("cluster-newer",
                          fmt::format("{}: the tables are of version {}, this program knows {}", client.url(),
                                      number(2), cluster_schema_version),
                          "use the version of ruaudit that made them; nothing is lost here meanwhile");
  if (number(0) != shard || number(1) != place.shards.size())
    return model::failure("cluster-shards",
                          fmt::format("{} is shard {} of {}, but the configuration has it as shard {} of {}",
                                      client.url(), number(0) + 1, number(1), shard + 1, place.shards.size()),
                          "shards of [cluster] must list the servers as they were listed at `ruaudit cluster init`");
  if (number(2) < cluster_schema_version)
    return model::failure("cluster-older",
                          fmt::format("{}: the tables are of version {}, this program's are of version {}",
                                      client.url(), number(2), cluster_schema_version),
                          "run `ruaudit cluster init`: it adds what is missing");
  return {};
}

model::Result<void> make_schema(Client& client, const Place& place, std::size_t shard) {
  const std::string& db = place.database;
  TRY_VOID(client.run(fmt::format("CREATE DATABASE IF NOT EXISTS {}", db)));
  TRY(const bool has_table, has_program_table(client, place));
  if (has_table) {
    auto checked = check_schema(client, place, shard);
    if (!checked && checked.error().code != "cluster-schema-missing" && checked.error().code != "cluster-older")
      return checked;
  }
  for (const auto& table : tables()) {
    TRY_VOID(client.run(fmt::format("CREATE TABLE IF NOT EXISTS {}.{}_local ({}) ENGINE = {}", db, table.name,
                                    table.columns, table.engine)));
    TRY_VOID(client.run(fmt::format("CREATE TABLE IF NOT EXISTS {}.{} ({}) ENGINE = Distributed({}, {}, {}_local)", db,
                                    table.name, table.columns, place.name, db, table.name)));
  }
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
