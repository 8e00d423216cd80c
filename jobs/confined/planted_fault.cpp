#include "jobs/confined/planted_fault.hpp"

#ifdef RUAUDIT_FAIL_POINTS
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace ruaudit::jobs {
namespace {

constexpr int escaped = 86;  // exit status of a reader that could do what it must not

void crash() { ::raise(SIGSEGV); }

void spin() {
  for (volatile bool goes_on = true; goes_on;) continue;
}

void sleep_for_good() {
  while (true) ::poll(nullptr, 0, -1);
}

void take_all_memory() {
  std::vector<std::unique_ptr<char[]>> taken;
  while (true) taken.emplace_back(new char[std::size_t{64} << 20U]);
}

void find_no_memory() {
  if (const auto handler = std::get_new_handler(); handler != nullptr) handler();
}

void open_a_file() {
  if (::open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0) std::_Exit(escaped);
  if (::open("/tmp/ruaudit-planted-fault", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0) std::_Exit(escaped);
}

void connect_somewhere() {
  if (::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0) std::_Exit(escaped);
  if (::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0) std::_Exit(escaped);
}

void execute_something() {
  std::string path = "/bin/true";
  std::array<char*, 2> arguments{path.data(), nullptr};
  pid_t process = -1;
  if (::posix_spawn(&process, path.c_str(), nullptr, nullptr, arguments.data(), nullptr) == 0) std::_Exit(escaped);
  if (::fork() >= 0) std::_Exit(escaped);
  if (::kill(::getppid(), 0) == 0) std::_Exit(escaped);
}

struct Plant {
  std::string_view name;
  void (*commit)();
};
constexpr std::array plants = {Plant{"crash", crash},
                               Plant{"spin", spin},
                               Plant{"sleep", sleep_for_good},
                               Plant{"memory", take_all_memory},
                               Plant{"no memory", find_no_memory},
                               Plant{"open", open_a_file},
                               Plant{"connect", connect_somewhere},
                               Plant{"execute", execute_something}};

}  // namespace

std::uint64_t reader_seconds(std::uint64_t usual) {
  const char* wanted = std::getenv("RUAUDIT_READER_SECONDS");                        // NOLINT(concurrency-mt-unsafe)
  return wanted == nullptr ? usual : static_cast<std::uint64_t>(std::atoi(wanted));  // NOLINT(cert-err34-c)
}

bool is_fault_planted(std::string_view octets, std::string_view name) {
  static const bool may = std::getenv("RUAUDIT_READER_PLANT") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  return may && octets.find("planted-fault: " + std::string(name)) != std::string_view::npos;
}

void pass_planted_fault(std::string_view octets) {
  for (const Plant& plant : plants)
    if (is_fault_planted(octets, plant.name)) plant.commit();
}

}  // namespace ruaudit::jobs
#endif
