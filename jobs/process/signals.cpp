#include "jobs/process/signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace ruaudit::jobs {
namespace {

// The only values a signal handler touches; the descriptor is made before any handler is installed.
volatile std::sig_atomic_t asked = 0;
volatile std::sig_atomic_t reload_asked = 0;
int descriptor = -1;

void wake() {
  const int saved = errno;
  const std::uint64_t one = 1;
  static_cast<void>(::write(descriptor, &one, sizeof one) < 0);
  errno = saved;
}

extern "C" void remember_signal(int number) {
  asked = number;
  wake();
}

extern "C" void remember_reload(int /*number*/) {
  reload_asked = 1;
  wake();
}

void make_descriptor() {
  if (descriptor < 0) descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

}  // namespace

void catch_stop_signals() {
  make_descriptor();
  struct sigaction action {};
  action.sa_handler = remember_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() { return asked != 0; }
int stop_signal() { return asked; }

model::Error stopped_error(const std::string& done) {
  return {"stopped", "stopped by signal " + std::to_string(stop_signal()) + "; " + done,
          "run the same command again: it continues where it stopped"};
}

void catch_reload_signal() {
  make_descriptor();
  struct sigaction action {};
  action.sa_handler = remember_reload;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
}

bool reload_requested() { return reload_asked != 0; }

void begin_reload() {
  reload_asked = 0;
  std::uint64_t count = 0;
  static_cast<void>(::read(descriptor, &count, sizeof count) < 0);
  if (asked != 0) wake();  // a stop that came in the meantime is not lost
}

int signal_descriptor() { return descriptor; }

}  // namespace ruaudit::jobs
