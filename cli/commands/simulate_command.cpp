// ruaudit simulate: stored reports replayed against records that are not published yet.
#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/dns_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "cli/options/suffix_list.hpp"
#include "cli/steps/authenticate_step.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/judge_request.hpp"
#include "jobs/judge/service_lists.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/simulate/simulate.hpp"
#include "model/calendar.hpp"
#include "report/period.hpp"
#include "report/simulate/simulate.hpp"

namespace ruaudit::cli {
namespace {

namespace simulation = model::simulation;

constexpr OptionSpec options_table[] = {
    db_option,
    {"dmarc", OptionKind::value, "TEXT", "the DMARC record of DOMAIN would be this"},
    {"spf", OptionKind::value, "TEXT", "the SPF record of DOMAIN would be this"},
    {"add-include", OptionKind::list, "NAME", "the SPF record would include this, too; may be repeated"},
    {"remove-term", OptionKind::list, "TERM", "the SPF record would not have this term; may be repeated"},
    {"drop-selector", OptionKind::list, "S", "this DKIM key of DOMAIN would be gone; may be repeated"},
    {"align-service", OptionKind::list, "NAME", "this service would sign as DOMAIN; may be repeated"},
    {"period", OptionKind::value, "NAME", "yesterday, last-week, last-month or all (default)"},
    {"since", OptionKind::value, "DAY", "first day, YYYY-MM-DD"},
    {"until", OptionKind::value, "DAY", "last day, YYYY-MM-DD"},
    {"require-authentic", OptionKind::flag, "", "replay only reports that `authenticate` found to be genuine"},
    {"records", OptionKind::flag, "", "with --format csv: a line for every stored record"},
    {"top", OptionKind::value, "N", "addresses in each list of the text; default 20"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or csv"},
    zone_option,
    resolver_option,
    list_option,
    cluster_option,
    now_option,
};
constexpr CommandSpec spec = {
    "simulate",
    "[OPTIONS] DOMAIN",
    "Shows whose mail a change of SPF, DKIM or DMARC records would hurt, from stored reports.",
    options_table,
    1,
    1};

bool has_change(const jobs::SimulateRequest& request) {
  return request.dmarc || request.spf || !request.add_includes.empty() || !request.remove_terms.empty() ||
         !request.drop_selectors.empty() || !request.align_services.empty();
}

model::Result<void> choose_days(const Options& options, jobs::SimulateRequest& request) {
  auto chosen = report::choose_period(
      {.name = options.value("period"), .since = options.value("since"), .until = options.value("until")}, request.now);
  if (!chosen) return model::failure("usage", chosen.error().message, chosen.error().hint);
  if (!chosen->first_day.empty()) request.first_day = chosen->first_day;
  if (!chosen->last_day.empty()) request.last_day = chosen->last_day;
  return {};
}

model::Result<jobs::SimulateRequest> request_of(const Options& options) {
  const auto domain = model::Domain::parse(options.arguments().front());
  if (!domain) return model::failure("usage", domain.error().message, domain.error().hint);
  TRY(const auto loaded, load_configuration(options));
  const auto& general = loaded.configuration.general;
  const auto judged = judge_request(general, {});
  jobs::SimulateRequest request{.domain = *domain};
  request.dmarc = options.value("dmarc");
  request.spf = options.value("spf");
  request.add_includes = options.list("add-include");
  request.remove_terms = options.list("remove-term");
  request.drop_selectors = options.list("drop-selector");
  request.align_services = options.list("align-service");
  request.only_authenticated = options.has("require-authentic") || general.require_authentic;
  request.own_domains = judged.own_domains;
  request.parked_domains = judged.parked_domains;
  request.now = jobs::epoch_now();
  TRY_VOID(choose_days(options, request));
  if (!has_change(request))
    return model::failure("usage", "simulate needs a change",
                          "e.g. --dmarc 'v=DMARC1; p=reject; rua=mailto:...' or --remove-term include:example.net");
  return request;
}

report::SimulatedRecord shown(const jobs::RecordLine& line) {
  return {
      .day = line.day,
      .reporter = line.reporter,
      .policy_domain = line.policy_domain,
      .address = line.address,
      .header_from = line.pattern.header_from,
      .envelope_from = line.pattern.envelope_from ? std::string_view(*line.pattern.envelope_from) : std::string_view(),
      .report_key = line.report_key,
      .row_number = line.row_number,
      .messages = line.messages,
      .decision = line.decision};
}

ExitCode exit_code_of(const simulation::Simulation& result) {
  auto worst = ExitCode::success;
  for (const auto& line : result.lines) {
    if (line.effect == simulation::Effect::newly_passes || line.effect == simulation::Effect::milder) continue;
    const bool is_harm = line.effect != simulation::Effect::undecided;
    if (is_harm && (line.sender == simulation::Sender::own_server || line.sender == simulation::Sender::service))
      return ExitCode::to_fix;
    if (line.sender != simulation::Sender::stranger) worst = ExitCode::to_answer;
  }
  return worst;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto format, output_format(options));
  TRY(const auto top, options.number("top", 1, 1'000'000));
  if (options.has("records") && format != report::Format::csv)
    return model::failure("usage", "--records needs --format csv");
  TRY(auto request, request_of(options));
  TRY(const auto list, suffix_list_of(options));
  TRY(request.database, judged_database(options, console));
  TRY(const auto source, open_dns(options));
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto services, jobs::services_with(loaded.configuration.general.service_files));
  jobs::SimulateTools tools{.resolver = source.resolver(), .list = list, .services = services};
  if (options.has("records")) {
    console.out << report::simulated_records_head();
    tools.each_record = [&](const jobs::RecordLine& line) {
      console.out << report::simulated_record_line(shown(line));
    };
  }
  TRY(const auto result, jobs::simulate(request, tools));
  if (format == report::Format::json) console.out << report::simulate_json(result);
  if (format == report::Format::text)
    console.out << report::simulate_text(result, static_cast<std::size_t>(top.value_or(20)));
  if (format == report::Format::csv && !options.has("records")) console.out << report::simulate_csv(result);
  return exit_code_of(result);
}

}  // namespace

const Command simulate_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
