#include "cluster/care/status.hpp"

#include <fmt/format.h>

#include "cluster/care/seal_runs.hpp"
#include "cluster/rows/batch_rows.hpp"
#include "cluster/server/answer.hpp"
#include "model/counted.hpp"

namespace ruaudit::cluster {
namespace {

std::uint64_t number_at(const Rows& rows, std::size_t column) {
  return rows.rows.empty() ? 0 : number_of(rows.rows[0][column]);
}

// `rows`: number of a shard in remote_servers, and of its servers there.
model::Result<void> check_servers(const Client& client, const Place& place, const Rows& rows) {
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    const auto servers = number_of(rows.rows[shard][1]);
    if (servers == place.shards[shard].size()) continue;
    return model::failure("cluster-shards",
                          fmt::format("{}: remote_servers lists {} of shard {}, the configuration {}", client.url(),
                                      model::counted(servers, "server"), shard + 1, place.shards[shard].size()),
                          "remote_servers in the configuration of every server must list all servers of each shard, one"
                          " <replica> each");
  }
  return {};
}

}  // namespace

model::Result<Held> held_by(Client& client, const Place& place) {
  TRY(const auto rows, client.ask(fmt::format(
                                      R"(
    SELECT sum(c), sum(r), sum(n), toString(max(at)), countIf(m > 0), countIf(m > 0 AND shipped = 0 AND runs = 1) FROM (
      SELECT m, count() AS c, sum(r1) AS r, sum(n1) AS n, max(at1) AS at, countIf(i != {1}) AS shipped,
        uniqExact(bitShiftRight(batch, {2})) AS runs
      FROM (SELECT batch, max(reports) AS r1, max(records) AS n1, max(month) AS m, max(ingester) AS i,
        max(made_at) AS at1 FROM {0}.batch_local GROUP BY batch HAVING max(state) = 1) GROUP BY m))",
                                      place.database, sealing_ingester, seal_run_bits),
                                  6));
  Held held{number_at(rows, 0), number_at(rows, 1), number_at(rows, 2), number_at(rows, 4), number_at(rows, 5), "none"};
  if (held.batches > 0) held.last_commit = rows.rows[0][3].value_or("none");
  return held;
}

model::Result<void> check_shards(Client& client, const Place& place) {
  TRY(const auto rows,
      client.ask(fmt::format("SELECT shard_num, count() FROM system.clusters WHERE cluster = '{}' GROUP BY shard_num"
                             " ORDER BY shard_num",
                             place.name),
                 2));
  const auto number = rows.rows.size();
  if (number == place.shards.size()) return check_servers(client, place, rows);
  return model::failure("cluster-shards",
                        fmt::format("{}: remote_servers lists {} by the name '{}', the configuration {}", client.url(),
                                    model::counted(number, "shard"), place.name, place.shards.size()),
                        "remote_servers in the configuration of every server must list all shards in the same order");
}

}  // namespace ruaudit::cluster
