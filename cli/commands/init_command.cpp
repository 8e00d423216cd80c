// ruaudit init: questions or options in; a new configuration file, and on standard output the DNS records and what is
// left to do.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/commands/init_questions.hpp"
#include "config/load.hpp"
#include "jobs/process/new_file.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec init_options[] = {
    {"config", OptionKind::value, "FILE",
     "file to write; default as root /etc/ruaudit/ruaudit.conf, else ~/.config/ruaudit/..."},
    {"domain", OptionKind::value, "DOMAIN,...", "domains for which you want reports"},
    {"address", OptionKind::value, "ADDRESS", "where reports are sent; default dmarc@DOMAIN"},
    {"mailbox", OptionKind::value, "URL|PATH", "imaps://USER@HOST/, or the path of a maildir"},
    {"login", OptionKind::value, "KIND", "file (default), command, env, credential, microsoft365 or google"},
    {"password-from", OptionKind::value, "NAME", "the file, command, variable or credential; never the password"},
    {"done", OptionKind::value, "ACTION", "nothing (default), 'move FOLDER', 'flag NAME' or delete"},
    {"schedule", OptionKind::value, "KIND", "systemd (default for /etc/ruaudit/ruaudit.conf) or cron (else)"},
    {"database", OptionKind::value, "FILE",
     "where reports are kept; default /var/lib/ruaudit/ruaudit.db in the system's, else as without one"},
    {"ask", OptionKind::flag, "", "ask on standard input even if it is not a terminal"},
    {"dry-run", OptionKind::flag, "", "print the file and write nothing"},
};

constexpr CommandSpec init_spec = {
    "init", "[OPTIONS]", "Writes a first configuration and shows the DNS records to publish.", init_options, 0, 0};

// Where the units of packaging/ may write.
constexpr std::string_view system_database = "/var/lib/ruaudit/ruaudit.db";

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

model::Result<std::string> target_path(const Options& options) {
  if (const auto path = options.value("config")) {
    if (path->empty()) return model::failure("usage", "--config needs the name of a file");
    return *path;
  }
  if (::geteuid() == 0) return std::string(jobs::system_configuration);
  if (const auto xdg = environment("XDG_CONFIG_HOME"); !xdg.empty()) return xdg + "/ruaudit/ruaudit.conf";
  if (const auto home = environment("HOME"); !home.empty()) return home + "/.config/ruaudit/ruaudit.conf";
  return model::failure("usage", "no home folder is known", "give --config FILE");
}

tl::unexpected<model::Error> is_there(const std::string& path) {
  return model::failure("config-file", path + ": a configuration exists already and is not changed",
                        "move it away, or give --config FILE or --dry-run");
}

// Its folder is made, too.
model::Result<void> write_new(const std::string& path, std::string_view text) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code fault;
  if (!folder.empty()) std::filesystem::create_directories(folder, fault);
  if (fault)
    return model::failure("config-file", fmt::format("{}: cannot be written: {}", path, fault.message()),
                          "give --config FILE");
  auto written = jobs::write_new_file(path, text);
  if (!written && written.error().code == "file-exists") return is_there(path);
  return written;
}

// The program reads what it writes.
model::Result<void> prove(const std::string& text, const std::string& path) {
  const auto slash = path.rfind('/');
  const auto loaded = config::load_text(
      {.text = text, .name = path, .folder = slash == std::string::npos ? "" : path.substr(0, slash)}, {});
  if (!loaded) return model::failure(loaded.error());
  return {};
}

void tell(const jobs::InitAnswers& answers, jobs::Console& console) {
  const auto list = verify::suffix::PublicSuffixList::system();
  console.out << "DNS records to publish; if a domain already has a _dmarc record, add rua and ruf to it:\n";
  for (const std::string& record : jobs::dns_records(answers, list ? &*list : nullptr))
    console.out << "  " << jobs::printable(record) << '\n';
  console.out << "\nWhat remains to be done:\n";
  int number = 0;
  for (const std::string& step : jobs::next_steps(answers))
    console.out << fmt::format("  {}. {}\n", ++number, jobs::printable(step));
}

model::Result<ExitCode> init(const Options& options, jobs::Console& console) {
  TRY(const auto path, target_path(options));
  const bool is_dry = options.has("dry-run");
  if (!is_dry && ::access(path.c_str(), F_OK) == 0) return is_there(path);
  const bool is_asking = options.has("ask") || ::isatty(STDIN_FILENO) == 1;
  const bool is_for_service = path == jobs::system_configuration;
  TRY(auto answers, collect_answers(options, {.answers = is_asking ? &std::cin : nullptr,
                                              .console = &console,
                                              .usual_schedule = is_for_service ? "systemd" : "cron"}));
  std::error_code fault;
  answers.config_path = std::filesystem::absolute(path, fault).string();
  answers.database = options.value_or("database", is_for_service ? system_database : "");
  const std::string text = jobs::configuration_text(answers);
  TRY_VOID(prove(text, path));
  if (is_dry) {
    console.out << text << '\n';
  } else {
    TRY_VOID(write_new(path, text));
    console.out << "Written: " << jobs::printable(path) << "\n\n";
  }
  tell(answers, console);
  return ExitCode::success;
}

}  // namespace

const Command init_command = {&init_spec, guarded<init>};

}  // namespace ruaudit::cli
