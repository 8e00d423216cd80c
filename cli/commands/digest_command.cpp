// ruaudit digest: what changed since the last digest, for each group of domains and its readers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/reader_language.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/cluster_step.hpp"
#include "cli/steps/judge_request.hpp"
#include "config/secret.hpp"
#include "config/validate.hpp"
#include "jobs/digest/delivery.hpp"
#include "jobs/overview/make_overview.hpp"
#include "model/domain.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto options_table = with_configuration(std::array{
    OptionSpec{"domain", OptionKind::list, "D", "only this policy domain, with a digest of its own; may be repeated"},
    OptionSpec{"group", OptionKind::list, "NAME",
               "only this group, [digest NAME] of the configuration; may be repeated"},
    OptionSpec{"format", OptionKind::value, "FORMAT",
               "text (default), json, markdown, html or mail, on standard output"},
    OptionSpec{"mail-to", OptionKind::list, "ADDRESS", "send it there, as [mail] says; may be repeated"},
    OptionSpec{"json-file", OptionKind::value, "FILE", "the same digest as JSON, into this file"},
    OptionSpec{"repeat", OptionKind::flag, "", "the last delivered digest again"},
    OptionSpec{"since", OptionKind::value, "TIME", "what came in since then; only shown, neither sent nor recorded"},
    OptionSpec{"quiet-if-empty", OptionKind::flag, "", "print nothing if nothing is new, worse or over"},
    OptionSpec{"wait", OptionKind::value, "SECONDS", "how long to wait for a run that is writing; default 60"},
    cluster_option,
    now_option,
});
constexpr CommandSpec spec = {
    "digest", "[OPTIONS]", "Reports what changed since the last digest, why, and what to do.", options_table, 0, 0};

using Groups = std::vector<config::DigestGroup>;

model::Result<std::vector<model::Domain>> chosen_domains(const Options& options) {
  std::vector<model::Domain> domains;
  for (const std::string& text : options.list("domain")) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    domains.push_back(*domain);
  }
  return domains;
}

model::Result<Groups> named_groups(const Groups& all, const std::vector<std::string>& names) {
  Groups chosen;
  for (const auto& name : names) {
    const auto group =
        std::find_if(all.begin(), all.end(), [&](const config::DigestGroup& g) { return g.name == name; });
    if (group == all.end()) return model::failure("usage", "--group: the configuration has no [digest " + name + "]");
    chosen.push_back(*group);
  }
  return chosen;
}

// The state is kept separately for each choice of domains.
config::DigestGroup group_of(const std::vector<model::Domain>& domains) {
  config::DigestGroup group;
  for (const auto& domain : domains) group.name += (group.name.empty() ? "" : " ") + domain.text();
  group.domains = domains;
  return group;
}

model::Result<Groups> chosen_groups(const Options& options, const Groups& configured) {
  TRY(const auto domains, chosen_domains(options));
  const auto names = options.list("group");
  if (!domains.empty() && !names.empty()) return model::failure("usage", "--domain and --group exclude each other");
  if (!names.empty()) return named_groups(configured, names);
  if (!domains.empty() || configured.empty()) return Groups{group_of(domains)};
  return configured;
}

model::Result<std::optional<jobs::Webhook>> webhook_of(const config::DigestGroup& group) {
  if (group.webhook.empty()) return std::optional<jobs::Webhook>{};
  TRY(auto key, config::read_secret(group.webhook_key));
  return std::optional<jobs::Webhook>(
      jobs::Webhook{.url = group.webhook, .ca_file = group.webhook_ca_file, .key = std::move(key)});
}

model::Result<void> check_readers(const std::vector<std::string>& to, const config::OutgoingMail& mail) {
  for (const auto& address : to)
    if (!config::bare_address(address))
      return model::failure("usage", "--mail-to: '" + address + "' is not a mail address");
  if (!to.empty() && mail.from.empty())
    return model::failure("config", "a digest is to be mailed, but there is no [mail] section with 'from'",
                          "ruaudit.conf(5) lists its keys");
  return {};
}

model::Result<void> add_policies(store::Database& database, jobs::MadeDigest& made, const jobs::JudgeRequest& request) {
  TRY(const auto overview,
      jobs::make_overview(database, *made.judgement, {.judge = request, .overview = {.domains = request.domains}}));
  model::Digest& digest = made.digest;
  for (const auto& domain : overview.domains) digest.policies.push_back({domain.domain, domain.gate.sentence});
  for (auto& item : digest.items)
    for (const auto& one : overview.findings)
      if (one.finding.id == item.finding.id) item.number = one.number;
  return {};
}

struct Setting {
  const Options& options;
  const config::Configuration& configuration;
  std::string database, own_database;
  std::chrono::seconds patience;
  std::optional<std::int64_t> since;
};

model::Result<jobs::DigestRun> run_of(const config::DigestGroup& group, const Setting& setting) {
  const auto& [options, configuration, database, own_database, patience, since] = setting;
  std::vector<std::string> domains;
  for (const auto& domain : group.domains) domains.push_back(domain.text());
  jobs::DigestRun run{.name = group.name, .request = judge_request(configuration.general, std::move(domains))};
  run.request.database_path = run.lock_path = database;
  run.request.own_database = own_database;
  TRY(run.language, reader_language(group.language.empty() ? configuration.general.language : group.language));
  run.readers = {group.name, configuration.mail.from, options.has("mail-to") ? options.list("mail-to") : group.to};
  TRY_VOID(check_readers(run.readers.to, configuration.mail));
  run.mail = &configuration.mail;
  run.format = options.value_or("format", run.readers.to.empty() || since ? "text" : "");
  run.json_file = options.value_or("json-file", "");
  run.is_quiet_if_empty = options.has("quiet-if-empty") || group.quiet_if_empty;
  TRY(run.webhook, webhook_of(group));
  run.patience = patience;
  run.complete = [request = run.request](store::Database& store, jobs::MadeDigest& made) {
    return add_policies(store, made, request);
  };
  run.catalogue_folders = catalogue_folders();
  return run;
}

ExitCode exit_code_of(const model::Digest& digest) {
  bool has_question = false;
  for (const auto& item : digest.items) {
    if (item.is_snoozed || item.state == model::FindingState::resolved) continue;
    if (item.finding.severity == model::Severity::fix) return ExitCode::to_fix;
    if (item.finding.severity == model::Severity::ask && item.state != model::FindingState::open) has_question = true;
  }
  return has_question ? ExitCode::to_answer : ExitCode::success;
}

model::Result<ExitCode> tell(const config::DigestGroup& group, const Setting& setting, store::Database& database,
                             jobs::Console& console) {
  TRY(const auto run, run_of(group, setting));
  if (setting.since) {
    TRY(const auto shown, jobs::show_digest_since(database, run, *setting.since, console));
    return exit_code_of(shown);
  }
  TRY(const auto digest, setting.options.has("repeat") ? jobs::repeat_digest(database, run, console)
                                                       : jobs::tell_digest(database, run, console));
  return exit_code_of(digest);
}

// A failure for one group does not affect the digests of the others.
model::Result<ExitCode> tell_all(const Groups& groups, const Setting& setting, store::Database& database,
                                 jobs::Console& console) {
  ExitCode worst = ExitCode::success;
  std::optional<model::Error> failed;
  for (const auto& group : groups) {
    auto code = tell(group, setting, database, console);
    if (!code) {
      if (failed) jobs::print_error(console, *failed);
      failed = group.name.empty() ? code.error() : code.error().in("digest " + group.name);
      continue;
    }
    worst = std::max(worst, *code);
  }
  if (failed) return model::failure(*failed);
  return worst;
}

model::Result<std::optional<std::int64_t>> since_option(const Options& options) {
  if (!options.has("since")) return std::optional<std::int64_t>{};
  for (const char* other : {"repeat", "mail-to"})
    if (options.has(other))
      return model::failure("usage", fmt::format("--since and --{} exclude each other", other),
                            "--since shows what came in since a time, and sends and records nothing");
  return instant_option(options, "since");
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  const auto& formats = jobs::digest_formats;
  if (std::find(std::begin(formats), std::end(formats), format) == std::end(formats))
    return model::failure("usage", "--format is text, json, markdown, html or mail");
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  TRY(const auto since, since_option(options));
  TRY(const auto groups, chosen_groups(options, loaded.configuration.digests));
  if (options.has("json-file") && groups.size() > 1)
    return model::failure("usage", fmt::format("--json-file can hold one digest, but there are {}", groups.size()),
                          "choose one: --group NAME --json-file FILE");
  TRY(const auto path, judged_database(options, console, AfterPull::enrich));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto own, database_path(options, loaded));
  const Setting setting{
      options, loaded.configuration, path, options.has("cluster") ? own : "", std::chrono::seconds(wait.value_or(60)),
      since};
  const auto code = tell_all(groups, setting, database, console);
  if (!since) ship_after(options, console);
  return code;
}

}  // namespace

const Command digest_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
