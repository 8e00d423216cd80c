// Which shard a report lies on. A month has a number of shards, the first ones of [cluster]: when shards are added,
// later months use them, and what lies anywhere stays there. So all versions of a report meet on one shard, whichever
// ingester ships them and whenever. Every shard has the whole map (map_local); it changes only for months to come.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "cluster/server/client.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::cluster {

// The shard of a report: the first eight octets of its key, little-endian, modulo the number of shards.
std::size_t shard_of(const store::Digest& identity_key, std::size_t shards);

// "2026-09"
std::string month_text(std::uint32_t month);

// "2026-09-30" as 202609; 0 for what is no day.
std::uint32_t month_of_day(const std::string& day);

struct MapEntry {
  std::uint32_t from_month = 0;  // 202702; of the first entry 0
  std::uint32_t shards = 0;
  auto operator<=>(const MapEntry&) const = default;
};

class ShardMap {
 public:
  ShardMap() = default;
  // Each from_month once, in any order.
  explicit ShardMap(std::vector<MapEntry> entries);

  [[nodiscard]] bool is_empty() const { return entries_.empty(); }
  [[nodiscard]] const std::vector<MapEntry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t shards() const { return entries_.empty() ? 0 : entries_.back().shards; }

  // A report without dates has the day of its arrival, which each ingester sees otherwise: month 0.
  [[nodiscard]] std::size_t shard_of_month(const store::Digest& identity_key, std::uint32_t month) const;
  // Every shard on which it may lie when nothing is known but its key.
  [[nodiscard]] std::vector<std::size_t> possible_shards(const store::Digest& identity_key) const;

  // "2 shards", "2 shards, from 2027-02 on 3"
  [[nodiscard]] std::string text() const;
  bool operator==(const ShardMap&) const = default;

 private:
  std::vector<MapEntry> entries_;
};

// Error "cluster-map": they say different things of one month, or a later month has fewer shards.
model::Result<ShardMap> united(const ShardMap& one, const ShardMap& other);

// Empty where there is no table for it.
model::Result<ShardMap> read_map(Client& client, const Place& place);
// Errors: "cluster-map": the server lacks entries of `map`, and holds reports of their months that lie elsewhere by
// them: with the whole map they would count on two shards.
model::Result<void> check_lacking(Client& client, const Place& place, std::size_t shard, const ShardMap& map,
                                  const ShardMap& of_server);
// Adds the entries that are not there.
model::Result<void> write_map(Client& client, const Place& place, const ShardMap& map);

// Errors: "cluster-map": the server has another map, so that what it holds might count twice.
model::Result<void> check_map(const Client& client, const ShardMap& map, const ShardMap& of_server);

// The latest month of which the server holds anything; 0 where it has no tables.
model::Result<std::uint32_t> latest_month(Client& client, const Place& place);

}  // namespace ruaudit::cluster
