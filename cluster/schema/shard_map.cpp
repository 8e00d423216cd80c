#include "cluster/schema/shard_map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/server/answer.hpp"
#include "model/counted.hpp"

namespace ruaudit::cluster {
namespace {

model::Result<bool> has_table_of(Client& client, const Place& place, std::string_view table) {
  TRY(const auto found,
      client.ask(
          fmt::format("SELECT count() FROM system.tables WHERE database = '{}' AND name = '{}'", place.database, table),
          1));
  return !found.rows.empty() && number_of(found.rows[0][0]) != 0;
}

constexpr std::uint32_t no_month = 999'999;

// Reports without dates lie where the first shards have them.
constexpr const char* misplaced_sql = R"(
  SELECT count() FROM {0}.{1} WHERE toYYYYMM(day) >= {2} AND toYYYYMM(day) < {3}
    AND (isNotNull(date_begin) OR isNotNull(date_end)) AND reinterpretAsUInt64(identity_key) % {4} != {5}
    AND batch IN (SELECT batch FROM {0}.batch_local GROUP BY batch HAVING max(state) = 1))";

}  // namespace

std::string month_text(std::uint32_t month) { return fmt::format("{:04}-{:02}", month / 100, month % 100); }

std::size_t shard_of(const store::Digest& identity_key, std::size_t shards) {
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) number = number << 8U | identity_key[i];
  return static_cast<std::size_t>(number % shards);
}

std::uint32_t month_of_day(const std::string& day) {
  return day.size() < 7 ? 0 : static_cast<std::uint32_t>(std::stoul(day.substr(0, 4) + day.substr(5, 2)));
}

ShardMap::ShardMap(std::vector<MapEntry> entries) : entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end());
}

std::size_t ShardMap::shard_of_month(const store::Digest& identity_key, std::uint32_t month) const {
  const auto later = std::find_if(entries_.begin(), entries_.end(),
                                  [month](const MapEntry& entry) { return entry.from_month > month; });
  return shard_of(identity_key, later == entries_.begin() ? entries_.front().shards : std::prev(later)->shards);
}

std::vector<std::size_t> ShardMap::possible_shards(const store::Digest& identity_key) const {
  std::vector<std::size_t> shards;
  for (const auto& entry : entries_) {
    const auto shard = shard_of(identity_key, entry.shards);
    if (std::find(shards.begin(), shards.end(), shard) == shards.end()) shards.push_back(shard);
  }
  return shards;
}

std::string ShardMap::text() const {
  if (entries_.empty()) return "no shards";
  auto text = model::counted(entries_.front().shards, "shard");
  for (std::size_t i = 1; i < entries_.size(); ++i)
    text += fmt::format(", from {} on {}", month_text(entries_[i].from_month), entries_[i].shards);
  return text;
}

model::Result<ShardMap> united(const ShardMap& one, const ShardMap& other) {
  auto entries = one.entries();
  for (const auto& entry : other.entries())
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(entry);
  ShardMap map(std::move(entries));
  for (std::size_t i = 1; i < map.entries().size(); ++i) {
    const auto &before = map.entries()[i - 1], &after = map.entries()[i];
    if (before.from_month < after.from_month && before.shards < after.shards) continue;
    return model::failure(
        "cluster-map", fmt::format("the servers have different maps of shards: {}, and {}", one.text(), other.text()),
        "are they servers of one cluster? `ruaudit cluster check` tells what each of them says");
  }
  return map;
}

model::Result<ShardMap> read_map(Client& client, const Place& place) {
  TRY(const bool has_table, has_table_of(client, place, "map_local"));
  if (!has_table) return ShardMap{};
  TRY(const auto found,
      client.ask(fmt::format("SELECT DISTINCT from_month, shards FROM {}.map_local", place.database), 2));
  std::vector<MapEntry> entries;
  for (const auto& row : found.rows)
    entries.push_back({static_cast<std::uint32_t>(number_of(row[0])), static_cast<std::uint32_t>(number_of(row[1]))});
  return united(ShardMap{}, ShardMap(std::move(entries)));
}

model::Result<void> check_lacking(Client& client, const Place& place, std::size_t shard, const ShardMap& map,
                                  const ShardMap& of_server) {
  const auto& known = of_server.entries();
  for (std::size_t i = 0; i < map.entries().size() && !known.empty(); ++i) {
    const auto& entry = map.entries()[i];
    if (std::find(known.begin(), known.end(), entry) != known.end()) continue;
    const auto until = i + 1 < map.entries().size() ? map.entries()[i + 1].from_month : no_month;
    std::uint64_t misplaced = 0;
    for (const std::string_view table : {"report_local", "tls_report_local"}) {
      TRY(const bool has_table, has_table_of(client, place, table));
      if (!has_table) continue;
      TRY(const auto found,
          client.ask(fmt::format(misplaced_sql, place.database, table, entry.from_month, until, entry.shards, shard),
                     1));
      misplaced += found.rows.empty() ? 0 : number_of(found.rows[0][0]);
    }
    if (misplaced == 0) continue;
    return model::failure(
        "cluster-map",
        fmt::format("{} does not know that there are {} from {} on, and holds {} that belong to another one by that",
                    client.url(), model::counted(entry.shards, "shard"), month_text(entry.from_month),
                    model::counted(misplaced, "report")),
        "complete shards of [cluster] on the ingester that shipped them, delete the rows of these months from the "
        "tables"
        " of that server, run init again, and then `ruaudit cluster ship --backfill` on every ingester");
  }
  return {};
}

model::Result<void> write_map(Client& client, const Place& place, const ShardMap& map) {
  TRY(const auto there, read_map(client, place));
  for (const auto& entry : map.entries()) {
    const auto& known = there.entries();
    if (std::find(known.begin(), known.end(), entry) != known.end()) continue;
    TRY_VOID(client.run(fmt::format("INSERT INTO {}.map_local (from_month, shards) VALUES ({}, {})", place.database,
                                    entry.from_month, entry.shards)));
  }
  return {};
}

model::Result<void> check_map(const Client& client, const ShardMap& map, const ShardMap& of_server) {
  if (map == of_server) return {};
  return model::failure("cluster-map",
                        fmt::format("{} has another map of shards ({}) than the servers before it ({})", client.url(),
                                    of_server.text(), map.text()),
                        "run `ruaudit cluster init` with all shards running: it completes the map");
}

model::Result<std::uint32_t> latest_month(Client& client, const Place& place) {
  TRY(const bool has_table, has_table_of(client, place, "batch_local"));
  if (!has_table) return 0;
  TRY(const auto found, client.ask(fmt::format("SELECT max(month) FROM {}.batch_local", place.database), 1));
  return found.rows.empty() ? 0 : static_cast<std::uint32_t>(number_of(found.rows[0][0]));
}

}  // namespace ruaudit::cluster
