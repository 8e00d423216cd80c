// ruaudit summary: facts of a period out of the database, as text, JSON or CSV.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/configuration_options.hpp"
#include "cli/database_path.hpp"
#include "cli/now_option.hpp"
#include "cli/output_format.hpp"
#include "cli/screen.hpp"
#include "jobs/mailbox/health.hpp"
#include "jobs/process/clock.hpp"
#include "model/domain.hpp"
#include "report/period.hpp"
#include "report/summary.hpp"
#include "store/summary/queries.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"domain", OptionKind::list, "D", "only this policy domain; may be repeated"},
    {"period", OptionKind::value, "NAME", "yesterday, last-week, last-month or all (default)"},
    {"since", OptionKind::value, "DAY", "first day, YYYY-MM-DD"},
    {"until", OptionKind::value, "DAY", "last day, YYYY-MM-DD"},
    {"overlap", OptionKind::flag, "", "count every report that touches the period, not only those centred in it"},
    {"require-authentic", OptionKind::flag, "", "sum up only reports that `authenticate` found genuine"},
    {"timezone", OptionKind::value, "ZONE", "of days, e.g. Europe/Berlin; default UTC"},
    {"top", OptionKind::value, "N", "sources per list; default 10"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or csv"},
    now_option,
};
constexpr CommandSpec spec = {
    "summary", "[OPTIONS]", "Tells who sends for each domain, what failed and what to do.", options_table, 0, 0};

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

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const std::int64_t now = jobs::epoch_now();
  TRY(const auto path, readable_database(options));
  TRY(const auto format, output_format(options));
  TRY(const auto shade, colour_of(options, console));
  TRY(const auto chosen, period(options, now));
  TRY(auto names, domains(options));
  TRY(const auto top, options.number("top", 1, 1000));
  TRY(const auto loaded, load_configuration(options));
  const bool only_authentic = options.has("require-authentic") || loaded.configuration.general.require_authentic;
  const store::SummaryRequest request{
      .domains = std::move(names),
      .period = chosen.period,
      .membership = options.has("overlap") ? store::Membership::overlap : store::Membership::midpoint,
      .admission = only_authentic ? store::Admission::authenticated : store::Admission::all,
      .top_sources = static_cast<std::size_t>(top.value_or(10))};
  TRY(auto facts, store::read_summary_facts(path, request));
  const auto mailboxes = visited_mailboxes(path);
  std::transform(mailboxes.begin(), mailboxes.end(), std::back_inserter(facts.mailboxes), facts_of);
  console.out << report::render_summary(facts, {.period = chosen, .now = now, .colour = shade}, format);
  if (format == report::Format::text) console.out << mailboxes_section(mailboxes, now);
  return ExitCode::success;
}

}  // namespace

const Command summary_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
