#include "jobs/mailbox/watch.hpp"

#include <algorithm>
#include <random>

#include "jobs/enrich/tools.hpp"
#include "jobs/judge/authenticate_waiting.hpp"
#include "jobs/judge/reverify_run.hpp"
#include "jobs/mailbox/access.hpp"
#include "jobs/mailbox/credentials.hpp"
#include "jobs/mailbox/health.hpp"
#include "jobs/mailbox/plan.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/threads/contained.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/reader.hpp"

namespace ruaudit::jobs {
namespace {

// Longer than any single step between two signs of life may take.
constexpr std::chrono::milliseconds patience_with_a_step = std::chrono::minutes(15);

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Another program's turn with the database is waited for, but a stop is not kept waiting.
model::Result<store::IngestLock> lock_database(const std::string& path, ingest::mailbox::Stop stop) {
  constexpr int tries = 120;
  for (int attempt = 1;; ++attempt) {
    auto lock = store::IngestLock::acquire(path, std::chrono::milliseconds(500));
    if (lock || lock.error().code != "database-in-use" || attempt == tries || stop.requested()) return lock;
  }
}

bool is_stop(const model::Error& error, ingest::mailbox::Stop stop) {
  return error.code == "mailbox-stopped" || stop.requested();
}

}  // namespace

bool WatchMailbox::is_alive() const {
  const std::int64_t until = alive_until_;
  return until == 0 || steady_milliseconds() < until;
}

void WatchMailbox::mark_alive_for(Millis time) {
  alive_until_ = steady_milliseconds() + (time + patience_with_a_step).count();
}

SyncPlan WatchMailbox::plan() const {
  auto plan = plan_of(mailbox_, shared_.general, VisitMode::take_in);
  plan.reading.suffix_list_file = shared_.suffix_list_file;
  return plan;
}

SyncObserver WatchMailbox::observer() {
  SyncObserver observer = logging_observer(shared_.log, mailbox_.name);
  observer.stop_requested = [this] {
    mark_alive_for({});
    return shared_.stop.requested();
  };
  observer.turn = [this] { return wait_for_turn(); };
  return observer;
}

void WatchMailbox::run() {
  const auto credentials = mailbox_credentials(mailbox_, shared_.stop);
  const Opener open = [&] {
    begin_visit();
    return open_source(mailbox_, credentials, stop());
  };
  while (!shared_.stop.requested()) {
    mark_alive_for({});
    const auto visited = contained([&]() -> model::Result<Millis> {
      return mailbox_.type == config::SourceType::mbox ? visit_mbox() : serve_connection(open);
    });
    const Millis rest = visited ? *visited : rest_after_exception(visited.error());
    mark_alive_for(rest);
    if (rest.count() > 0) pause_unless_stopped(rest, shared_.stop);
  }
}

// The other mailboxes go on, and this one begins anew.
WatchMailbox::Millis WatchMailbox::rest_after_exception(const model::Error& error) {
  deadline_ = 0;
  ++failures_;
  static_cast<void>(contained([&] {
                      shared_.log.write(config::LogLevel::error, mailbox_.name, error.message);
                      return model::Result<void>();
                    }).has_value());
  return rest_after_failure();
}

WatchMailbox::Millis WatchMailbox::rest_after_failure() {
  std::random_device chance;
  return retry_pause(failures_, chance());
}

WatchMailbox::Millis WatchMailbox::serve_connection(const Opener& open) {
  auto source = open();
  if (!source) return is_stop(source.error(), shared_.stop) ? Millis{} : write_down(source.error());
  while (true) {
    if (const auto error = visit(**source)) return is_stop(*error, shared_.stop) ? Millis{} : rest_after_failure();
    if ((*source)->actions_count() == ActionsCount::at_close)  // and it is closed
      return has_more_ ? Millis{} : poll_interval();
    mark_alive_for(poll_interval());
    // Not longer than the poll interval: then everything is compared again, should a notification have been lost.
    const auto begin = std::chrono::steady_clock::now();
    const auto end = (*source)->wait(poll_interval());
    if (end && *end == WaitEnd::stopped) return {};
    const Millis rest = rest_after_wait(std::chrono::steady_clock::now() - begin);
    if (end) {
      mark_alive_for(rest);
      pause_unless_stopped(rest, shared_.stop);
      if (shared_.stop.requested()) return {};
      continue;
    }
    if (is_stop(end.error(), shared_.stop)) return {};
    if (end.error().code == "mailbox-no-idle") {
      static_cast<void>((*source)->close().has_value());
      return poll_interval();
    }
    shared_.log.write(config::LogLevel::info, mailbox_.name, end.error().message + "; connecting again");
    return std::max(rest, retry_pause(0, std::random_device{}()));
  }
}

// A server that tells of changes, or ends connections, without end and without a mail is not asked without end.
WatchMailbox::Millis WatchMailbox::rest_after_wait(std::chrono::steady_clock::duration waited) {
  constexpr unsigned longest = 6;  // about a minute
  fruitless_ = has_news_ || waited > std::chrono::minutes(1) ? 0 : fruitless_ + 1;
  return fruitless_ < 2 ? Millis{} : retry_pause(std::min(fruitless_ - 2, longest), std::random_device{}());
}

model::Result<std::shared_ptr<void>> WatchMailbox::wait_for_turn() {
  constexpr Millis step{500};
  std::unique_lock turn(shared_.turn, std::defer_lock);
  do {
    mark_alive_for({});
    if (shared_.stop.requested())
      return model::failure("mailbox-stopped", "stopped while other mailboxes had their turn");
  } while (!turn.try_lock_for(step));
  TRY(auto lock, lock_database(shared_.database_path, shared_.stop));
  return std::shared_ptr<void>(std::make_shared<Turn>(std::move(turn), std::move(lock)));
}

model::Result<store::Database> WatchMailbox::open_database() {
  auto database = store::Database::open({.path = shared_.database_path});
  if (database) return database;
  ++failures_;
  shared_.log.write(config::LogLevel::error, mailbox_.name, database.error().message);
  return database;
}

// A mailbox that could not be reached.
WatchMailbox::Millis WatchMailbox::write_down(const model::Error& unreached) {
  if (auto database = open_database()) {
    const VisitResult result{.counts = {}, .error = unreached};
    record_visit(*database, plan(), result, observer().turn);
    conclude(*database, result);
  } else {
    shared_.log.write(config::LogLevel::error, mailbox_.name, unreached.message);
  }
  return rest_after_failure();
}

std::optional<model::Error> WatchMailbox::visit(MailSource& source) {
  begin_visit();
  auto database = open_database();
  if (!database) return database.error();
  auto error = visit_locked(source, *database);
  deadline_ = 0;
  return error;
}

std::optional<model::Error> WatchMailbox::visit_locked(MailSource& source, store::Database& database) {
  const SyncPlan visit_plan = plan();
  const auto lock = lock_visit(visit_plan, shared_.database_path, std::chrono::minutes(1), shared_.stop);
  VisitResult result;
  result.error = lock ? visit_in_turn(source, database, visit_plan, result.counts) : std::optional(lock.error());
  has_news_ = result.counts.ingest.items > 0;
  if (!is_cut_off(result, shared_.stop)) {
    record_visit(database, visit_plan, result, observer().turn);
    conclude(database, result);
  }
  return result.error;
}

// The first folder last: it is the one that stays open to wait in.
std::optional<model::Error> WatchMailbox::visit_in_turn(MailSource& source, store::Database& database,
                                                        const SyncPlan& plan, SyncCounts& counts) {
  const SyncObserver seen = observer();
  auto sync = MailboxSync::create(plan, database, shared_.list, seen);
  if (!sync) return sync.error();
  const auto folders = sync->folders(source);
  if (!folders) return folders.error();
  std::optional<model::Error> error;
  for (auto folder = folders->rbegin(); folder != folders->rend() && !error && !shared_.stop.requested(); ++folder)
    if (auto done = sync->visit_folder(source, *folder); !done) error = done.error();
  std::optional<model::Error> close_error;
  if (!error && source.actions_count() == ActionsCount::at_close)
    if (auto closed = sync->close(source); !closed) close_error = closed.error();
  if (!error)
    if (auto whole = sync->end_of_visit(); !whole) error = whole.error();
  if (!error) error = close_error;
  has_more_ = sync->has_more();
  counts = sync->counts();
  return error;
}

WatchMailbox::Millis WatchMailbox::visit_mbox() {
  auto database = open_database();
  if (!database) return rest_after_failure();
  const SyncPlan visit_plan = plan();
  const SyncObserver seen = observer();
  const auto result = visit_mailbox(
      visit_plan, {.database = *database, .list = shared_.list, .observer = seen, .stop = shared_.stop}, {});
  if (!is_cut_off(result, shared_.stop)) conclude(*database, result);
  return poll_interval();
}

// What needs name servers. Not a matter of the visit: a silent one is not the mailbox's fault. What it leaves undone is
// tried again after every visit, and reported once.
void WatchMailbox::ask_name_servers(store::Database& database, bool has_news) {
  if (!has_news && !waits_for_dns_) return;
  const bool is_told = has_told_of_waiting_ && !has_news;
  const bool is_authenticated = authenticate(database, is_told);
  const bool is_verified = verify_failures(database, is_told);
  if (has_news) enrich_sources(database);
  waits_for_dns_ = has_told_of_waiting_ = !is_authenticated || !is_verified;
}

// Whether what came is genuine. False: some of it waits.
bool WatchMailbox::authenticate(store::Database& database, bool is_told) {
  AuthenticatePlan plan;
  plan.now = epoch_now();
  plan.trust.hosts =
      mailbox_.trusted_authserv_ids.empty() ? shared_.general.trusted_authserv_ids : mailbox_.trusted_authserv_ids;
  plan.judging = judging();
  OpenDns open;
  if (!is_offline_by_environment())
    open = [this] { return DnsSource::open({.usual_server = shared_.general.resolver}); };
  const auto done = judge_waiting(std::move(plan), database, open, shared_.list, observer().stop_requested);
  if (!done) {
    shared_.log.write(config::LogLevel::warning, mailbox_.name, done.error().message);
    return true;
  }
  if (done->left > 0 && done->counts.mails == 0 && is_told) return false;
  for (const auto& line : lines_of(*done)) shared_.log.write(config::LogLevel::info, mailbox_.name, line);
  return done->left == 0;
}

// What the sources of new reports are. Nothing waits for it: the next visit with news asks again.
void WatchMailbox::enrich_sources(store::Database& database) {
  if (is_offline_by_environment()) return;
  const auto enriched = [&]() -> model::Result<EnrichCounts> {
    TRY(const auto tools, enrich_tools(shared_.general, epoch_now()));
    TRY(const auto source, DnsSource::open({.usual_server = shared_.general.resolver}));
    const EnrichSources sources{.resolver = source.is_answering() ? &source.resolver() : nullptr,
                                .networks = tools.networks,
                                .services = tools.services,
                                .list = shared_.list};
    return enrich(tools.plan, database, sources, observer().stop_requested);
  }();
  if (enriched)
    shared_.log.write(config::LogLevel::info, mailbox_.name, closing_line(*enriched));
  else
    shared_.log.write(config::LogLevel::warning, mailbox_.name, enriched.error().message);
}

Judging WatchMailbox::judging() {
  return {.confinement = confinement_order(shared_.general.confinement),
          .suffix_list_file = shared_.suffix_list_file,
          .warning = [this](const model::Error& error) {
            shared_.log.write(config::LogLevel::warning, mailbox_.name, error.message);
          }};
}

// Failure reports that came, and those that wait since DNS was silent. False: they wait.
bool WatchMailbox::verify_failures(store::Database& database, bool is_told) {
  if (is_offline_by_environment()) return true;
  const auto warn = [this](const model::Error& error) {
    shared_.log.write(config::LogLevel::warning, mailbox_.name, error.message);
    return true;
  };
  const auto waiting = store::next_unverified(database, 0);
  if (!waiting) return warn(waiting.error());
  if (!*waiting) return true;
  const auto source = DnsSource::open({.usual_server = shared_.general.resolver});
  if (!source) return warn(source.error());
  if (!source->is_answering()) {
    if (!is_told)
      shared_.log.write(config::LogLevel::warning, mailbox_.name, "DNS does not answer: new failure reports wait");
    return false;
  }
  const auto done = reverify({.now = epoch_now(), .judging = judging()}, database, &source->resolver(), shared_.list,
                             {.progress = {}, .stop_requested = observer().stop_requested});
  if (!done) return warn(done.error());
  shared_.log.write(config::LogLevel::info, mailbox_.name, closing_line(*done));
  return true;
}

void WatchMailbox::conclude(store::Database& database, const VisitResult& result) {
  using config::LogLevel;
  if (result.counts.ingest.items > 0 || result.counts.acknowledged > 0)
    shared_.log.write(LogLevel::info, mailbox_.name, visit_line(result.counts));
  if (result.error) {
    ++failures_;
    const auto& error = *result.error;
    shared_.log.write(LogLevel::error, mailbox_.name,
                      error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"));
  } else if (failures_ > 0) {
    failures_ = 0;
    shared_.log.write(LogLevel::info, mailbox_.name, "reached again");
  }
  const auto turn = wait_for_turn();
  if (!turn) {
    if (!is_stop(turn.error(), shared_.stop)) shared_.log.write(LogLevel::warning, mailbox_.name, turn.error().message);
    return;
  }
  ask_name_servers(database, result.counts.ingest.items > 0);
  if (result.counts.ingest.items > 0)
    if (const auto cut = store::cut_due_samples(database); !cut)
      shared_.log.write(LogLevel::warning, mailbox_.name, cut.error().message);
  if (const auto written = write_health(database, shared_.general); !written)
    shared_.log.write(LogLevel::warning, "", written.error().message);
}

}  // namespace ruaudit::jobs
