#include "cluster/replica/writer.hpp"

#include <fmt/format.h>

#include "cluster/mutant.hpp"
#include "cluster/replica/replica.hpp"
#include "cluster/server/answer.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::cluster {
namespace {

constexpr std::chrono::seconds longest_promotion{60};

model::Result<void> write_writer(Client& client, const Place& place, std::uint64_t number, const std::string& server,
                                 bool is_ready) {
  return client.run(fmt::format("INSERT INTO {}.writer_local (number, server, is_ready) VALUES ({}, '{}', {})",
                                place.database, number, server, is_ready ? 1 : 0));
}

model::Error not_the_writer(const Client& client, const std::optional<Writer>& writer) {
  if (!writer)
    return {"cluster-writer", client.url() + ": its shard has no server yet that is written to",
            "run `ruaudit cluster init`"};
  if (!writer->is_ready)
    return {"cluster-writer",
            fmt::format("{}: {} is being made the server that is written to", client.url(), writer->server),
            "run `ruaudit cluster init --promote` to its end, with that server first in its shard"};
  return {
      "cluster-writer",
      fmt::format("{} is not the server of its shard that is written to: that is {} since {} UTC", client.url(),
                  writer->server, writer->since),
      "shards of [cluster] must name that one first; or make this one the writer: `ruaudit cluster init --promote`"};
}

}  // namespace

model::Result<std::optional<Writer>> read_writer(Client& client, const Place& place) {
  TRY(const auto found, client.ask(fmt::format("SELECT number, server, is_ready, toString(made_at) FROM {}.writer_local"
                                               " ORDER BY number DESC, server DESC, is_ready DESC LIMIT 1",
                                               place.database),
                                   4));
  if (found.rows.empty()) return std::optional<Writer>{};
  const auto& row = found.rows[0];
  return std::optional<Writer>{{number_of(row[0]), row[1].value_or(""), number_of(row[2]) != 0, row[3].value_or("")}};
}

model::Result<void> check_writer(Client& client, const Place& place) {
  TRY(const auto own, replication_of(client, place));
  if (!own.is_there() || is_mutant(Mutant::any_writer)) return {};
  TRY_VOID(check_complete(client, place));
  TRY(const auto writer, read_writer(client, place));
  if (writer && writer->is_ready && writer->server == own.name) return {};
  return model::failure(not_the_writer(client, writer));
}

model::Result<void> appoint_first(Client& client, const Place& place) {
  TRY(const auto own, replication_of(client, place));
  if (!own.is_there()) return {};
  TRY_VOID(check_complete(client, place));
  TRY(const auto writer, read_writer(client, place));
  return writer ? model::Result<void>{} : write_writer(client, place, 1, own.name, true);
}

model::Result<bool> promote(Client& client, const Place& place) {
  TRY(const auto own, replication_of(client, place));
  if (!own.is_there())
    return model::failure("cluster-replicas", client.url() + ": its tables are not replicated",
                          "only a server of a replicated shard can take over from another");
  TRY_VOID(check_complete(client, place));
  TRY(const auto former, read_writer(client, place));
  const bool is_begun = former && former->server == own.name;
  if (is_begun && former->is_ready) return false;
  const auto number = (former ? former->number : 0) + (is_begun ? 0 : 1);
  // Also where it is there: what was logged before this insert is read by this server after it.
  TRY_VOID(write_writer(client, place, number, own.name, false));
  RUAUDIT_FAIL_POINT("cluster.promoting");
  TRY_VOID(check_complete(client, place, longest_promotion));
  TRY(const auto now, read_writer(client, place));
  if (!now || now->number != number || now->server != own.name) return model::failure(not_the_writer(client, now));
  TRY_VOID(write_writer(client, place, number, own.name, true));
  return true;
}

}  // namespace ruaudit::cluster
