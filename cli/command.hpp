// A command of the program: its specification and the function that runs it.
#pragma once
#include "cli/exit_code.hpp"
#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

struct Command {
  const CommandSpec* spec;
  ExitCode (*run)(const Options& options, jobs::Console& console);
};

// All commands, in the order in which --help lists them.
std::span<const Command> commands();

// Runs the command line without the program's name.
ExitCode run_command_line(std::span<const std::string> arguments, jobs::Console& console);

// Prints the error and says which exit code follows from it.
ExitCode report_failure(jobs::Console& console, const model::Error& error);

// A command's function as the table wants it: an error is printed and becomes an exit code.
template <model::Result<ExitCode> (*Function)(const Options&, jobs::Console&)>
ExitCode guarded(const Options& options, jobs::Console& console) {
  const auto code = Function(options, console);
  return code ? *code : report_failure(console, code.error());
}

}  // namespace ruaudit::cli
