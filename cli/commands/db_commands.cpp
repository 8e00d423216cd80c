// ruaudit db check|prune|backup|export|stats: maintenance of a database.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>

#include "cli/commands.hpp"
#include "cli/options/database_path.hpp"
#include "cli/steps/migration_progress.hpp"
#include "jobs/export/views.hpp"
#include "jobs/process/clock.hpp"
#include "model/calendar.hpp"
#include "model/counted.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/care/maintenance.hpp"
#include "store/failure/cut.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec only_db[] = {db_option};
constexpr OptionSpec prune_options[] = {
    db_option,
    {"keep", OptionKind::value, "SPAN", "what to keep: N-days (Nd), N-weeks, N-months or N-years"},
    {"samples-days", OptionKind::value, "N", "samples of failure reports older than N days go, the reports stay"},
    {"preview", OptionKind::flag, "", "show what would be removed; change nothing"},
    {"wait", OptionKind::value, "SECONDS", "for an ingest to end; default 60"},
};

constexpr CommandSpec check_spec = {
    "db check", "[--db FILE]", "Checks integrity, foreign keys, roll-ups against records.", only_db, 0, 0};
constexpr CommandSpec prune_spec = {"db prune",
                                    "[--keep SPAN] [--samples-days N] [--preview] [--db FILE]",
                                    "Removes reports older than a span, with their originals.",
                                    prune_options,
                                    0,
                                    0};
constexpr CommandSpec backup_spec = {
    "db backup", "[--db FILE] TARGET", "Writes a consistent copy while others read and write.", only_db, 1, 1};
constexpr OptionSpec export_options[] = {
    db_option,
    {"replace", OptionKind::flag, "", "an existing TARGET, in one step: readers see the former copy or the new one"},
    {"mode", OptionKind::value, "MODE", "permissions of TARGET in octal, for example 0640; default 0600"},
    {"view", OptionKind::value, "NAME", "instead of a copy, the rows of this documented view; TARGET - is stdout"},
    {"all", OptionKind::flag, "",
     "instead of a copy, every view into the folder TARGET, with views.json of their types"},
    {"format", OptionKind::value, "FORMAT", "of views: ndjson (default) or csv"},
};
constexpr CommandSpec export_spec = {"db export",
                                     "[--view NAME | --all] [OPTIONS] TARGET",
                                     "Writes a copy for analysts, without originals, or the rows of views.",
                                     export_options,
                                     1,
                                     1};
constexpr CommandSpec migrate_spec = {
    "db migrate", "[--db FILE]", "Migrates a database of an older version.", only_db, 0, 0};
constexpr CommandSpec stats_spec = {"db stats", "[--db FILE]", "Shows rows, sizes, first and last day.", only_db, 0, 0};

model::Result<store::Database> open(const Options& options, store::Access access) {
  TRY(auto path, readable_database(options));
  return store::Database::open({.path = std::move(path), .access = access});
}

model::Result<ExitCode> check(const Options& options, jobs::Console& console) {
  TRY(auto path, readable_database(options));
  TRY(auto database,
      store::Database::open(
          {.path = std::move(path), .access = store::Access::read_write, .older = store::OlderFile::refuse}));
  if (!store::sees_constraints(database))
    console.err << "ruaudit: the database cannot be written, so the ranges of its values are not checked\n";
  TRY(const auto findings, store::check(database));
  for (const auto& finding : findings)
    console.out << jobs::printable(fmt::format("{}: {}", finding.check, finding.detail)) << '\n';
  console.out << (findings.empty() ? std::string("clean\n") : model::counted(findings.size(), "finding") + "\n");
  return findings.empty() ? ExitCode::success : ExitCode::rejected;
}

struct SpanUnit {
  std::string_view word, letter;
  int std::tm::*field;
  int times;
};
constexpr SpanUnit span_units[] = {{"-days", "d", &std::tm::tm_mday, 1},
                                   {"-weeks", "w", &std::tm::tm_mday, 7},
                                   {"-months", "", &std::tm::tm_mon, 1},
                                   {"-years", "y", &std::tm::tm_year, 1}};

// The first UTC day to keep when `text` ("27-months") counts back from today.
model::Result<std::string> first_day_kept(const std::string& text) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(end, text.data() + text.size());
  std::time_t now = jobs::epoch_now();
  std::tm day{};
  gmtime_r(&now, &day);
  const int n = static_cast<int>(number);
  const bool is_number = fault == std::errc{} && number > 0 && number <= 100'000;
  const auto* const known = std::find_if(std::begin(span_units), std::end(span_units), [&unit](const SpanUnit& one) {
    return !unit.empty() && (one.word == unit || one.letter == unit);
  });
  if (!is_number || known == std::end(span_units))
    return model::failure("usage", fmt::format("--keep '{}' is not a span", text), "examples: 90d, 90-days, 27-months");
  day.*(known->field) -= n * known->times;
  now = timegm(&day);
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

std::string_view gone_text(std::int64_t number, bool is_preview) {
  if (is_preview) return "would be removed";
  return number == 1 ? "was removed" : "were removed";
}

void tell(const store::PruneResult& gone, const std::string& day, bool is_preview, jobs::Console& console) {
  console.out << fmt::format(
      "{} with {} before {} {}; {} originals\n", model::counted(gone.reports, "report"),
      model::counted(gone.records, "record"), day, gone_text(gone.reports, is_preview),
      gone.items == 1 ? "1 mail or file loses its" : fmt::format("{} mails or files lose their", gone.items));
  if (gone.failures > 0)
    console.out << fmt::format("{} before {} {}\n", model::counted(gone.failures, "failure report"), day,
                               gone_text(gone.failures, is_preview));
  if (gone.tls_reports > 0)
    console.out << fmt::format("{} before {} {}\n", model::counted(gone.tls_reports, "TLS report"), day,
                               gone_text(gone.tls_reports, is_preview));
}

model::Result<void> prune_samples(store::Database& database, const std::string& days, bool is_preview,
                                  jobs::Console& console) {
  TRY(const auto day, first_day_kept(days + "-days"));
  TRY(const auto gone, is_preview ? store::preview_samples(database, day) : store::prune_samples(database, day));
  console.out << fmt::format("{} of failure reports before {} {}\n", model::counted(gone.samples, "sample"), day,
                             gone_text(gone.samples, is_preview));
  if (!gone.is_log_empty)
    console.err << "ruaudit: a reader keeps the write-ahead log; what was removed may be in it until it ends\n";
  return {};
}

model::Result<ExitCode> prune(const Options& options, jobs::Console& console) {
  const auto keep = options.value("keep");
  const auto samples = options.value("samples-days");
  if (!keep && !samples)
    return model::failure("usage", "db prune needs --keep SPAN or --samples-days N", "for example --keep 27-months");
  TRY(const auto days, options.number("samples-days", 1, 100'000));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  TRY(auto path, database_path(options));
  const bool is_preview = options.has("preview");
  std::string day;
  if (keep) {
    TRY(day, first_day_kept(*keep));
  }
  TRY(auto database, open(options, store::Access::read_write));
  TRY(const auto lock, store::IngestLock::acquire(path, std::chrono::seconds(wait.value_or(60))));
  if (keep) {
    const auto mode = is_preview ? store::PruneMode::preview : store::PruneMode::apply;
    TRY(const auto gone, store::prune(database, day, mode));
    tell(gone, day, is_preview, console);
  }
  if (days) TRY_VOID(prune_samples(database, std::to_string(*days), is_preview, console));
  return ExitCode::success;
}

// Also of a file of an older version: before it is migrated is the time for a copy.
model::Result<ExitCode> backup(const Options& options, jobs::Console&) {
  TRY(auto path, readable_database(options));
  TRY(auto database,
      store::Database::open(
          {.path = std::move(path), .access = store::Access::read_only, .older = store::OlderFile::accept}));
  TRY_VOID(store::backup(database, options.arguments()[0]));
  return ExitCode::success;
}

// "0640" as chmod(1) takes it. The owner must be able to read the file.
model::Result<std::uint32_t> mode(const Options& options) {
  const std::string text = options.value_or("mode", "0600");
  std::uint32_t mode = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, mode, 8);
  if (fault != std::errc{} || stop != end || mode > 0777 || (mode & 0400U) == 0)
    return model::failure("usage", fmt::format("--mode '{}' is no permission of a file", text),
                          "three octal digits of which the first is 4 or more, for example 0640");
  return mode;
}

model::Result<report::RowFormat> row_format(const Options& options) {
  const auto text = options.value_or("format", "ndjson");
  if (text == "ndjson") return report::RowFormat::ndjson;
  if (text == "csv") return report::RowFormat::csv;
  return model::failure("usage", fmt::format("--format of views is ndjson or csv, not '{}'", jobs::printable(text)));
}

model::Result<void> print_view(const jobs::ViewsOrder& order, const std::string& view, std::ostream& out) {
  return jobs::write_view(order, view, [&out](std::string_view rows) -> model::Result<void> {
    if (out << rows) return {};
    return model::failure("file-create", "cannot write to standard output");
  });
}

model::Result<ExitCode> export_views(const Options& options, jobs::Console& console) {
  const auto view = options.value("view");
  if (view && options.has("all")) return model::failure("usage", "db export takes --view NAME or --all, not both");
  jobs::ViewsOrder order;
  TRY(order.format, row_format(options));
  TRY(order.mode, mode(options));
  TRY(order.database, readable_database(options));
  if (options.has("replace")) order.existing = jobs::ExistingFile::replace;
  const std::string& target = options.arguments()[0];
  if (!view && target == "-") return model::failure("usage", "db export --all needs a folder, not standard output");
  if (!view) {
    TRY_VOID(jobs::export_all_views(order, target));
  } else if (target == "-") {
    TRY_VOID(print_view(order, *view, console.out));
  } else {
    TRY_VOID(jobs::export_view(order, *view, target));
  }
  return ExitCode::success;
}

model::Result<ExitCode> export_copy(const Options& options, jobs::Console& console) {
  if (options.has("view") || options.has("all")) return export_views(options, console);
  if (options.has("format"))
    return model::failure("usage", "--format is for the rows of views", "add --view NAME or --all");
  TRY(const auto permissions, mode(options));
  TRY(auto database, open(options, store::Access::read_only));
  const auto existing = options.has("replace") ? store::ExistingFile::replace : store::ExistingFile::refuse;
  TRY_VOID(store::export_copy(database, {.path = options.arguments()[0], .existing = existing, .mode = permissions}));
  return ExitCode::success;
}

// Every command that writes does this first; this one does nothing else.
model::Result<ExitCode> migrate(const Options& options, jobs::Console& console) {
  TRY(auto path, readable_database(options));
  TRY_VOID(migrate_older(path, console));
  TRY(const auto database, store::Database::open({.path = std::move(path), .access = store::Access::read_write}));
  console.out << fmt::format("the file has schema version {}\n", store::schema_version);
  return ExitCode::success;
}

std::string shown_value(const store::Statistic& row) {
  if (row.kind == store::StatisticKind::count) return std::to_string(row.value);
  return row.value == 0 ? "none" : model::day_text(row.value);
}

model::Result<ExitCode> stats(const Options& options, jobs::Console& console) {
  TRY(auto database, open(options, store::Access::read_only));
  TRY(const auto rows, store::statistics(database));
  for (const auto& row : rows)
    console.out << fmt::format("{:32} {:>16}\n", jobs::printable(row.name), shown_value(row));
  return ExitCode::success;
}

}  // namespace

const Command db_check_command = {&check_spec, guarded<check>};
const Command db_prune_command = {&prune_spec, guarded<prune>};
const Command db_backup_command = {&backup_spec, guarded<backup>};
const Command db_export_command = {&export_spec, guarded<export_copy>};
const Command db_migrate_command = {&migrate_spec, guarded<migrate>};
const Command db_stats_command = {&stats_spec, guarded<stats>};

}  // namespace ruaudit::cli
