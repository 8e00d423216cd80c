// ruaudit watch: keeps running, and reads mail from all configured mailboxes as it arrives.
#include <poll.h>

#include <algorithm>
#include <deque>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/options/mailbox_command_options.hpp"
#include "cli/steps/cluster_step.hpp"
#include "jobs/cluster/run.hpp"
#include "jobs/mailbox/watch.hpp"
#include "jobs/process/notify.hpp"
#include "jobs/process/signals.hpp"
#include "jobs/threads/contained.hpp"
#include "jobs/threads/workers.hpp"
#include "model/counted.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto watch_options = with_configuration(std::array{mailbox_option, list_option});

constexpr CommandSpec watch_spec = {
    "watch",       "[OPTIONS]", "Keeps running and reads new reports from every configured mailbox as they arrive.",
    watch_options, 0,           0};

struct Watch {
  std::vector<config::Mailbox> mailboxes;
  config::General general;
  config::Cluster cluster;
  std::string database_path;
  std::string suffix_list_file;
};

model::Result<Watch> read_watch(const Options& options) {
  Watch watch;
  TRY(const auto loaded, load_configuration(options));
  watch.general = loaded.configuration.general;
  watch.cluster = loaded.configuration.cluster;
  TRY(watch.mailboxes, chosen_mailboxes(options, loaded.configuration));
  watch.suffix_list_file = options.value(list_option.name).value_or("");
  TRY(watch.database_path, database_path(options, loaded));
  return watch;
}

// The database is created, migrated and set up to note what is to be shipped, or there is a reason not to begin: before
// anything is stored.
model::Result<void> prepare_database(const Watch& watch) {
  TRY(auto database, store::Database::open({.path = watch.database_path}));
  return note_for_cluster(watch.cluster, database);
}

// Waits for a signal; in the meantime tells the service manager that all is well, as long as it is.
void wait_for_signal(const std::deque<jobs::WatchMailbox>& mailboxes, jobs::Log& log) {
  const auto interval = jobs::watchdog_interval();
  while (!jobs::stop_requested() && !jobs::reload_requested()) {
    pollfd wanted{jobs::signal_descriptor(), POLLIN, 0};
    if (::poll(&wanted, 1, interval ? static_cast<int>(interval->count()) : -1) != 0) continue;
    const auto hung = std::find_if(mailboxes.begin(), mailboxes.end(), [](const auto& one) { return !one.is_alive(); });
    if (hung == mailboxes.end())
      jobs::notify_manager("WATCHDOG=1");
    else
      log.write(config::LogLevel::error, hung->name(), "no progress; the service manager is no longer notified");
  }
}

// On a thread of its own, so that no mailbox waits for a server of the cluster.
void ship_meanwhile(const Watch& watch, jobs::Log& log) {
  const auto ship_once = [&watch]() -> model::Result<cluster::ShipCounts> {
    TRY(auto place, cluster::place_of(watch.cluster));
    TRY(auto database, store::Database::open({.path = watch.database_path, .access = store::Access::read_write}));
    return jobs::ship_now(database, {.place = std::move(place),
                                     .database_path = watch.database_path,
                                     .delay_seconds = watch.cluster.ship_delay_seconds,
                                     .backfill = false});
  };
  constexpr int pause_milliseconds = 60'000;
  pollfd signal{jobs::signal_descriptor(), POLLIN, 0};
  do {
    const auto counts = jobs::contained(ship_once);
    if (!counts && counts.error().code != "database-in-use")
      log.write(config::LogLevel::warning, "", counts.error().message);
    if (!counts) continue;
    for (const auto& error : counts->errors)
      if (error.code != "cluster-stopped") log.write(config::LogLevel::warning, "", error.message);
    if (counts->batches > 0) log.write(config::LogLevel::info, "", jobs::ship_line(*counts));
  } while (::poll(&signal, 1, pause_milliseconds) == 0);
}

// One thread per mailbox, until a signal comes and all of them have ended.
void run_mailboxes(const Watch& watch, const verify::suffix::PublicSuffixList& list, jobs::Log& log) {
  jobs::WatchShared shared{.database_path = watch.database_path,
                           .list = list,
                           .general = watch.general,
                           .log = log,
                           .stop = {jobs::signal_descriptor()},
                           .turn = {},
                           .suffix_list_file = watch.suffix_list_file};
  std::deque<jobs::WatchMailbox> mailboxes;
  for (const config::Mailbox& mailbox : watch.mailboxes) mailboxes.emplace_back(mailbox, shared);
  jobs::Workers threads;
  for (jobs::WatchMailbox& mailbox : mailboxes)
    if (!threads.start([&mailbox] { mailbox.run(); }))
      log.write(config::LogLevel::error, mailbox.name(), "not watched: the system allows no further thread");
  if (watch.cluster.is_configured() && !threads.start([&] { ship_meanwhile(watch, log); }))
    log.write(config::LogLevel::error, "", "nothing is shipped to the cluster: the system allows no further thread");
  jobs::notify_manager("READY=1");
  wait_for_signal(mailboxes, log);
  threads.join();
}

model::Result<ExitCode> watch(const Options& options, jobs::Console& console) {
  TRY(auto current, read_watch(options));
  TRY(const auto list, suffix_list_of(options));
  TRY_VOID(prepare_database(current));
  jobs::catch_stop_signals();
  jobs::catch_reload_signal();
  jobs::Log log(console.err, current.general.log_format, current.general.log_level);
  while (true) {
    log.write(config::LogLevel::info, "",
              "watching " + model::counted(current.mailboxes.size(), "mailbox", "mailboxes"));
    run_mailboxes(current, list, log);
    if (jobs::stop_requested()) break;
    jobs::notify_manager("RELOADING=1");
    jobs::begin_reload();
    auto changed = read_watch(options);
    if (changed) {
      current = std::move(*changed);
      log.change(current.general.log_format, current.general.log_level);
      log.write(config::LogLevel::info, "", "the configuration was read again");
      TRY_VOID(prepare_database(current));
    } else {
      log.write(config::LogLevel::error, "", "the old configuration stays in use: " + changed.error().message);
    }
  }
  jobs::notify_manager("STOPPING=1");
  log.write(config::LogLevel::info, "", "stopped by signal " + std::to_string(jobs::stop_signal()));
  return ExitCode::success;
}

}  // namespace

const Command watch_command = {&watch_spec, guarded<watch>};

}  // namespace ruaudit::cli
