#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/commands.hpp"

namespace ruaudit::cli {
namespace {

std::string overview() {
  std::string out =
      "usage: ruaudit COMMAND [OPTIONS] [ARGUMENTS]\n\nReads DMARC reports and tells what they mean.\n\nCommands:\n";
  for (const Command& command : commands())
    out += fmt::format("  {:14}{}\n", command.spec->name, command.spec->purpose);
  return out + "\nruaudit COMMAND --help tells the options of a command; ruaudit --version the version.\n";
}

// The command whose name is the first one or two arguments, and how many of them it took.
struct Found {
  const Command* command = nullptr;
  std::size_t words = 0;
};
Found find_command(std::span<const std::string> arguments) {
  for (const std::size_t words : {std::size_t{2}, std::size_t{1}}) {
    if (arguments.size() < words) continue;
    const std::string name = words == 2 ? arguments[0] + " " + arguments[1] : arguments[0];
    for (const Command& command : commands())
      if (command.spec->name == name) return {&command, words};
  }
  return {};
}

ExitCode unknown_command(const std::string& name, jobs::Console& console) {
  std::string members;
  for (const Command& command : commands())
    if (command.spec->name.starts_with(name + " ")) members += fmt::format("  ruaudit {}\n", command.spec->name);
  console.err << (members.empty()
                      ? fmt::format("ruaudit: there is no command '{}'\n  ruaudit --help lists them\n",
                                    jobs::printable(name))
                      : fmt::format("ruaudit: '{}' needs one more word:\n{}", jobs::printable(name), members));
  return ExitCode::usage;
}

}  // namespace

std::span<const Command> commands() {
  static const Command table[] = {ingest_command,       fetch_command,       watch_command,       status_command,
                                  summary_command,      query_command,       verify_command,      authenticate_command,
                                  reprocess_command,    reverify_command,    failures_command,    failures_show_command,
                                  db_check_command,     db_prune_command,    db_backup_command,   db_export_command,
                                  db_migrate_command,   db_stats_command,    init_command,        doctor_command,
                                  config_check_command, config_show_command, config_keys_command, anonymise_command};
  return table;
}

ExitCode report_failure(jobs::Console& console, const model::Error& error) {
  jobs::print_error(console, error);
  return error.code == "usage" ? ExitCode::usage : ExitCode::failure;
}

ExitCode run_command_line(std::span<const std::string> arguments, jobs::Console& console) {
  if (arguments.empty()) {
    console.err << overview();
    return ExitCode::usage;
  }
  if (arguments[0] == "--help" || arguments[0] == "help") {
    console.out << overview();
    return ExitCode::well;
  }
  if (arguments[0] == "--version") {
    console.out << "ruaudit " RUAUDIT_VERSION "\n";
    return ExitCode::well;
  }
  const Found found = find_command(arguments);
  if (found.command == nullptr) return unknown_command(arguments[0], console);
  const auto options = Options::parse(*found.command->spec, arguments.subspan(found.words));
  if (!options) return report_failure(console, options.error());
  if (options->has("help")) {
    console.out << help_text(*found.command->spec);
    return ExitCode::well;
  }
  return found.command->run(*options, console);
}

}  // namespace ruaudit::cli
