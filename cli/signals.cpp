#include "cli/signals.hpp"

#include <csignal>

namespace ruaudit::cli {
namespace {

// The one value a signal handler may write.
volatile std::sig_atomic_t asked = 0;

extern "C" void remember_signal(int number) { asked = number; }

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() { return asked != 0; }
int stop_signal() { return asked; }

}  // namespace ruaudit::cli
