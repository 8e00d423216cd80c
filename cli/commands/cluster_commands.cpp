// ruaudit cluster init|check|status|ship|seal|audit|collect|pull|leave: a cluster of ClickHouse servers behind this
// database (docs/cluster.md).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/cluster_place.hpp"
#include "cluster/care/care.hpp"
#include "cluster/care/replica_check.hpp"
#include "cluster/care/seal.hpp"
#include "cluster/care/status.hpp"
#include "cluster/replica/writer.hpp"
#include "cluster/schema/schema.hpp"
#include "cluster/schema/servers.hpp"
#include "cluster/schema/shard_map.hpp"
#include "jobs/cluster/run.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "model/calendar.hpp"
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

constexpr auto audit_options = with_configuration(std::array{
    OptionSpec{"repair", OptionKind::flag, "", "take such batches out of the sums, so that they can be shipped again"},
});
constexpr auto collect_options = with_configuration(std::array{
    OptionSpec{"older-than", OptionKind::value, "HOURS",
               "attempts that have paused for this long, 1 or more; default 24"},
});
constexpr CommandSpec audit_cluster_spec = {
    "cluster audit", "[--repair] [--config FILE]", "Lists committed batches that have lost rows.", audit_options, 0, 0};
constexpr auto seal_options = with_configuration(std::array{
    OptionSpec{"month", OptionKind::value, "YYYY-MM", "this month, however quiet it is; it must be over"},
    OptionSpec{"quiet-for", OptionKind::value, "HOURS", "months whose last commit is as long ago; default 24"},
    now_option,
});
constexpr CommandSpec seal_cluster_spec = {"cluster seal",
                                           "[--month YYYY-MM] [--quiet-for HOURS] [--config FILE]",
                                           "Writes months that are over into few batches, each report's content once.",
                                           seal_options,
                                           0,
                                           0};
constexpr CommandSpec collect_cluster_spec = {"cluster collect",
                                              "[--older-than HOURS] [--config FILE]",
                                              "Removes what uncommitted attempts and sealing have left on the shards.",
                                              collect_options,
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

constexpr std::uint64_t least_dead_hours = cluster::least_dead_seconds / 3600;

struct Opened {
  cluster::Place place;
  std::string path;
};

model::Result<Opened> opened(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(auto place, place_of(loaded.configuration.cluster, console));
  TRY(auto path, database_path(options, loaded));
  return Opened{std::move(place), std::move(path)};
}

// Prints what a server says, or what is wrong with it.
ExitCode tell_shard(jobs::Console& console, std::size_t shard, const std::string& url,
                    const model::Result<std::string>& done) {
  if (done) {
    console.out << jobs::printable(fmt::format("shard {}: {}: {}", shard + 1, url, *done)) << '\n';
    return ExitCode::success;
  }
  jobs::print_error(console, done.error().in(fmt::format("shard {}", shard + 1)));
  return ExitCode::failure;
}

// Calls use(client, shard) for one server of each shard, by `connect`; what is wrong with one shard does not keep the
// others from being asked.
template <class Connect, class Use>
ExitCode each_shard(const cluster::Place& place, jobs::Console& console, const Connect& connect, const Use& use) {
  auto code = ExitCode::success;
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    auto client = connect(place, shard);
    const auto done = client ? use(*client, shard) : model::Result<std::string>(model::failure(client.error()));
    if (tell_shard(console, shard, client ? client->url() : "", done) != ExitCode::success) code = ExitCode::failure;
  }
  return code;
}

// "2026-09" as 202609.
model::Result<std::uint32_t> month_number(std::string_view option, std::string_view text) {
  const auto day = model::parse_day(std::string(text) + "-01");
  if (text.size() == 7 && day) return cluster::month_of_day(std::string(text));
  return model::failure("usage", fmt::format("{}: '{}' is not a month", option, jobs::printable(text.substr(0, 80))),
                        "for example 2026-09");
}

std::uint32_t current_month() { return cluster::month_of_day(model::day_text(jobs::epoch_now())); }

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

std::string lost_text(const std::vector<cluster::LostBatch>& lost, bool is_repaired) {
  if (lost.empty()) return "every committed batch is complete";
  std::uint64_t records = 0, reports = 0, rows = 0;
  for (const auto& one : lost) {
    records += one.records - std::min(one.records, one.found_records);
    reports += one.reports;
    rows += one.reports - std::min({one.reports, one.found_reports, one.found_headers});
  }
  return fmt::format(
      "{} with {} {} lost {}{}", model::counted(lost.size(), "batch", "batches"), model::counted(reports, "report"),
      lost.size() == 1 ? "has" : "have",
      rows == 0 ? model::counted(records, "record")
                : fmt::format("{} and {}", model::counted(rows, "header"), model::counted(records, "record")),
      is_repaired ? "; they no longer count: run `ruaudit cluster ship --backfill` on each ingester" : "");
}

model::Result<ExitCode> audit_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto opened_one, opened(options, console));
  const auto& place = opened_one.place;
  bool has_lost = false;
  const bool repairs = options.has("repair");
  const auto audited = [&](cluster::Client& client, std::size_t) -> model::Result<std::string> {
    TRY(const auto lost, cluster::find_lost(client, place));
    has_lost = has_lost || !lost.empty();
    if (repairs && !lost.empty()) TRY_VOID(cluster::revoke(client, place, lost));
    return lost_text(lost, repairs);
  };
  const auto code = each_shard(place, console, repairs ? cluster::connect_writer : cluster::connect_reader, audited);
  return code == ExitCode::success && has_lost ? ExitCode::rejected : code;
}

std::string collected_text(const cluster::Collected& collected) {
  if (collected.dead + collected.sealed == 0) return "nothing to remove";
  const auto dead = model::counted(collected.dead, "dead attempt");
  if (collected.sealed == 0) return dead + " removed";
  return fmt::format("{} and {} removed", dead, model::counted(collected.sealed, "sealed batch", "sealed batches"));
}

model::Result<ExitCode> collect_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto opened_one, opened(options, console));
  TRY(const auto hours, options.number("older-than", least_dead_hours, std::uint64_t{24} * 366));
  const auto seconds = static_cast<std::int64_t>(hours.value_or(24)) * 3600;
  const auto& place = opened_one.place;
  const auto collect = [&](cluster::Client& client, std::size_t) -> model::Result<std::string> {
    TRY(const auto collected, cluster::collect_dead(client, place, seconds));
    TRY_VOID(cluster::collect_marks(client, place, seconds));
    return collected_text(collected);
  };
  return each_shard(place, console, cluster::connect_writer, collect);
}

std::string sealed_text(const cluster::SealCounts& counts) {
  if (counts.months == 0) return "nothing to seal";
  return fmt::format("{} sealed: {} with {} and {} became {} with {} and {}", model::counted(counts.months, "month"),
                     model::counted(counts.batches_before, "batch", "batches"),
                     model::counted(counts.reports_before, "report"), model::counted(counts.records_before, "record"),
                     model::counted(counts.batches, "batch", "batches"), model::counted(counts.reports, "report"),
                     model::counted(counts.records, "record"));
}

model::Result<ExitCode> seal_cluster(const Options& options, jobs::Console& console) {
  TRY(const auto hours, options.number("quiet-for", 0, std::uint64_t{24} * 366));
  cluster::SealOrder order{.month = {},
                           .current_month = current_month(),
                           .quiet_seconds = static_cast<std::int64_t>(hours.value_or(24)) * 3600};
  if (const auto month = options.value("month")) {
    TRY(order.month, month_number("--month", *month));
    if (*order.month >= order.current_month)
      return model::failure("usage", fmt::format("--month {}: it is not over", *month), "what is over can be sealed");
  }
  TRY(const auto opened_one, opened(options, console));
  const auto& place = opened_one.place;
  const auto seal = [&](cluster::Client& client, std::size_t) -> model::Result<std::string> {
    TRY(const auto counts, cluster::seal(client, place, order));
    return sealed_text(counts);
  };
  return each_shard(place, console, cluster::connect_writer, seal);
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
const Command cluster_audit_command = {&audit_cluster_spec, guarded<audit_cluster>};
const Command cluster_seal_command = {&seal_cluster_spec, guarded<seal_cluster>};
const Command cluster_collect_command = {&collect_cluster_spec, guarded<collect_cluster>};
const Command cluster_leave_command = {&leave_cluster_spec, guarded<leave_cluster>};

}  // namespace ruaudit::cli
