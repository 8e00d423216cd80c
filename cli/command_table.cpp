#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/commands/completion_command.hpp"
#include "cli/commands/readiness_command.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/terminal/screen.hpp"
#include "config/nearest.hpp"

namespace ruaudit::cli {
namespace {

std::string overview() {
  std::string out =
      "usage: ruaudit COMMAND [OPTIONS] [ARGUMENTS]\n\nReads DMARC reports and says what they mean. To begin: `ruaudit "
      "init` "
      "for a mailbox, or\n`ruaudit ingest PATH` for reports in files; then `ruaudit summary`.\n\nCommands:\n";
  for (const Command& command : commands())
    out += fmt::format("  {:17}{}\n", command.spec->name, command.spec->purpose);
  return out + "\n`ruaudit help COMMAND` shows the options of a command, `ruaudit --version` the version.\n";
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

// The command that was probably meant, as a question; empty when none is near.
std::string nearest_command(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.spec->name);
  const auto near = config::nearest(name, names);
  return near ? fmt::format("  did you mean `ruaudit {}`?\n", *near) : "";
}

// "db" -> "  ruaudit db check\n  ruaudit db prune\n ..."
std::string members_of(const std::string& group) {
  std::string members;
  for (const Command& command : commands())
    if (command.spec->name.starts_with(group + " ")) members += fmt::format("  ruaudit {}\n", command.spec->name);
  return members;
}

ExitCode unknown_command(std::span<const std::string> words, jobs::Console& console) {
  const std::string members = members_of(words[0]);
  const bool has_more = words.size() > 1 && !words[1].starts_with('-');
  if (!members.empty() && !has_more) {
    console.err << fmt::format("ruaudit: '{}' needs one more word:\n{}", jobs::printable(words[0]), members);
    return ExitCode::usage;
  }
  const std::string name = members.empty() ? words[0] : words[0] + " " + words[1];
  console.err << fmt::format("ruaudit: there is no command '{}'\n{}  ruaudit --help lists them\n",
                             jobs::printable(name), nearest_command(name));
  return ExitCode::usage;
}

// `ruaudit help`, `ruaudit help COMMAND`.
ExitCode help(std::span<const std::string> words, jobs::Console& console) {
  if (words.empty()) {
    console.out << overview();
    return ExitCode::success;
  }
  const Found found = find_command(words);
  if (found.command != nullptr) {
    console.out << help_text(*found.command->spec);
    return ExitCode::success;
  }
  const std::string members = words.size() == 1 ? members_of(words[0]) : "";
  if (members.empty()) return unknown_command(words, console);
  console.out << "Commands:\n" << members;
  return ExitCode::success;
}

ExitCode version(jobs::Console& console) {
  console.out << "ruaudit " RUAUDIT_VERSION "\n";
  return ExitCode::success;
}

bool has_database(const CommandSpec& spec) {
  return std::any_of(spec.options.begin(), spec.options.end(), [](const OptionSpec& one) { return one.name == "db"; });
}

// --verbose of a command with a database. What is wrong with its name the command itself says.
void tell_database(const CommandSpec& spec, const Options& options, jobs::Console& console) {
  if (!options.has("verbose") || !has_database(spec)) return;
  if (const auto path = database_path(options))
    console.err << "ruaudit: the database is " << jobs::printable(*path) << '\n';
}

}  // namespace

std::span<const Command> commands() {
  // In the order of --help: to begin, to read, to look at, to look into, to keep.
  // clang-format off
  static const Command table[] = {
      init_command,
      doctor_command,
      ingest_command,
      fetch_command,
      watch_command,
      status_command,
      summary_command,
      readiness_command,
      show_command,
      digest_command,
      page_command,
      snooze_command,
      done_command,
      label_command,
      failures_command,
      failures_show_command,
      query_command,
      check_command,
      simulate_command,
      verify_command,
      enrich_command,
      authenticate_command,
      reverify_command,
      reprocess_command,
      anonymise_command,
      db_check_command,
      db_prune_command,
      db_backup_command,
      db_export_command,
      db_migrate_command,
      db_stats_command,
      config_check_command,
      config_show_command,
      config_keys_command,
      completion_command,
      cluster_init_command,
      cluster_check_command,
      cluster_status_command,
      cluster_ship_command,
      cluster_pull_command,
      cluster_audit_command,
      cluster_seal_command,
      cluster_collect_command,
      cluster_leave_command,
  };
  // clang-format on
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
  const std::string& first = arguments[0];
  if (first == "--help" || first == "-h") return help({}, console);
  if (first == "help") return help(arguments.subspan(1), console);
  if (first == "--version" || first == "-V") return version(console);
  const Found found = find_command(arguments);
  if (found.command == nullptr) return unknown_command(arguments, console);
  const CommandSpec& spec = *found.command->spec;
  const auto options = Options::parse(spec, arguments.subspan(found.words));
  if (!options) return report_failure(console, options.error());
  if (options->has("help")) {
    console.out << help_text(spec);
    return ExitCode::success;
  }
  if (options->has("version")) return version(console);
  if (const auto shade = colour_of(*options, console); !shade) return report_failure(console, shade.error());
  tell_database(spec, *options, console);
  if (const auto clock = follow_now_option(*options, console); !clock) return report_failure(console, clock.error());
  return found.command->run(*options, console);
}

}  // namespace ruaudit::cli
