// ruaudit show, snooze, done: one finding with all it rests on, and what the owner says of it.
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "assess/findings/comparison.hpp"
#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/reader_language.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/judge_request.hpp"
#include "cli/terminal/screen.hpp"
#include "jobs/cluster/pull.hpp"
#include "jobs/overview/make_overview.hpp"
#include "jobs/process/clock.hpp"
#include "model/calendar.hpp"
#include "report/digest/digest_text.hpp"
#include "report/overview/finding_details.hpp"
#include "store/findings/details.hpp"
#include "store/findings/told.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto show_options = with_configuration(std::array{
    OptionSpec{"format", OptionKind::value, "FORMAT", "text (default) or json"},
    cluster_option,
    now_option,
});
constexpr CommandSpec show_spec = {
    "show", "[OPTIONS] [NUMBER|ID]", "Shows the current findings, or one of them with its evidence.", show_options, 0,
    1};

constexpr OptionSpec of_cluster = {"cluster", OptionKind::flag, "", "of the findings of `show --cluster`"};

constexpr auto snooze_options = with_configuration(std::array{
    OptionSpec{"until", OptionKind::value, "DAY", "2026-12-31; default until it is over"}, of_cluster, now_option});
constexpr CommandSpec snooze_spec = {
    "snooze", "[OPTIONS] NUMBER|ID", "Hides a finding, and does not count it, until a given day.", snooze_options, 1,
    1};

constexpr auto done_options = with_configuration(std::array{of_cluster, now_option});
constexpr CommandSpec done_spec = {
    "done", "[OPTIONS] NUMBER|ID", "Marks a finding as fixed: if it comes back, the digest says so.", done_options, 1,
    1};

// The finding of this number (from 1) or id.
const model::Finding* find(const std::vector<model::Finding>& findings, const std::string& text) {
  std::size_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc{} && end == text.data() + text.size())
    return number >= 1 && number <= findings.size() ? &findings[number - 1] : nullptr;
  for (const auto& finding : findings)
    if (finding.id == text) return &finding;
  return nullptr;
}

tl::unexpected<model::Error> no_finding(const std::string& text) {
  return model::failure("no-finding", fmt::format("there is no finding {} now", jobs::printable(text)),
                        "`ruaudit show` lists them");
}

model::Result<ExitCode> show(const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  if (format != "text" && format != "json") return model::failure("usage", "--format is text or json");
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto path, judged_database(options, console));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  TRY(const auto language, reader_language(loaded.configuration.general.language));
  TRY(const auto findings,
      jobs::current_findings(database, {.judge = judge_request(loaded.configuration.general, {})}));
  if (options.arguments().empty()) {
    console.out << (format == "json" ? report::findings_json(findings) : report::findings_text(findings, language));
    return ExitCode::success;
  }
  const auto* finding = find(findings, options.arguments().front());
  if (finding == nullptr) return no_finding(options.arguments().front());
  TRY(const auto details, store::read_finding_details(database, *finding));
  if (format == "json")
    console.out << report::with_details(report::findings_json({*finding}), details);
  else
    console.out << report::finding_text(*finding, language)
                << report::finding_details_text(details, screen_size(console).columns);
  return ExitCode::success;
}

using Ids = std::set<std::string>;

// The ids of a finding of now, by its number or id, or of one that a digest has reported: a digest may know it by that
// of an earlier night, whose busiest address was another.
model::Result<Ids> finding_ids(const Options& options, store::Database& database) {
  const std::string& text = options.arguments().front();
  TRY(const bool was_reported, store::has_reported(database, text));
  if (was_reported) return Ids{text};
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto findings,
      jobs::current_findings(database, {.judge = judge_request(loaded.configuration.general, {})}));
  const auto* finding = find(findings, text);
  if (finding == nullptr) return no_finding(text);
  Ids ids{finding->id};
  TRY(const auto digests, store::digest_names(database));
  for (const auto& digest : digests) {
    TRY(const auto told, store::told_findings(database, digest));
    ids.insert(assess::told_id(findings, static_cast<std::size_t>(finding - findings.data()), told));
  }
  return ids;
}

// The database whose findings `show` with the same options numbers.
model::Result<std::string> cared_database(const Options& options) {
  if (!options.has("cluster")) return readable_database(options);
  TRY(const auto loaded, load_configuration(options));
  TRY_VOID(cluster::place_of(loaded.configuration.cluster));
  TRY(const auto own, database_path(options, loaded));
  return jobs::judging_path(own);
}

// Yields one of the ids.
model::Result<std::string> keep_care(const Options& options, model::Care care) {
  TRY(const auto path, cared_database(options));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto ids, finding_ids(options, database));
  care.set_at = jobs::epoch_now();
  for (const auto& id : ids) {
    care.finding_id = id;
    TRY_VOID(store::save_care(database, care));
  }
  return *ids.begin();
}

model::Result<ExitCode> snooze(const Options& options, jobs::Console& console) {
  model::Care care{.word = model::CareWord::snoozed};
  TRY(care.until, instant_option(options, "until"));
  TRY(const auto id, keep_care(options, care));
  if (!options.has("quiet"))
    console.err << fmt::format("{} is hidden until {}\n", jobs::printable(id),
                               care.until ? model::day_text(*care.until) : "it is over");
  return ExitCode::success;
}

model::Result<ExitCode> done(const Options& options, jobs::Console& console) {
  TRY(const auto id, keep_care(options, {.word = model::CareWord::done}));
  if (!options.has("quiet"))
    console.err << fmt::format("{} is marked as fixed; if it comes back, the digest says so\n", jobs::printable(id));
  return ExitCode::success;
}

}  // namespace

const Command show_command = {&show_spec, guarded<show>};
const Command snooze_command = {&snooze_spec, guarded<snooze>};
const Command done_command = {&done_spec, guarded<done>};

}  // namespace ruaudit::cli
