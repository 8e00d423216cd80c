#include "store/care/ingest_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace ruaudit::store {
namespace {

std::string read_owner(int descriptor) {
  std::array<char, 32> text{};
  const auto length = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "unknown";
}

void write_owner(int descriptor) {
  const std::string owner = std::to_string(::getpid());
  // Only for the message another process shows: nothing depends on it.
  if (::ftruncate(descriptor, 0) == 0) static_cast<void>(::pwrite(descriptor, owner.data(), owner.size(), 0) < 0);
}

}  // namespace

// A file of its own: closing any descriptor of the database file would drop the locks SQLite holds on it.
model::Result<IngestLock> IngestLock::acquire(const std::string& database_path, std::chrono::milliseconds patience) {
  const std::string path = database_path + ".lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0)
    return model::failure("database-open", "cannot open " + path + ": " + std::strerror(errno),  // NOLINT
                          "check the path given with --db and its permissions");
  IngestLock lock(descriptor);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= deadline)
      return model::failure("database-in-use",
                            "another ruaudit (process " + read_owner(descriptor) + ") is writing to " + database_path,
                            patience.count() == 0 ? "run again when it has finished, or wait for it: --wait SECONDS"
                                                  : "waiting for it took too long; run again when it has finished");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  write_owner(descriptor);
  return lock;
}

IngestLock::IngestLock(IngestLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

IngestLock& IngestLock::operator=(IngestLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

IngestLock::~IngestLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace ruaudit::store
