#include "jobs/mailbox/visit.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <random>

#include "ingest/mailbox/mbox_lock.hpp"
#include "jobs/mailbox/access.hpp"
#include "jobs/mailbox/credentials.hpp"
#include "jobs/process/clock.hpp"

namespace ruaudit::jobs {
namespace {

// Without a single mail taken in between, this many connections in a row are one failure.
constexpr unsigned fruitless_connections = 3;

// Of one visit; what is left then waits for the next one, and other mailboxes have their turn.
std::chrono::seconds visit_limit(const config::Mailbox& mailbox) {
#ifdef RUAUDIT_FAIL_POINTS
  if (const char* wanted = std::getenv("RUAUDIT_VISIT_SECONDS"))  // NOLINT(concurrency-mt-unsafe): for a test
    return std::chrono::seconds(std::atoi(wanted));               // NOLINT(cert-err34-c)
#endif
  return std::chrono::seconds(mailbox.visit_limit_seconds);
}

// Whether another connection is to continue.
model::Result<bool> visit_once(const SyncPlan& plan, const VisitTools& tools, const SourceOpener& open,
                               SyncCounts& counts) {
  TRY(auto source, open());
  TRY(auto sync, MailboxSync::create(plan, tools.database, tools.list, tools.observer));
  auto done = sync.visit(*source);
  counts += sync.counts();
  TRY_VOID(done);
  return sync.has_more();
}

std::optional<model::Error> visit_until_done(const SyncPlan& plan, const VisitTools& tools, const SourceOpener& open,
                                             SyncCounts& counts) {
  std::minstd_rand chance(std::random_device{}());
  unsigned fruitless = 0;
  while (true) {
    const std::int64_t before = counts.ingest.items - counts.checked;
    const auto done = visit_once(plan, tools, open, counts);
    if (done && !*done) return std::nullopt;
    if (done) {
      fruitless = 0;
      continue;
    }
    const bool is_stopped = tools.stop.requested() || done.error().code == "mailbox-stopped";
    const bool is_late = done.error().code == "mailbox-visit-limit";
    if (is_stopped || is_late || !is_connection_end(done.error())) return done.error();
    fruitless = counts.ingest.items - counts.checked > before ? 0 : fruitless + 1;
    if (fruitless >= fruitless_connections) return done.error();
    if (tools.observer.note) tools.observer.note(NoteLevel::warning, done.error().message + "; connecting again");
    pause_unless_stopped(retry_pause(fruitless, static_cast<std::uint32_t>(chance())), tools.stop);
  }
}

std::optional<model::Error> visit_mbox(const SyncPlan& plan, const VisitTools& tools, SyncCounts& counts) {
  const auto lock =
      ingest::mailbox::MboxLock::acquire(plan.mailbox.path, std::chrono::seconds(plan.mailbox.timeout_seconds));
  if (!lock) return lock.error();
  if (plan.mode == VisitMode::look_only) return std::nullopt;
  std::optional<model::Error> unreadable;
  const IngestPlan reading{.sources = {plan.mailbox.path},
                           .database_path = tools.database.options().path,
                           .reading = plan.reading,
                           .commit = plan.commit};
  const IngestObserver observer{.part = tools.observer.part,
                                .unreadable = [&unreadable](const model::Error& error) { unreadable = error; },
                                .progress = {},
                                .stop_requested = tools.observer.stop_requested};
  const auto turn = take_turn(tools.observer.turn);
  if (!turn) return turn.error();
  const auto done = ingest(reading, tools.database, tools.list, observer);
  if (!done) return done.error();
  counts.ingest += *done;
  counts.listed += done->items;
  counts.fresh += done->items - done->known;
  return unreadable;
}

}  // namespace

void pause_unless_stopped(std::chrono::milliseconds time, ingest::mailbox::Stop stop) {
  pollfd wanted{stop.descriptor, POLLIN, 0};
  ::poll(&wanted, 1, static_cast<int>(std::min<std::int64_t>(time.count(), std::numeric_limits<int>::max())));
}

bool is_cut_off(const VisitResult& result, ingest::mailbox::Stop stop) {
  return stop.requested() || (result.error && result.error->code == "mailbox-stopped");
}

std::chrono::milliseconds retry_pause(unsigned failures, std::uint32_t chance) {
  constexpr std::int64_t first = 1'000, longest = 300'000;
  const std::int64_t whole = std::min(longest, first << std::min(failures, 16U));
  return std::chrono::milliseconds(whole / 2 + static_cast<std::int64_t>(chance % static_cast<std::uint32_t>(whole)));
}

VisitResult visit_mailbox(const SyncPlan& plan, const VisitTools& tools, const SourceOpener& open) {
  VisitResult result;
  result.error = plan.mailbox.type == config::SourceType::mbox ? visit_mbox(plan, tools, result.counts)
                                                               : visit_until_done(plan, tools, open, result.counts);
  if (plan.mode == VisitMode::take_in && !is_cut_off(result, tools.stop))
    record_visit(tools.database, plan, result, tools.observer.turn);
  return result;
}

// What cannot be written down here (the disk is full, say) is the visit's own error already.
void record_visit(store::Database& database, const SyncPlan& plan, const VisitResult& result, const TurnTaker& taker) {
  const auto turn = take_turn(taker);
  if (!turn) return;
  auto state = store::MailboxState::create(database);
  if (!state) return;
  static_cast<void>(state
                        ->record_visit({.source = plan.mailbox.name,
                                        .now = epoch_now(),
                                        .stored_messages = result.counts.ingest.items - result.counts.ingest.known,
                                        .error = result.error})
                        .has_value());
}

std::int64_t visit_deadline(const config::Mailbox& mailbox) {
  const auto end = std::chrono::steady_clock::now() + visit_limit(mailbox);
  return std::chrono::duration_cast<std::chrono::milliseconds>(end.time_since_epoch()).count();
}

model::Result<store::IngestLock> lock_visit(const SyncPlan& plan, const std::string& database_path,
                                            std::chrono::milliseconds patience, ingest::mailbox::Stop stop) {
  constexpr std::chrono::milliseconds step(500);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    auto lock = store::IngestLock::acquire(database_path + "." + plan.mailbox.name, std::min(step, patience));
    if (lock || lock.error().code != "database-in-use") return lock;
    if (stop.requested()) return model::failure("mailbox-stopped", "stopped while another program visited the mailbox");
    if (std::chrono::steady_clock::now() >= end)
      return model::failure("mailbox-in-use", "another ruaudit is visiting this mailbox",
                            "waiting for it took too long; run again when it has finished");
  }
}

VisitResult visit_mailbox(const SyncPlan& plan, const VisitTools& tools) {
  const std::atomic<std::int64_t> deadline = visit_deadline(plan.mailbox);
  const ingest::mailbox::Stop stop{.descriptor = tools.stop.descriptor, .deadline = &deadline};
  const auto credentials = mailbox_credentials(plan.mailbox, stop);
  std::optional<store::IngestLock> lock;
  if (plan.mode == VisitMode::take_in) {
    auto held = lock_visit(plan, tools.database.options().path, tools.patience, stop);
    if (!held) return {.counts = {}, .error = held.error()};
    lock.emplace(std::move(*held));
  }
  return visit_mailbox(plan, tools, [&] { return open_source(plan.mailbox, credentials, stop); });
}

std::string visit_line(const SyncCounts& counts) {
  std::string line = closing_line(counts.ingest);
  const struct {
    std::int64_t number;
    std::string_view what;
  } rest[] = {{counts.acknowledged, "acknowledged"},
              {counts.unacknowledged, "not acknowledged"},
              {counts.gone, "gone before they were fetched"},
              {counts.refused, "not delivered by the server"},
              {counts.given_up, "given up"}};
  for (const auto& [number, what] : rest)
    if (number > 0) line += fmt::format("; {} {}", number, what);
  return line;
}

}  // namespace ruaudit::jobs
