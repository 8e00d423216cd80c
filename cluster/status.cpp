#include "cluster/status.hpp"

#include <fmt/format.h>

#include "cluster/answer.hpp"
#include "cluster/batch_rows.hpp"
#include "cluster/seal_runs.hpp"
#include "model/counted.hpp"

namespace ruaudit::cluster {
namespace {

std::uint64_t number_at(const Rows& rows, std::size_t column) {
  return rows.rows.empty() ? 0 : number_of(rows.rows[0][column]);
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
      client.ask(
          fmt::format(
              "SELECT count() FROM (SELECT shard_num FROM system.clusters WHERE cluster = '{}' GROUP BY shard_num)",
              place.name),
          1));
  const auto number = number_at(rows, 0);
  if (number == place.shards.size()) return {};
  return model::failure("cluster-shards",
                        fmt::format("{}: remote_servers lists {} by the name '{}', the configuration {}", client.url(),
                                    model::counted(number, "shard"), place.name, place.shards.size()),
                        "remote_servers in the configuration of every server must list all shards in the same order");
}

}  // namespace ruaudit::cluster
