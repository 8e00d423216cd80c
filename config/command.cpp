#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "config/command_detail.hpp"
#include "config/descriptor_detail.hpp"

namespace ruaudit::config {
namespace {

using Clock = std::chrono::steady_clock;

model::Error command_error(std::string message, std::string hint = {}) {
  return {"secret", "the command " + std::move(message), std::move(hint)};
}

// The spawn attributes and file actions of the library, freed with their owner.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // A process group of its own, so that its children can be ended with it; no signal blocked or ignored.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  model::Result<pid_t> spawn(const std::string& command) {
    std::string shell = "sh", option = "-c", text = command;
    const std::array<char*, 4> words = {shell.data(), option.data(), text.data(), nullptr};
    pid_t child = -1;
    const int fault = posix_spawn(&child, "/bin/sh", &actions_, &attributes_, words.data(), environ);
    if (fault != 0) return model::failure(command_error(fmt::format("cannot be started: {}", std::strerror(fault))));
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// A running command; what is left of its process group is killed with its owner.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(-pid_, SIGKILL);
    if (!is_reaped_) ::waitpid(pid_, nullptr, 0);
  }
  // The status of wait, or nothing when it still runs at the deadline.
  model::Result<int> wait(Clock::time_point deadline) {
    for (;;) {
      int status = 0;
      const pid_t done = ::waitpid(pid_, &status, WNOHANG);
      if (done == pid_) {
        is_reaped_ = true;
        return status;
      }
      if (done < 0 && errno != EINTR) return model::failure(command_error("was already waited for"));
      if (Clock::now() >= deadline) return model::failure(command_error("did not end in time"));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

 private:
  pid_t pid_;
  bool is_reaped_ = false;
};

model::Result<std::string> read_all(int descriptor, const CommandLimits& limits, Clock::time_point deadline) {
  std::string text;
  std::array<char, 4096> room{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0)
      return model::failure(command_error(fmt::format("did not end within {} ms", limits.time.count()),
                                          "does it ask for input? it has no terminal"));
    const ssize_t count = ::read(descriptor, room.data(), room.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(room.data(), static_cast<std::size_t>(count));
    if (text.size() > limits.octets)
      return model::failure(command_error(fmt::format("printed more than {} octets", limits.octets)));
  }
}

model::Result<void> judge(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string how = WIFEXITED(status) ? fmt::format("ended with exit code {}", WEXITSTATUS(status))
                                            : fmt::format("was ended by signal {}", WTERMSIG(status));
  return model::failure(command_error(how, "run it by hand as the user who runs ruaudit"));
}

}  // namespace

model::Result<std::string> command_output(const std::string& command, const CommandLimits& limits) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return model::failure(command_error("cannot have a pipe"));
  const Descriptor out(ends[0]);
  Descriptor in(ends[1]);
  TRY(const pid_t pid, SpawnPlan(in.number()).spawn(command));
  in.close();
  Child child(pid);
  const auto deadline = Clock::now() + limits.time;
  TRY(auto text, read_all(out.number(), limits, deadline));
  TRY(const int status, child.wait(deadline));
  TRY_VOID(judge(status));
  return text;
}

}  // namespace ruaudit::config
