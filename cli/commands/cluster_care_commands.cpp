// ruaudit cluster audit|seal|collect: care for what a cluster holds (docs/cluster.md).
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/cluster_shards.hpp"
#include "cluster/care/care.hpp"
#include "cluster/care/seal.hpp"
#include "cluster/schema/servers.hpp"
#include "model/counted.hpp"

namespace ruaudit::cli {
namespace {

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

constexpr std::uint64_t least_dead_hours = cluster::least_dead_seconds / 3600;

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

}  // namespace

const Command cluster_audit_command = {&audit_cluster_spec, guarded<audit_cluster>};
const Command cluster_seal_command = {&seal_cluster_spec, guarded<seal_cluster>};
const Command cluster_collect_command = {&collect_cluster_spec, guarded<collect_cluster>};

}  // namespace ruaudit::cli
