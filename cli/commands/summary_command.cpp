// ruaudit summary: one screen of what there is to know and to do; with --details, as JSON or as CSV the facts of a
// period out of the database.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/judge_request.hpp"
#include "cli/terminal/pager.hpp"
#include "cli/terminal/screen.hpp"
#include "jobs/mailbox/health.hpp"
#include "jobs/overview/make_overview.hpp"
#include "jobs/process/clock.hpp"
#include "model/calendar.hpp"
#include "model/domain.hpp"
#include "report/overview/readiness_text.hpp"
#include "report/period.hpp"
#include "report/summary.hpp"
#include "store/summary/queries.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"domain", OptionKind::list, "D", "only this policy domain; may be repeated"},
    {"details", OptionKind::flag, "", "all facts of the period: figures, sources, reporters, policies"},
    {"period", OptionKind::value, "NAME",
     "yesterday, last-week, last-30-days, last-month or all; default: all, and for the screen the last 30 days "
     "reported"},
    {"since", OptionKind::value, "DAY", "first day, YYYY-MM-DD"},
    {"until", OptionKind::value, "DAY", "last day, YYYY-MM-DD"},
    {"received-since", OptionKind::value, "TIME", "figures of the screen: only reports that came in since then"},
    {"overlap", OptionKind::flag, "", "count every report that touches the period, not only those centred in it"},
    {"require-authentic", OptionKind::flag, "", "add up only reports that `authenticate` found to be genuine"},
    {"timezone", OptionKind::value, "ZONE", "of days, e.g. Europe/Berlin; default UTC"},
    {"top", OptionKind::value, "N", "sources per list; default 10"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or csv"},
    cluster_option,
    now_option,
};
constexpr CommandSpec spec = {
    "summary", "[OPTIONS]", "Shows who sends for each domain, what failed and what to do.", options_table, 0, 0};

model::Result<std::vector<std::string>> domains(const Options& options) {
  std::vector<std::string> names;
  for (const std::string& text : options.list("domain")) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    names.push_back(domain->text());
  }
  return names;
}

model::Result<report::ChosenPeriod> period(const Options& options, std::int64_t now) {
  const report::PeriodRequest request{.name = options.value("period"),
                                      .since = options.value("since"),
                                      .until = options.value("until"),
                                      .timezone = options.value_or("timezone", "UTC")};
  auto chosen = report::choose_period(request, now);
  if (!chosen) return model::failure("usage", chosen.error().message, chosen.error().hint);
  return chosen;
}

// Of every mailbox that was ever visited. Without an answer the summary itself has said what is wrong.
std::vector<store::SourceState> visited_mailboxes(const std::string& path) {
  auto database = store::Database::open({.path = path, .access = store::Access::read_only});
  if (!database) return {};
  auto states = store::source_states(*database);
  return states ? std::move(*states) : std::vector<store::SourceState>{};
}

std::string mailboxes_section(const std::vector<store::SourceState>& states, std::int64_t now) {
  std::string text = states.empty() ? "" : "\nMailboxes\n";
  for (const auto& state : states)
    text += "  " + jobs::source_line(state.source, &state, now, jobs::usual_max_age_seconds);
  return text;
}

model::MailboxFacts facts_of(const store::SourceState& state) {
  return {.name = state.source,
          .last_attempt = state.last_attempt,
          .last_success = state.last_success,
          .failures = state.failures,
          .messages = state.messages,
          .error = state.error};
}

std::optional<assess::Day> day_number(const std::string& day) {
  const auto start = model::parse_day(day);
  return start ? std::optional(static_cast<assess::Day>(model::day_number(*start))) : std::nullopt;
}

struct Wanted {
  std::string path;
  report::ChosenPeriod period;
  std::vector<std::string> domains;
  bool only_authentic = false;
  config::General general;
};

// `is_whole`: a period that is open is all days, not the last 30.
model::Result<model::Overview> overview_of(const Options& options, const Wanted& wanted, bool is_whole) {
  TRY(auto database, store::Database::open({.path = wanted.path, .access = store::Access::read_only}));
  jobs::OverviewOrder order{.judge = judge_request(wanted.general, {}),
                            .overview = {.label = wanted.period.label,
                                         .first = day_number(wanted.period.first_day),
                                         .last = day_number(wanted.period.last_day),
                                         .is_all = is_whole,
                                         .only_authenticated = wanted.only_authentic,
                                         .domains = wanted.domains}};
  TRY(order.overview.received_since, instant_option(options, "received-since"));
  return jobs::make_overview(database, order);
}

model::Result<ExitCode> show_screen(const Options& options, const Wanted& wanted, report::Colour shade,
                                    jobs::Console& console) {
  const bool is_whole = options.has("period") || options.has("received-since");
  TRY(const auto overview, overview_of(options, wanted, is_whole));
  console.out << report::overview_text(overview, screen_size(console), shade);
  return ExitCode::success;
}

model::Result<ExitCode> show_facts(const Options& options, const Wanted& wanted, const report::SummaryContext& context,
                                   jobs::Console& console) {
  TRY(const auto format, output_format(options));
  TRY(const auto top, options.number("top", 1, 1000));
  const store::SummaryRequest request{
      .domains = wanted.domains,
      .period = wanted.period.period,
      .membership = options.has("overlap") ? store::Membership::overlap : store::Membership::midpoint,
      .admission = wanted.only_authentic ? store::Admission::authenticated : store::Admission::all,
      .top_sources = static_cast<std::size_t>(top.value_or(10))};
  TRY(auto facts, store::read_summary_facts(wanted.path, request));
  const auto mailboxes = visited_mailboxes(wanted.path);
  std::transform(mailboxes.begin(), mailboxes.end(), std::back_inserter(facts.mailboxes), facts_of);
  std::string text = report::render_summary(facts, context, format);
  if (format == report::Format::json) {
    TRY(const auto overview, overview_of(options, wanted, true));
    console.out << report::with_overview(text, overview);
    return ExitCode::success;
  }
  if (format == report::Format::csv) {
    console.out << text;
    return ExitCode::success;
  }
  write_paged(console, text + mailboxes_section(mailboxes, context.now), screen_size(console).rows);
  return ExitCode::success;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const std::int64_t now = jobs::epoch_now();
  TRY(const auto format, output_format(options));
  TRY(const auto shade, colour_of(options, console));
  TRY(auto chosen, period(options, now));
  TRY(auto names, domains(options));
  TRY_VOID(options.number("top", 1, 1000));
  TRY(const auto loaded, load_configuration(options));
  TRY(auto path, judged_database(options, console));
  const Wanted wanted{
      .path = std::move(path),
      .period = std::move(chosen),
      .domains = std::move(names),
      .only_authentic = options.has("require-authentic") || loaded.configuration.general.require_authentic,
      .general = loaded.configuration.general};
  if (format == report::Format::text && !options.has("details")) return show_screen(options, wanted, shade, console);
  return show_facts(options, wanted, {.period = wanted.period, .now = now, .colour = shade}, console);
}

}  // namespace

const Command summary_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
