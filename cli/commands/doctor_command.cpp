// ruaudit doctor: examines the configuration, every mailbox it names, and the machine; tells what it finds and what to
// do about it.
#include <fmt/format.h>

#include <ctime>

#include "cli/commands.hpp"
#include "cli/options/mailbox_command_options.hpp"
#include "cli/options/output_format.hpp"
#include "jobs/doctor/doctor.hpp"
#include "jobs/process/signals.hpp"
#include "model/counted.hpp"

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
bool examine_configuration(const config::Examined& examined, std::vector<jobs::Finding>& all) {
  jobs::Findings findings(all, "configuration");
  for (const model::Error& error : examined.errors) findings.fail("file", error);
  const auto& loaded = examined.loaded;
  if (!examined.errors.empty()) return false;
  const std::string file = loaded.path.empty() ? "no file, only the command line" : loaded.path;
  findings.ok("file", fmt::format("{}: {}", file,
                                  model::counted(loaded.configuration.mailboxes.size(), "mailbox", "mailboxes")));
  if (loaded.configuration.mailboxes.empty())
    findings.warn("file", "no mailbox is configured", "`ruaudit init` writes a first configuration");
  return true;
}

void examine_mailboxes(const std::vector<config::Mailbox>& mailboxes, const jobs::DoctorTools& tools,
                       std::vector<jobs::Finding>& all) {
  for (const config::Mailbox& mailbox : mailboxes) {
    if (jobs::stop_requested()) return;
    jobs::Findings findings(all, "mailbox " + mailbox.name);
    const bool is_local = mailbox.type == config::SourceType::maildir || mailbox.type == config::SourceType::mbox;
    (is_local ? jobs::examine_local_mailbox : jobs::examine_server)(mailbox, tools, findings);
  }
}

model::Result<std::vector<config::Mailbox>> mailboxes_of(const Options& options,
                                                         const config::Configuration& configuration) {
  if (configuration.mailboxes.empty()) return std::vector<config::Mailbox>{};
  return chosen_mailboxes(options, configuration);
}

model::Result<std::vector<jobs::Finding>> examine(const Options& options) {
  const auto request = configuration_request(options);
  TRY(const auto examined, config::examine({.path = request.path, .settings = request.settings}));
  const config::Configuration& configuration = examined.loaded.configuration;
  TRY(const auto path, database_path(options, examined.loaded));
  TRY(const auto mailboxes, mailboxes_of(options, configuration));
  std::vector<jobs::Finding> all;
  const bool is_right = examine_configuration(examined, all);
  jobs::Findings database_findings(all, "database");
  auto database = jobs::examine_database(path, database_findings);
  const jobs::DoctorTools tools{.database = database ? &*database : nullptr,
                                .stop = {jobs::signal_descriptor()},
                                .now = static_cast<std::int64_t>(std::time(nullptr))};
  if (is_right) examine_mailboxes(mailboxes, tools, all);
  jobs::Findings disk(all, "disk"), resolver(all, "resolver"), clock(all, "clock");
  jobs::examine_disk(path, disk);
  jobs::examine_resolver(configuration.general, resolver);
  jobs::examine_clock(tools.now, clock);
  return all;
}

model::Result<ExitCode> doctor(const Options& options, jobs::Console& console) {
  TRY(const auto format, output_format(options, text_and_json));
  jobs::catch_stop_signals();
  TRY(const auto findings, examine(options));
  console.out << (format == report::Format::json ? jobs::findings_json(findings) : jobs::findings_text(findings));
  return jobs::has_failed(findings) ? ExitCode::rejected : ExitCode::success;
}

}  // namespace

const Command doctor_command = {&doctor_spec, guarded<doctor>};

}  // namespace ruaudit::cli
