// The program: hands the command line to the command table. The only place where an exception of any kind ends.
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "cli/command.hpp"

int main(int argc, char** argv) {
  using namespace ruaudit::cli;
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    ruaudit::jobs::Console console = ruaudit::jobs::process_console();
    const ExitCode code = run_command_line(arguments, console);
    console.out.flush();
    if (!console.out && code == ExitCode::success) return static_cast<int>(ExitCode::failure);
    return static_cast<int>(code);
  } catch (const std::bad_alloc&) {
    std::cerr << "ruaudit: out of memory\n";
  } catch (const std::exception& e) {
    std::cerr << "ruaudit: internal error: " << e.what() << '\n';
  } catch (...) {
    std::cerr << "ruaudit: internal error\n";
  }
  return static_cast<int>(ExitCode::failure);
}
