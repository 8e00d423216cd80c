// The tables and views of a cluster, and whether a server has them. On every shard:
//
//   record_local       rows of reports, with the names and results that views show
//   report_local       their headers
//   tls_report_local   SMTP TLS reports, each with all that it says (tls_rows.hpp)
//   failure_local      what is known of failure reports (failure_rows.hpp)
//   by_identity_local  of every header what ranks it: which versions there are of a report
//   contested_local    reports with several headers
//   batch_local        a row with state 1 is the commit of a batch
//   ingester_local     who ships here
//   map_local          from which month on there are how many shards (shard_map.hpp)
//   program_local      number of the shard, of how many, and the version of all this
//   writer_local       which of several servers of the shard is written to (writer.hpp)
//
// `record`, `report`, ... without `_local` are Distributed tables over all shards. Nothing is changed in place. Of a
// shard with several servers all `_local` tables but map and program are replicated (replica.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cluster/replica/replica.hpp"
#include "cluster/schema/shard_map.hpp"
#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

inline constexpr std::uint32_t cluster_schema_version =
    3;  // 2: SMTP TLS reports; 3: sealing, map of shards, failure reports

// Makes what is not there yet, entries of the map too. Errors of check_schema() but "cluster-older".
model::Result<void> make_schema(Client& client, const Place& place, std::size_t shard, const ShardMap& map,
                                const Replication& replication);

// Names of the tables that a server must have, all replicated or none.
std::vector<std::string> replicated_tables();

// The map that the servers have together, with as many shards as the configuration has: new ones are used from the
// month `from` on, or from the one after this month and all that the servers hold. Nothing is written. Errors: "usage"
// (`from` is not after those, or no shard is new), "cluster-map", "cluster-shards" (the configuration has fewer than
// they had).
struct MapOrder {
  std::uint32_t current_month = 0;
  std::optional<std::uint32_t> from;
};
model::Result<ShardMap> planned_map(std::span<ShardServer> servers, const Place& place, const MapOrder& order);

// Errors: "cluster-schema-missing" (never initialised), "cluster-older" (not since this program came), "cluster-newer"
// (by a newer program), "cluster-shards" (the
// server is another shard, or one of another number of shards, than the configuration says), "cluster-replicas".
model::Result<void> check_schema(Client& client, const Place& place, std::size_t shard);

}  // namespace ruaudit::cluster
