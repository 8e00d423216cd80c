#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill() is POSIX
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "jobs/digest/smtp.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): unistd.h has it with _GNU_SOURCE alone

namespace ruaudit::jobs {
namespace {

constexpr int patience_milliseconds = 120'000;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// Programs take lines as files have them.
std::string with_lf(const std::string& octets) {
  std::string out;
  for (std::size_t i = 0; i < octets.size(); ++i)
    if (octets[i] != '\r' || i + 1 == octets.size() || octets[i + 1] != '\n') out += octets[i];
  return out;
}

model::Error system_fault(const std::string& program, const char* doing) {
  return {"mail-unreached", fmt::format("{}: {}: {}", program, doing, std::strerror(errno)),
          "the next run reports the same again"};
}

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto count = ::write(descriptor, octets.data(), octets.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::lseek(descriptor, 0, SEEK_SET) == 0;
}

model::Result<pid_t> start(const std::string& program, const Envelope& envelope, int mail) {
  std::vector<std::string> words = {program, "-i", "-f", envelope.from, "--"};
  words.insert(words.end(), envelope.to.begin(), envelope.to.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, mail, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);  // standard output is the digest's
  pid_t child = 0;
  errno = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return model::failure(system_fault(program, "cannot be started"));
  return child;
}

// The exit status, or nothing when it had to be ended.
std::optional<int> wait_for(pid_t child) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0U)));
  if (handle.number() >= 0) {
    pollfd end{handle.number(), POLLIN, 0};
    int ready = 0;
    do ready = ::poll(&end, 1, patience_milliseconds);
    while (ready < 0 && errno == EINTR);
    if (ready == 0) ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) return std::nullopt;
  return WEXITSTATUS(status);
}

}  // namespace

model::Result<Acceptance> send_by_program(const config::OutgoingMail& mail, const Envelope& envelope,
                                          const std::string& octets) {
  const Descriptor file(::memfd_create("digest", MFD_CLOEXEC));
  if (file.number() < 0 || !write_all(file.number(), with_lf(octets)))
    return model::failure(system_fault(mail.sendmail, "the mail cannot be kept in memory"));
  TRY(const auto child, start(mail.sendmail, envelope, file.number()));
  const auto status = wait_for(child);
  if (!status)
    return model::failure("mail-unknown", fmt::format("{}: it did not end by itself", mail.sendmail),
                          "the next run sends the same mail again, with the same Message-ID");
  if (*status == 0) return Acceptance{};
  return model::failure("mail-refused", fmt::format("{}: it ended with {}", mail.sendmail, *status),
                        "see its log; the next run reports the same again");
}

}  // namespace ruaudit::jobs
