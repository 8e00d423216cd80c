// ruaudit doctor: examines the configuration, every mailbox it names, and the machine; tells what it finds and what to
// do about it.
#include <fmt/format.h>

#include <ctime>

#include "cli/commands.hpp"
#include "cli/doctor.hpp"
#include "cli/mailbox_command_options.hpp"
#include "cli/signals.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto doctor_options = with_configuration(std::array{
    mailbox_option,
    OptionSpec{"format", OptionKind::value, "NAME", "text (default) or json"},
});

constexpr CommandSpec doctor_spec = {
    "doctor",
    "[OPTIONS]",
    "Tests the configuration, every mailbox, database, disk, DNS and clock; changes nothing.",
    doctor_options,
    0,
    0};

// False: the mailboxes of a configuration with errors are not examined.
bool examine_configuration(const config::Examined& examined, std::vector<Finding>& all) {
  Findings findings(all, "configuration");
  for (const model::Error& error : examined.errors) findings.fail("file", error);
  const auto& loaded = examined.loaded;
  if (!examined.errors.empty()) return false;
  const std::string file = loaded.path.empty() ? "no file, the command line alone" : loaded.path;
  findings.ok("file", fmt::format("{}: {} mailboxes", file, loaded.configuration.mailboxes.size()));
  if (loaded.configuration.mailboxes.empty())
    findings.warn("file", "no mailbox is configured", "ruaudit init writes a first configuration");
  return true;
}

void examine_mailboxes(const std::vector<config::Mailbox>& mailboxes, const DoctorTools& tools,
                       std::vector<Finding>& all) {
  for (const config::Mailbox& mailbox : mailboxes) {
    if (stop_requested()) return;
    Findings findings(all, "mailbox " + mailbox.name);
    const bool is_local = mailbox.type == config::SourceType::maildir || mailbox.type == config::SourceType::mbox;
    (is_local ? examine_local_mailbox : examine_server)(mailbox, tools, findings);
  }
}

model::Result<std::vector<config::Mailbox>> mailboxes_of(const Options& options,
                                                         const config::Configuration& configuration) {
  if (configuration.mailboxes.empty()) return std::vector<config::Mailbox>{};
  return chosen_mailboxes(options, configuration);
}

model::Result<std::vector<Finding>> examine(const Options& options) {
  const auto request = configuration_request(options);
  TRY(const auto examined, config::examine({.path = request.path, .settings = request.settings}));
  const config::Configuration& configuration = examined.loaded.configuration;
  TRY(const auto path, database_path(options, configuration));
  TRY(const auto mailboxes, mailboxes_of(options, configuration));
  std::vector<Finding> all;
  const bool is_right = examine_configuration(examined, all);
  Findings database_findings(all, "database");
  auto database = examine_database(path, database_findings);
  const DoctorTools tools{.database = database ? &*database : nullptr,
                          .stop = {signal_descriptor()},
                          .now = static_cast<std::int64_t>(std::time(nullptr))};
  if (is_right) examine_mailboxes(mailboxes, tools, all);
  Findings disk(all, "disk"), resolver(all, "resolver"), clock(all, "clock");
  examine_disk(path, disk);
  examine_resolver(configuration.general, resolver);
  examine_clock(tools.now, clock);
  return all;
}

model::Result<ExitCode> doctor(const Options& options, Console& console) {
  const std::string format = options.value_or("format", "text");
  if (format != "text" && format != "json")
    return model::failure("usage", fmt::format("--format is text or json, not '{}'", format));
  catch_stop_signals();
  TRY(const auto findings, examine(options));
  console.out << (format == "json" ? findings_json(findings) : findings_text(findings));
  return has_failed(findings) ? ExitCode::rejected : ExitCode::well;
}

}  // namespace

const Command doctor_command = {&doctor_spec, guarded<doctor>};

}  // namespace ruaudit::cli
