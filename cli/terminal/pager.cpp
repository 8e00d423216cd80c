#include "cli/terminal/pager.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace ruaudit::cli {
namespace {

constexpr int shell_found_nothing = 127;

// less: end at once where the text fits, keep colours, leave the screen as it is.
std::string pager_command() {
  const char* const wanted = std::getenv("PAGER");
  return wanted == nullptr ? "less -FRX" : wanted;
}

bool write_to(const std::string& command, const std::string& text) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // whoever leaves the pager has seen enough
  std::FILE* const pipe = popen(command.c_str(), "w");
  if (pipe == nullptr) {
    (void)std::signal(SIGPIPE, before);
    return false;
  }
  (void)std::fwrite(text.data(), 1, text.size(), pipe);
  const int status = pclose(pipe);
  (void)std::signal(SIGPIPE, before);
  return !(WIFEXITED(status) && WEXITSTATUS(status) == shell_found_nothing);
}

}  // namespace

void write_paged(jobs::Console& console, const std::string& text, std::size_t rows) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  const auto command = pager_command();
  if (console.out_is_terminal && lines >= rows && !command.empty() && command != "cat" && write_to(command, text))
    return;
  console.out << text;
}

}  // namespace ruaudit::cli
