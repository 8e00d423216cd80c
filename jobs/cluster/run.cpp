#include "jobs/cluster/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "model/counted.hpp"
#include "store/care/ingest_lock.hpp"

namespace ruaudit::jobs {
namespace {

std::string ingester_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string span_text(std::int64_t seconds) {
  if (seconds < 120) return model::counted(seconds < 0 ? 0 : seconds, "second");
  if (seconds < 7200) return model::counted(seconds / 60, "minute");
  if (seconds < 172'800) return model::counted(seconds / 3600, "hour");
  return model::counted(seconds / 86'400, "day");
}

}  // namespace

model::Result<cluster::ShipCounts> ship_now(store::Database& database, const ShipPlan& plan) {
  TRY(const auto lock, store::IngestLock::acquire(plan.database_path + "-ship", std::chrono::milliseconds(0)));
  TRY_VOID(store::keep_outbox(database));
  if (plan.backfill) TRY_VOID(store::enqueue_all(database));
  auto place = plan.place;
  const auto is_over = [] { return stop_requested() || reload_requested(); };
  place.stop = is_over;
  return cluster::ship(database, {.place = std::move(place),
                                  .limits = {},
                                  .delay_seconds = plan.delay_seconds,
                                  .now = epoch_now(),
                                  .ingester_name = ingester_host(),
                                  .stop = is_over});
}

std::string ship_line(const cluster::ShipCounts& counts) {
  std::string line =
      fmt::format("shipped {} with {} in {}", model::counted(counts.reports, "report"),
                  model::counted(counts.records, "record"), model::counted(counts.batches, "batch", "batches"));
  if (counts.headers > 0) line += fmt::format(", {} alone", model::counted(counts.headers, "header"));
  if (counts.known > 0)
    line += fmt::format("; {} there already", counts.known == 1 ? "1 was" : fmt::format("{} were", counts.known));
  return line;
}

std::string backlog_text(const store::OutboxState& state, std::int64_t now) {
  if (state.reports == 0) return "nothing is waiting to be shipped";
  std::string text = fmt::format("{} with {} {} to be shipped", model::counted(state.reports, "report"),
                                 model::counted(state.records, "record"), state.reports == 1 ? "waits" : "wait");
  if (state.oldest > 0) text += fmt::format(", the oldest for {}", span_text(now - state.oldest));
  return text;
}

}  // namespace ruaudit::jobs
