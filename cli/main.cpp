// The program: hands the command line to the command table. The only place where an exception of any kind ends.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.hpp"
#include "jobs/ingest/item_reading.hpp"
#include "jobs/judge/judging.hpp"

namespace {

// A core file would hold passwords and mails. A file that has reached its limit (ulimit -f) is an error of the write,
// not the end of the program. Sanitizers look for leaks by tracing, which a process without core dumps refuses.
void prepare_process() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace ruaudit::cli;
  try {
    prepare_process();
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments[0] == ruaudit::jobs::reader_argument) return ruaudit::jobs::run_reader();
    if (arguments.size() == 1 && arguments[0] == ruaudit::jobs::judge_argument) ruaudit::jobs::run_judge();
    ruaudit::jobs::Console console = ruaudit::jobs::process_console();
    const ExitCode code = run_command_line(arguments, console);
    console.out.flush();
    if (!console.out && code == ExitCode::success) return static_cast<int>(ExitCode::failure);
    return static_cast<int>(code);
  } catch (const std::bad_alloc&) {
    std::cerr << "ruaudit: out of memory\n  make sure that limits on memory (ulimit -v, MemoryMax) leave room for the "
                 "program\n";
  } catch (const std::system_error& e) {
    std::cerr << "ruaudit: " << e.what()
              << "\n  make sure that limits on threads and memory leave room for the program\n";
  } catch (const std::exception& e) {
    std::cerr << "ruaudit: internal error: " << e.what() << '\n';
  } catch (...) {
    std::cerr << "ruaudit: internal error\n";
  }
  return static_cast<int>(ExitCode::failure);
}
