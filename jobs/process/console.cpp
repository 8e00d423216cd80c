#include "jobs/process/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "report/safe_text.hpp"

namespace ruaudit::jobs {
namespace {

unsigned terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

Console process_console() {
  return {.out = std::cout,
          .err = std::cerr,
          .out_is_terminal = isatty(STDOUT_FILENO) == 1,
          .err_is_terminal = isatty(STDERR_FILENO) == 1,
          .columns = terminal_columns()};
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f)
      out += fmt::format("\\x{:02x}", u);
    else
      out += c;
  }
  return report::harmless(out);
}

void print_error(Console& console, const model::Error& error) {
  console.err << "ruaudit: " << printable(error.message) << '\n';
  if (!error.hint.empty()) console.err << "  " << printable(error.hint) << '\n';
}

}  // namespace ruaudit::jobs
