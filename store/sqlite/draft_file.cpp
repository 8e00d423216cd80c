#include "store/sqlite/draft_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

namespace ruaudit::store {
namespace {

constexpr const char* log_suffixes[] = {"-wal", "-shm", "-journal"};

void remove_logs(const std::string& path) {
  for (const char* suffix : log_suffixes) ::unlink((path + suffix).c_str());
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

tl::unexpected<model::Error> draft_failure(const DraftTask& task, const std::string& what) {
  return model::failure(task.code, what + ": " + std::strerror(errno), task.hint);  // NOLINT(concurrency-mt-unsafe)
}

bool is_named(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

void remove_file(const std::string& path) {
  remove_logs(path);
  ::unlink(path.c_str());
}

model::Result<FileDescriptor> lock_draft(const std::string& path, const DraftTask& task,
                                         std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{50};
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0) return draft_failure(task, "cannot make " + path);
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
      if (!is_named(file.number(), path)) continue;  // just renamed or removed: nobody's draft any more
      remove_logs(path);
      if (::ftruncate(file.number(), 0) != 0 || ::fchmod(file.number(), 0600) != 0)
        return draft_failure(task, "cannot empty " + path);
      return file;
    }
    if (std::chrono::steady_clock::now() >= end) return model::failure(task.is_busy);
    std::this_thread::sleep_for(pause);
  }
}

model::Result<void> sync_folder_of(const std::string& path, const DraftTask& task) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const FileDescriptor above(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (above.number() < 0 || ::fsync(above.number()) != 0)
    return draft_failure(task, "cannot sync the folder of " + path);
  return {};
}

}  // namespace ruaudit::store
