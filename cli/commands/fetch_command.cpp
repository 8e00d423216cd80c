// ruaudit fetch: one visit of every configured mailbox, one after the other; a failure of one does not delay the
// others.
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <optional>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/options/mailbox_command_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "cli/steps/cluster_step.hpp"
#include "cli/steps/enrich_step.hpp"
#include "cli/steps/migration_progress.hpp"
#include "cli/steps/reverify_after.hpp"
#include "jobs/mailbox/health.hpp"
#include "jobs/mailbox/plan.hpp"
#include "jobs/process/signals.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/queries.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto fetch_options = with_configuration(std::array{
    mailbox_option,
    OptionSpec{"dry-run", OptionKind::flag, "", "say how many mails are new; fetch, store and change nothing"},
    OptionSpec{"since", OptionKind::value, "DAY", "ask only for mail that came on this day (2026-01-31) or later"},
    wait_option,
    OptionSpec{"commit-every", OptionKind::value, "N", "mails per transaction, at most; default 1000"},
    OptionSpec{"quiet", OptionKind::flag, "", "only warnings and errors"},
    OptionSpec{"verbose", OptionKind::flag, "", "name what became of every part"},
    list_option,
    offline_option,
    now_option,
    zone_option,
    same_organization_option,
});

constexpr CommandSpec fetch_spec = {
    "fetch",
    "[OPTIONS]",
    "Fetches new reports from every configured mailbox, stores them, and acknowledges them.",
    fetch_options,
    0,
    0};

// What a run of all mailboxes has come to.
struct FetchRun {
  std::int64_t rejected = 0;
  bool has_failed = false;
};

config::LogLevel level_of(const Options& options, const config::General& general) {
  if (options.has("quiet")) return config::LogLevel::warning;
  return options.has("verbose") ? config::LogLevel::debug : general.log_level;
}

model::Result<jobs::SyncPlan> plan_with_options(const config::Mailbox& mailbox, const config::General& general,
                                                const Options& options) {
  jobs::SyncPlan plan =
      jobs::plan_of(mailbox, general, options.has("dry-run") ? jobs::VisitMode::look_only : jobs::VisitMode::take_in);
  plan.reading.suffix_list_file = options.value(list_option.name).value_or("");
  if (const auto day = options.value("since")) {
    TRY(plan.mailbox.since, parse_day_option("since", *day));
  }
  TRY(const auto items, options.number("commit-every", 1, 1'000'000));
  if (items) {
    plan.commit.items = *items;
    plan.round_messages = 2 * *items;
  }
  return plan;
}

// False: its time is over, mails were read, and it is to be visited again after the others.
bool visit(const jobs::SyncPlan& plan, const jobs::VisitTools& tools, jobs::Log& log, FetchRun& run) {
  const auto result = jobs::visit_mailbox(plan, tools);
  run.has_failed = run.has_failed || result.counts.ingest.postponed > 0;
  run.rejected += result.counts.ingest.rejected + result.counts.ingest.unread;
  const bool has_read = result.counts.ingest.items > 0 || result.counts.acknowledged > 0;
  if (result.error ? has_read : plan.mode == jobs::VisitMode::take_in)  // nothing was counted where nothing was reached
    log.write(config::LogLevel::info, plan.mailbox.name, jobs::visit_line(result.counts));
  if (!result.error || jobs::stop_requested()) return true;
  if (result.error->code == "mailbox-visit-limit" && has_read) return false;
  run.has_failed = true;
  const auto& error = *result.error;
  log.write(config::LogLevel::error, plan.mailbox.name,
            error.message + (error.hint.empty() ? "" : " (" + error.hint + ")"));
  return true;
}

std::string scratch_template() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  return error ? std::string() : (folder / "ruaudit-XXXXXX").string();
}

// A folder that is gone when the value is.
struct ScratchFolder {
  std::string path = scratch_template();
  bool is_made = ::mkdtemp(path.data()) != nullptr;
  ScratchFolder() = default;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (is_made) std::filesystem::remove_all(path, ignored);
  }
};

// A dry run changes nothing: it reads the database that is there, or an empty one elsewhere.
model::Result<store::Database> open_database(const Options& options, const std::string& path,
                                             std::optional<ScratchFolder>& elsewhere, jobs::Console& console) {
  if (!options.has("dry-run")) {
    TRY_VOID(migrate_older(path, console));
    return store::Database::open({.path = path});
  }
  if (std::error_code error; std::filesystem::exists(path, error) || error)
    return store::Database::open({.path = path, .access = store::Access::read_only});
  elsewhere.emplace();
  if (!elsewhere->is_made)
    return model::failure("scratch-folder", "no temporary folder can be made",
                          "let TMPDIR name a folder that can be written to");
  return store::Database::open({.path = elsewhere->path + "/empty.db"});
}

model::Result<ExitCode> fetch(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  const config::General& general = loaded.configuration.general;
  TRY(const auto mailboxes, chosen_mailboxes(options, loaded.configuration));
  TRY(const auto path, database_path(options, loaded));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  TRY(const auto list, suffix_list_of(options));
  const bool is_dry = options.has("dry-run");
  std::optional<ScratchFolder> elsewhere;  // goes after the database
  TRY(auto database, open_database(options, path, elsewhere, console));
  const std::chrono::seconds patience(wait.value_or(60));
  const jobs::TurnTaker turn = [&]() -> model::Result<std::shared_ptr<void>> {
    TRY(auto lock, store::IngestLock::acquire(path, patience));
    return std::shared_ptr<void>(std::make_shared<store::IngestLock>(std::move(lock)));
  };
  if (!is_dry) TRY_VOID(note_for_cluster(loaded.configuration.cluster, database));
  if (!is_dry) TRY_VOID(turn());  // a database that is in use is told before anything is fetched
  jobs::catch_stop_signals();
  jobs::Log log(console.err, general.log_format, level_of(options, general));
  TRY(const auto known_failures, store::last_failure_key(database));
  FetchRun run;
  std::deque<config::Mailbox> waiting(mailboxes.begin(), mailboxes.end());
  for (; !waiting.empty() && !jobs::stop_requested(); waiting.pop_front()) {
    TRY(const auto plan, plan_with_options(waiting.front(), general, options));
    jobs::SyncObserver observer = jobs::logging_observer(log, waiting.front().name);
    if (!is_dry) observer.turn = turn;
    const jobs::VisitTools tools{.database = database,
                                 .list = list,
                                 .observer = observer,
                                 .stop = {.descriptor = jobs::signal_descriptor()},
                                 .patience = patience};
    if (!visit(plan, tools, log, run)) waiting.push_back(waiting.front());
  }
  if (!is_dry) {
    TRY(const auto held, turn());
    TRY_VOID(store::cut_due_samples(database));
    if (!jobs::stop_requested()) authenticate_new(options, console, database, list);
    if (!jobs::stop_requested()) verify_new_failures(options, console, database, list, known_failures);
    if (!jobs::stop_requested()) enrich_new(options, console, database, list);
    if (const auto written = jobs::write_health(database, general); !written)
      log.write(config::LogLevel::warning, "", written.error().message);
  }
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("what was fetched is stored"));
  if (!is_dry) ship_after(options, console);
  if (run.has_failed) return ExitCode::failure;
  return run.rejected > 0 ? ExitCode::rejected : ExitCode::success;
}

}  // namespace

const Command fetch_command = {&fetch_spec, guarded<fetch>};

}  // namespace ruaudit::cli
