// ruaudit readiness: may the policy of a domain become stricter, what blocks it, and the next records with their dates.
#include "cli/commands/readiness_command.hpp"

#include <algorithm>

#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/judge_request.hpp"
#include "cli/terminal/pager.hpp"
#include "cli/terminal/screen.hpp"
#include "jobs/overview/make_overview.hpp"
#include "model/domain.hpp"
#include "report/overview/readiness_text.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"format", OptionKind::value, "FORMAT", "text (default) or json"},
    cluster_option,
    now_option,
};
constexpr CommandSpec spec = {"readiness", "[OPTIONS] [DOMAIN...]",
                              "Says whether the DMARC policy may become stricter, and how.", options_table};

model::Result<std::vector<std::string>> asked_domains(const Options& options) {
  std::vector<std::string> names;
  for (const auto& text : options.arguments()) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", domain.error().message);
    names.push_back(domain->text());
  }
  return names;
}

// 11: something must be fixed first, or there is no record; 10: something must be answered, or there are too few
// reports, or too few that say whether mail passes.
ExitCode exit_code_of(const model::Overview& overview) {
  ExitCode code = ExitCode::success;
  for (const auto& domain : overview.domains) {
    using enum model::GateState;
    const auto state = domain.gate.state;
    if (state == no_record) return ExitCode::to_fix;
    if (state == no_reports || state == no_policy || state == blocked || state == undecided) code = ExitCode::to_answer;
    for (const auto& one : overview.findings)
      if (state == blocked && !one.is_snoozed && one.finding.domain == domain.domain &&
          one.finding.severity == model::Severity::fix)
        return ExitCode::to_fix;
  }
  return code;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto format, output_format(options, text_and_json));
  TRY(const auto shade, colour_of(options, console));
  TRY(auto names, asked_domains(options));
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto path, judged_database(options, console));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  const jobs::OverviewOrder order{
      .judge = judge_request(loaded.configuration.general, {}),
      .overview = {.only_authenticated = loaded.configuration.general.require_authentic, .domains = std::move(names)},
      .has_receivers = true};
  TRY(const auto overview, jobs::make_overview(database, order));
  for (const auto& name : order.overview.domains)
    if (std::none_of(overview.domains.begin(), overview.domains.end(), [&](const auto& d) { return d.domain == name; }))
      return model::failure("no-domain", "no report is about " + name, "`ruaudit summary` lists the domains");
  if (format == report::Format::json) {
    console.out << report::readiness_json(overview);
  } else {
    const auto size = screen_size(console);
    write_paged(console, report::readiness_text(overview, size.columns, shade), size.rows);
  }
  return exit_code_of(overview);
}

}  // namespace

const Command readiness_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
