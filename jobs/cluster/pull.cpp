#include "jobs/cluster/pull.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "model/calendar.hpp"
#include "model/counted.hpp"
#include "store/pulled/pulled_writer.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::string_view judging_name = "cluster.db";

// What is there may be asked all the same, by somebody who knows of when it is.
model::Error with_former_state(model::Error error, const store::Database& database) {
  const auto state = store::pulled_state(database);
  if (!state || state->pulled_at == 0) return error;
  const auto second_of_day = state->pulled_at % model::seconds_per_day;
  error.hint += fmt::format("{}{} is as of {} {:02}:{:02} UTC; to use it, name it with --db, without --cluster",
                            error.hint.empty() ? "" : "; ", database.options().path, model::day_text(state->pulled_at),
                            second_of_day / 3600, second_of_day / 60 % 60);
  return error;
}

}  // namespace

std::string judging_path(const std::string& database_path) {
  const std::filesystem::path path(database_path);
  return path.filename() == judging_name ? database_path : (path.parent_path() / judging_name).string();
}

model::Result<PulledDatabase> pull_now(const PullPlan& plan) {
  TRY(auto database, store::Database::open({.path = plan.path}));
  TRY(auto lock, store::IngestLock::acquire(plan.path, plan.patience));
  auto place = plan.place;
  place.stop = stop_requested;
  auto counts =
      cluster::pull(database, {.place = std::move(place), .limits = {}, .now = epoch_now(), .stop = stop_requested});
  if (!counts) return model::failure(with_former_state(std::move(counts).error(), database));
  TRY(const auto reports, store::count_pulled_reports(database));
  return PulledDatabase{std::move(lock), std::move(database), *counts, reports};
}

std::string pull_line(const PulledDatabase& pulled) {
  const auto& counts = pulled.counts;
  std::string line = fmt::format("cluster: {}", model::counted(pulled.reports, "report"));
  if (counts.reports > 0) line += fmt::format(", {} new or changed here", counts.reports);
  if (counts.gone > 0) line += fmt::format(", {} gone", counts.gone);
  return line;
}

}  // namespace ruaudit::jobs
