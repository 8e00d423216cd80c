#include "ingest/mailbox/mbox_lock.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

namespace ruaudit::ingest::mailbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto pause = std::chrono::milliseconds(50);

// True when the dotlock names a process of this machine that is gone.
bool is_abandoned(const std::string& dotlock) {
  const int descriptor = ::open(dotlock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  std::array<char, 32> text{};
  const auto length = ::read(descriptor, text.data(), text.size());
  ::close(descriptor);
  pid_t owner = 0;
  if (length <= 0 || std::from_chars(text.data(), text.data() + length, owner).ec != std::errc{} || owner <= 0)
    return false;
  return ::kill(owner, 0) != 0 && errno == ESRCH;
}

model::Error locked(const std::string& path) {
  return {"mailbox-locked", path + " is locked by another program", "run again when it has finished"};
}

}  // namespace

model::Result<MboxLock> MboxLock::acquire(const std::string& path, std::chrono::milliseconds patience) {
  MboxLock lock;
  const auto deadline = Clock::now() + patience;
  TRY_VOID(lock.take_dotlock(path, deadline));
  TRY_VOID(lock.lock_file(path, deadline));
  return lock;
}

model::Result<void> MboxLock::take_dotlock(const std::string& path, Clock::time_point deadline) {
  const std::string dotlock = path + ".lock";
  while (true) {
    const int descriptor = ::open(dotlock.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor >= 0) {
      const std::string owner = std::to_string(::getpid()) + "\n";
      const bool is_written = ::write(descriptor, owner.data(), owner.size()) == static_cast<ssize_t>(owner.size());
      ::close(descriptor);
      dotlock_ = dotlock;
      return is_written ? model::Result<void>() : model::failure(locked(path));
    }
    if (errno != EEXIST) return {};  // a folder we may not write into: the other lock must do
    if (is_abandoned(dotlock)) {
      ::unlink(dotlock.c_str());
      continue;
    }
    if (Clock::now() >= deadline) return model::failure(locked(path));
    std::this_thread::sleep_for(pause);
  }
}

model::Result<void> MboxLock::lock_file(const std::string& path, Clock::time_point deadline) {
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0)
    return model::failure("source-not-found", "cannot open " + path + ": " + std::strerror(errno),  // NOLINT
                          "check path of this mailbox");
  struct flock whole {};
  whole.l_type = F_RDLCK;
  whole.l_whence = SEEK_SET;
  while (::fcntl(descriptor_, F_OFD_SETLK, &whole) != 0) {
    if ((errno != EAGAIN && errno != EACCES) || Clock::now() >= deadline) return model::failure(locked(path));
    std::this_thread::sleep_for(pause);
  }
  return {};
}

MboxLock::MboxLock(MboxLock&& other) noexcept
    : dotlock_(std::exchange(other.dotlock_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

MboxLock& MboxLock::operator=(MboxLock&& other) noexcept {
  std::swap(dotlock_, other.dotlock_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

MboxLock::~MboxLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!dotlock_.empty()) ::unlink(dotlock_.c_str());
}

}  // namespace ruaudit::ingest::mailbox
