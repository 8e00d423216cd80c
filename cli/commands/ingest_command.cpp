// ruaudit ingest and ruaudit reprocess: options in, a run, and what it says on standard error.
#include <fmt/format.h>

#include <chrono>
#include <mutex>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/suffix_list.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "cli/steps/cluster_step.hpp"
#include "cli/steps/enrich_step.hpp"
#include "cli/steps/migration_progress.hpp"
#include "cli/steps/reverify_after.hpp"
#include "cli/terminal/progress_bar.hpp"
#include "jobs/ingest/run.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/failure/cut.hpp"
#include "store/failure/queries.hpp"
#include "store/ledger/queries.hpp"

namespace ruaudit::cli {
namespace {

constexpr std::uint64_t gibi = 1ULL << 30;

constexpr OptionSpec run_options[] = {
    db_option,
    {"no-keep-originals", OptionKind::flag, "", "do not keep the octets of reports"},
    {"samples", OptionKind::value, "WHAT",
     "of failure reports to keep once verified: full, headers, redacted or none; default the configuration's"},
    {"strict", OptionKind::flag, "", "exit with 3 if any input was ever rejected, not only in this run"},
    {"verbose", OptionKind::flag, "", "show the outcome of every part, and every rejected one"},
    {"quiet", OptionKind::flag, "", "no progress, no summary line, only errors"},
    wait_option,
    {"durable", OptionKind::flag, "", "every commit is on the disk before the next begins"},
    {"commit-every", OptionKind::value, "N", "mails or files per transaction, at most; default 5000"},
    {"checkpoint-size", OptionKind::value, "SIZE", "of the write-ahead log before it is written back; default 64M"},
    list_option,
    {"domain", OptionKind::list, "D",
     "whose reports are expected, including subdomains; others are flagged; repeatable"},
    offline_option,
    now_option,
    resolver_option,
    zone_option,
    trusted_authserv_option,
    same_organization_option,
    {"max-message-size", OptionKind::value, "SIZE", "of one mail; default 256M"},
    {"max-unpacked-size", OptionKind::value, "SIZE", "of one report; default 1G"},
    {"max-ratio", OptionKind::value, "N", "unpacked to packed, beyond the first megabyte; default 250"},
    {"max-records", OptionKind::value, "N", "of one report; default 16777215"},
};

constexpr CommandSpec ingest_spec = {"ingest",
                                     "[OPTIONS] SOURCE...",
                                     "Reads reports from files, folders, maildirs, mboxes or standard input (-).",
                                     run_options,
                                     1,
                                     SIZE_MAX};

constexpr CommandSpec reprocess_spec = {
    "reprocess", "[OPTIONS]", "Reads the stored originals again with the current parser.", run_options, 0, 0};

// What the command line says, else the configuration.
model::Result<void> choose_by_configuration(const Options& options, jobs::ReadingOptions& reading) {
  const auto samples = options.value("samples");
  if (samples && !model::parse_enum<store::SamplePolicy>(*samples))
    return model::failure("usage", fmt::format("--samples '{}' is not known", *samples),
                          "one of full, headers, redacted, none");
  for (const std::string& text : options.list("domain")) {
    auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    reading.domains.push_back(std::move(*domain));
  }
  TRY(const auto loaded, load_configuration(options));
  const config::General& general = loaded.configuration.general;
  if (samples)
    reading.samples = *model::parse_enum<store::SamplePolicy>(*samples);
  else
    reading.samples = {general.samples, false};
  if (reading.domains.empty()) reading.domains = general.domains;
  reading.confinement = jobs::confinement_order(general.confinement);
  reading.suffix_list_file = options.value(list_option.name).value_or("");
  return {};
}

model::Result<jobs::ReadingOptions> reading_options(const Options& options) {
  jobs::ReadingOptions reading;
  reading.now = jobs::epoch_now();
  reading.originals = options.has("no-keep-originals") ? jobs::Originals::drop : jobs::Originals::keep;
  TRY(const auto message, options.number("max-message-size", 1024, 64 * gibi));
  TRY(const auto unpacked, options.number("max-unpacked-size", 1024, 1024 * gibi));
  TRY(const auto ratio, options.number("max-ratio", 2, 1'000'000));
  TRY(const auto records, options.number("max-records", 1, store::max_row_number));
  reading.unpack.message_bytes = message.value_or(reading.unpack.message_bytes);
  reading.unpack.payload_bytes = unpacked.value_or(reading.unpack.payload_bytes);
  reading.unpack.item_bytes = std::max(reading.unpack.item_bytes, reading.unpack.payload_bytes);
  reading.unpack.ratio = ratio.value_or(reading.unpack.ratio);
  reading.aggregate.records = records.value_or(store::max_row_number);
  // Last: the command line's own mistakes are told in its own words first.
  TRY_VOID(choose_by_configuration(options, reading));
  return reading;
}

// Where the items come from: the sources that are named, or the originals that are kept.
enum class Reading { sources, kept_originals };

model::Result<jobs::IngestPlan> plan_of(const Options& options, Reading what) {
  TRY(auto path, what == Reading::sources ? database_path(options) : readable_database(options));
  TRY(auto reading, reading_options(options));
  jobs::IngestPlan plan{
      .sources = options.arguments(), .database_path = std::move(path), .reading = reading, .commit = {}};
  if (options.has("durable")) plan.commit.durability = store::Durability::durable;
  TRY(const auto items, options.number("commit-every", 1, 1'000'000));
  plan.commit.items = items.value_or(plan.commit.items);
  return plan;
}

model::Result<store::Database> open_database(const Options& options, const std::string& path, jobs::Console& console) {
  store::DatabaseOptions opening{.path = path};
  if (!options.has("quiet")) TRY_VOID(migrate_older(path, console));
  TRY(const auto log, options.number("checkpoint-size", 65'536, gibi));
  if (log) opening.checkpoint_octets = static_cast<std::int64_t>(*log);
  return store::Database::open(opening);
}

constexpr std::size_t most_rejected_lines = 10;  // in a run that is not verbose: more would hide all else

// Says on standard error what an operator must know, from either thread.
class Reporter {
 public:
  Reporter(const Options& options, jobs::Console& console)
      : console_(console), bar_(console), verbose_(options.has("verbose")), quiet_(options.has("quiet")) {}

  void part(const jobs::PartNotice& notice) {
    const bool is_rejected = notice.outcome == store::Outcome::rejected;
    if (!verbose_ && !is_rejected) return;
    const std::lock_guard lock(mutex_);
    if (is_rejected && !verbose_ && ++rejected_ > most_rejected_lines) return;
    bar_.wipe();
    console_.err << (is_rejected ? "ruaudit: " : "") << jobs::printable(jobs::notice_line(notice)) << '\n';
  }
  void unreadable(const model::Error& error) {
    const std::lock_guard lock(mutex_);
    bar_.wipe();
    jobs::print_error(console_, error);
    source_missing_ = source_missing_ || error.code == "source-not-found" || error.code == "source-unreadable";
  }
  void progress(const jobs::IngestProgress& progress) {
    if (quiet_ || !console_.err_is_terminal) return;
    const std::lock_guard lock(mutex_);
    bar_.show(progress);
  }
  void close(const jobs::IngestCounts& counts) {
    bar_.wipe();
    if (rejected_ > most_rejected_lines)
      console_.err << fmt::format("ruaudit: {} more rejected, for reasons that `ruaudit query --name rejected` lists\n",
                                  rejected_ - most_rejected_lines);
    if (!quiet_) console_.err << jobs::closing_line(counts) << '\n';
  }
  [[nodiscard]] bool source_missing() const { return source_missing_; }

 private:
  std::mutex mutex_;
  jobs::Console& console_;
  ProgressBar bar_;
  bool verbose_;
  bool quiet_;
  bool source_missing_ = false;
  std::size_t rejected_ = 0;
};

ExitCode exit_code(const jobs::IngestCounts& counts, const Reporter& reporter) {
  if (reporter.source_missing() || counts.postponed > 0) return ExitCode::failure;
  return counts.rejected > 0 || counts.unread > 0 ? ExitCode::rejected : ExitCode::success;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console, Reading what) {
  TRY(const auto plan, plan_of(options, what));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  TRY(const auto list, suffix_list_of(options));
  TRY(auto database, open_database(options, plan.database_path, console));
  TRY_VOID(note_for_cluster(options, database));
  TRY(const auto lock, store::IngestLock::acquire(plan.database_path, std::chrono::seconds(wait.value_or(60))));
  jobs::catch_stop_signals();
  Reporter reporter(options, console);
  const jobs::IngestObserver observer{.part = [&](const jobs::PartNotice& n) { reporter.part(n); },
                                      .unreadable = [&](const model::Error& e) { reporter.unreadable(e); },
                                      .progress = [&](const jobs::IngestProgress& p) { reporter.progress(p); },
                                      .stop_requested = jobs::stop_requested};
  TRY(const auto known_failures, store::last_failure_key(database));
  TRY(const auto counts, what == Reading::sources ? jobs::ingest(plan, database, list, observer)
                                                  : jobs::reprocess(plan, database, list, observer));
  TRY_VOID(store::cut_due_samples(database));
  reporter.close(counts);
  // Kept answers serve what was read again; what is new needs DNS.
  const bool may_judge = what == Reading::kept_originals || !is_offline(options);
  if (may_judge && !jobs::stop_requested()) authenticate_new(options, console, database, list);
  // What reprocess reads again has lost its results.
  const std::int64_t verified = what == Reading::kept_originals ? 0 : known_failures;
  if (!jobs::stop_requested()) verify_new_failures(options, console, database, list, verified);
  if (!jobs::stop_requested()) enrich_new(options, console, database, list);
  if (jobs::stop_requested()) return model::failure(jobs::stopped_error("what was read is stored"));
  if (options.has("strict")) {
    TRY(const auto rejected, store::count_rejected(database));
    if (rejected > 0) return reporter.source_missing() ? ExitCode::failure : ExitCode::rejected;
  }
  return exit_code(counts, reporter);
}

ExitCode run_with(const Options& options, jobs::Console& console, Reading what) {
  const auto code = run(options, console, what);
  if (code) ship_after(options, console);
  return code ? *code : report_failure(console, code.error());
}

}  // namespace

const Command ingest_command = {&ingest_spec, [](const Options& options, jobs::Console& console) {
                                  return run_with(options, console, Reading::sources);
                                }};
const Command reprocess_command = {&reprocess_spec, [](const Options& options, jobs::Console& console) {
                                     return run_with(options, console, Reading::kept_originals);
                                   }};

}  // namespace ruaudit::cli
