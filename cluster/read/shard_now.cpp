#include "cluster/read/shard_now.hpp"

#include <fmt/format.h>

#include "cluster/replica/replica.hpp"
#include "cluster/rows/batch_rows.hpp"
#include "cluster/schema/servers.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

model::Result<void> read_shard(ShardNow& shard, const Place& place) {
  TRY(const auto batches, shard.client.ask(fmt::format(R"(
    SELECT batch, max(month), max(records), max(state), max(ingester) FROM {}.batch_local GROUP BY batch
    HAVING max(state) IN (1, 3) OR (max(state) = 2 AND max(ingester) = {} AND max(month) > 0))",
                                                       place.database, sealing_ingester),
                                           5));
  for (const auto& row : batches.rows) {
    const auto batch = number_of(row[0]);
    const auto month = static_cast<unsigned>(number_of(row[1]));
    const auto state = static_cast<BatchState>(number_of(row[3]));
    if (state == BatchState::sealed)
      shard.sealed[batch] = month;
    else if (state == BatchState::dead)
      shard.revoked_seals[batch] = month;
    else
      shard.committed[batch] = {number_of(row[2]), month, number_of(row[4]) == sealing_ingester};
  }
  TRY(const auto names,
      shard.client.ask(
          fmt::format("SELECT ingester, max(name) FROM {}.ingester_local GROUP BY ingester", place.database), 2));
  for (const auto& row : names.rows) shard.ingesters[number_of(row[0])] = row[1].value_or("");
  return {};
}

}  // namespace

model::Result<std::vector<ShardNow>> read_shards(const Place& place) {
  std::vector<ShardNow> shards;
  for (std::size_t number = 0; number < place.shards.size(); ++number) {
    TRY(auto client, connect_reader(place, number));
    shards.push_back({number, std::move(client)});
    TRY_VOID(read_shard(shards.back(), place));
    // A commit may be fetched before its rows are.
    TRY_VOID(check_readable(shards.back().client, place));
    TRY(const auto state, replica_state(shards.back().client, place));
    shards.back().may_lack = state.is_read_only;
  }
  return shards;
}

}  // namespace ruaudit::cluster
