// ruaudit cluster init|check|status|ship|pull|leave: a cluster of ClickHouse servers behind this database
// (docs/cluster.md). What cares for it is in cluster_care_commands.cpp.
#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/cluster_shards.hpp"
#include "cluster/care/replica_check.hpp"
#include "cluster/care/status.hpp"
#include "cluster/replica/writer.hpp"
#include "cluster/schema/schema.hpp"
#include "cluster/schema/servers.hpp"
#include "cluster/schema/shard_map.hpp"
#include "jobs/cluster/run.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "model/counted.hpp"
#include "store/outbox/outbox.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto cluster_options = with_configuration(std::array<OptionSpec, 0>{});
constexpr auto ship_options = with_configuration(std::array{
    OptionSpec{"backfill", OptionKind::flag, "", "also what was stored before the cluster was configured"},
    OptionSpec{"quiet", OptionKind::flag, "", "only errors"},
});

constexpr auto init_cluster_options = with_configuration(std::array{
    OptionSpec{"from", OptionKind::value, "YYYY-MM", "new shards are used from this month on; default: the next one"},
    OptionSpec{"promote", OptionKind::flag, "",
               "the first server of each shard takes over from the one that is written to"},
    now_option,
});
constexpr CommandSpec init_cluster_spec = {
    "cluster init",
    "[--from YYYY-MM | --promote] [--config FILE]",
    "Creates the tables on every shard, and makes this database note what is to be shipped.",
    init_cluster_options,
    0,
    0};
constexpr CommandSpec check_cluster_spec = {"cluster check",
                                            "[--config FILE]",
                                            "Tests whether every shard answers and matches the configuration.",
                                            cluster_options,
                                            0,
                                            0};
constexpr CommandSpec status_cluster_spec = {"cluster status",
                                             "[--config FILE]",
                                             "Shows what is waiting to be shipped, and what the shards hold.",
                                             cluster_options,
                                             0,
                                             0};
constexpr CommandSpec ship_cluster_spec = {
    "cluster ship", "[--backfill] [--config FILE]", "Ships what the cluster does not have yet.", ship_options, 0, 0};

constexpr CommandSpec leave_cluster_spec = {"cluster leave",
                                            "[--config FILE]",
                                            "Makes this database stop noting what is to be shipped.",
                                            cluster_options,
                                            0,
                                            0};

constexpr auto pull_options = with_configuration(std::array{now_option});
constexpr CommandSpec pull_cluster_spec = {
    "cluster pull",
    "[--config FILE]",
    "Brings cluster.db, the database that --cluster uses, up to date with the cluster.",
    pull_options,
    0,
    0};

// Every server that answers; of the others it is said what is wrong, and `code` is failure.
std::vector<cluster::ShardServer> all_servers(const cluster::Place& place, jobs::Console& console, ExitCode& code) {
  std::vector<cluster::ShardServer> servers;
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    for (std::size_t server = 0; server < place.shards[shard].size(); ++server) {
      auto client = cluster::Client::connect(place, shard, server);
      if (client) {
        servers.push_back({shard, server, std::move(*client)});
        continue;
      }
      jobs::print_error(console, client.error().in(fmt::format("shard {}", shard + 1)));
      code = ExitCode::failure;
    }
  }
  return servers;
}

std::string shard_text(const cluster::Client& client, const cluster::ShardMap& map) {
  return fmt::format("ClickHouse {}, tables of version {}, {}", client.version(), cluster::cluster_schema_version,
                     map.text());
}

// A server of a shard with several servers takes over from the one that was written to.
model::Result<ExitCode> promote_servers(const cluster::Place& place, jobs::Console& console) {
  auto code = ExitCode::success;
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    const auto promoted = [&]() -> model::Result<std::string> {
      TRY(auto client, cluster::Client::connect(place, shard));
      TRY_VOID(cluster::check_schema(client, place, shard));
      TRY(const auto replication, cluster::replication_of(client, place));
      if (!replication.is_there()) return std::string("is the only server of its shard");
      TRY(const bool is_new, cluster::promote(client, place));
      return std::string(is_new ? "is written to from now on" : "is written to already");
    }();
    if (tell_shard(console, shard, place.shards[shard].front(), promoted) != ExitCode::success)
      code = ExitCode::failure;
  }
  return code;
}

model::Result<ExitCode> make_cluster(const cluster::Place& place, const cluster::MapOrder& order,
                                     jobs::Console& console) {
  auto code = ExitCode::success;
  auto servers = all_servers(place, console, code);
  if (code != ExitCode::success) return code;
  TRY(const auto map, cluster::planned_map(servers, place, order));
  TRY(const auto replications, cluster::planned_replication(servers, place));
  for (std::size_t i = 0; i < servers.size(); ++i) {
    auto& one = servers[i];
    const auto made = [&]() -> model::Result<std::string> {
      TRY_VOID(cluster::make_schema(one.client, place, one.shard, map, replications[i]));
      if (one.server == 0) TRY_VOID(cluster::appoint_first(one.client, place));
      return shard_text(one.client, map);
    }();
    if (tell_shard(console, one.shard, one.client.url(), made) != ExitCode::success) code = ExitCode::failure;
  }
  return code;
}

model::Result<ExitCode> init_cluster(const Options& options, jobs::Console& console) {
  cluster::MapOrder order{.current_month = current_month(), .from = {}};
  if (const auto from = options.value("from")) {
    TRY(order.from, month_number("--from", *from));
    if (options.has("promote"))
      return model::failure("usage", "--promote and --from cannot be combined", "one after the other");
  }
  TRY(const auto opened_one, opened(options, console));
  if (options.has("promote")) return promote_servers(opened_one.place, console);
  TRY(const auto code, make_cluster(opened_one.place, order, console));
  if (code != ExitCode::success) return code;
  TRY(auto database, store::Database::open({.path = opened_one.path}));
  TRY_VOID(store::keep_outbox(database));
  TRY(const auto number, store::ingester_number(database));
  console.out << fmt::format("this database is ingester {:016x}; `ruaudit cluster ship --backfill` ships what it has\n",
                             number);
  return code;
}

model::Result<ExitCode> check_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto opened_one, opened(options, console));
  const auto& place = opened_one.place;
  auto code = ExitCode::success;
  auto servers = all_servers(place, console, code);
  cluster::ShardMap first;
  cluster::ReplicasSeen seen;
  for (auto& one : servers) {
    const auto checked = [&]() -> model::Result<std::string> {
      TRY_VOID(cluster::check_schema(one.client, place, one.shard));
      TRY_VOID(cluster::check_shards(one.client, place));
      TRY(const auto map, cluster::read_map(one.client, place));
      if (first.is_empty()) first = map;
      TRY_VOID(cluster::check_map(one.client, first, map));
      TRY(const auto replica, cluster::check_replica(one, place, seen));
      return shard_text(one.client, map) + replica;
    }();
    if (tell_shard(console, one.shard, one.client.url(), checked) != ExitCode::success) code = ExitCode::failure;
  }
  return code;
}

std::string backlog_line(const store::OutboxState& state) {
  if (!state.is_kept) return "this database notes nothing for a cluster; `ruaudit cluster init` changes that\n";
  return jobs::backlog_text(state, jobs::epoch_now()) + "\n";
}

model::Result<ExitCode> cluster_status(const Options& options, jobs::Console& console) {
  TRY(const auto opened_one, opened(options, console));
  if (std::error_code error; std::filesystem::exists(opened_one.path, error)) {
    TRY(auto database, store::Database::open({.path = opened_one.path, .access = store::Access::read_only}));
    TRY(const auto state, store::outbox_state(database));
    console.out << backlog_line(state);
  }
  const auto& place = opened_one.place;
  const auto state = [&place](cluster::Client& client, std::size_t) -> model::Result<std::string> {
    TRY(const auto held, cluster::held_by(client, place));
    return fmt::format("{} in {}, {} of {} sealed, last commit {}", model::counted(held.records, "record"),
                       model::counted(held.batches, "batch", "batches"), held.sealed_months,
                       model::counted(held.months, "month"), held.last_commit);
  };
  return each_shard(place, console, cluster::connect_reader, state);
}

model::Result<ExitCode> ship_to_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto opened_one, opened(options, console));
  TRY(auto database, store::Database::open({.path = opened_one.path}));
  jobs::catch_stop_signals();
  TRY(const auto counts, jobs::ship_now(database, {.place = opened_one.place,
                                                   .database_path = opened_one.path,
                                                   .delay_seconds = 0,
                                                   .backfill = options.has("backfill")}));
  for (const auto& error : counts.errors) jobs::print_error(console, error);
  if (!options.has("quiet")) console.err << jobs::ship_line(counts) << '\n';
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("what was committed is shipped"));
  return counts.errors.empty() ? ExitCode::success : ExitCode::failure;
}

model::Result<ExitCode> pull_from_cluster(const Options& options, jobs::Console& console) {
  jobs::catch_stop_signals();
  TRY_VOID(pull_cluster(options, console, AfterPull::enrich));
  return ExitCode::success;
}

// Also where the configuration has no [cluster] any more.
model::Result<ExitCode> leave_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto path, database_path(options, loaded));
  if (loaded.configuration.cluster.is_configured())
    return model::failure("cluster-configured", "the configuration still has a section [cluster]",
                          "remove it first, or the next run notes reports again");
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY_VOID(store::drop_outbox(database));
  console.out << "this database no longer notes anything for a cluster\n";
  return ExitCode::success;
}

}  // namespace

const Command cluster_init_command = {&init_cluster_spec, guarded<init_cluster>};
const Command cluster_check_command = {&check_cluster_spec, guarded<check_cluster>};
const Command cluster_status_command = {&status_cluster_spec, guarded<cluster_status>};
const Command cluster_ship_command = {&ship_cluster_spec, guarded<ship_to_cluster>};
const Command cluster_pull_command = {&pull_cluster_spec, guarded<pull_from_cluster>};
const Command cluster_leave_command = {&leave_cluster_spec, guarded<leave_cluster>};

}  // namespace ruaudit::cli
