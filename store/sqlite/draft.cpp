#include "store/sqlite/draft.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "store/sqlite/migration.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr const char* draft_suffixes[] = {"-wal", "-shm", "-journal"};

tl::unexpected<model::Error> draft_failure(const std::string& what) {
  return model::failure("database-migration", what + ": " + std::strerror(errno),  // NOLINT(concurrency-mt-unsafe)
                        "the file is unchanged; check the permissions of its folder");
}

// A file that a rename could not replace, or not alone, is told of before any work.
Status check_replaceable(const std::string& old) {
  struct statx file {};
  if (::statx(AT_FDCWD, old.c_str(), 0, STATX_NLINK, &file) != 0) return draft_failure("cannot look at " + old);
  if (file.stx_nlink > 1)
    return model::failure("database-migration",
                          old + " has " + std::to_string(file.stx_nlink) +
                              " names (hard links), and a migration could replace one of them alone",
                          "the file is unchanged; remove the other names");
  if ((file.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0)
    return model::failure("database-migration", old + " is mounted as a single file and cannot be replaced",
                          "the file is unchanged; mount its folder instead");
  return {};
}

bool is_named(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

// The new file is whose the old one was; another program's chmod of the copy is taken back.
Status empty_draft(int descriptor, const std::string& path, const std::string& old) {
  for (const char* suffix : draft_suffixes) ::unlink((path + suffix).c_str());
  struct stat owner {};
  struct stat draft {};
  if (::stat(old.c_str(), &owner) != 0 || ::fstat(descriptor, &draft) != 0)
    return draft_failure("cannot look at " + old);
  if (::ftruncate(descriptor, 0) != 0) return draft_failure("cannot empty " + path);
  if ((draft.st_uid != owner.st_uid || draft.st_gid != owner.st_gid) &&
      ::fchown(descriptor, owner.st_uid, owner.st_gid) != 0)
    return draft_failure("cannot give " + path + " the owner of " + old);
  constexpr mode_t permissions = 0700;  // as Database::open has made those of the old file
  if (::fchmod(descriptor, owner.st_mode & permissions) != 0) return draft_failure("cannot set permissions of " + path);
  return {};
}

Status sync_folder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const FileDescriptor above(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (above.number() < 0 || ::fsync(above.number()) != 0) return draft_failure("cannot sync the folder of " + path);
  return {};
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

model::Result<Draft> Draft::lock(const std::string& old, std::chrono::milliseconds patience) {
  TRY_VOID(check_replaceable(old));
  const std::string path = draft_path(old);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0) return draft_failure("cannot make " + path);
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
      // One that has just been renamed or removed is nobody's draft any more.
      if (!is_named(file.number(), path)) continue;
      Draft draft(std::move(file), path);
      TRY_VOID(empty_draft(draft.file_.number(), path, old));
      return draft;
    }
    if (std::chrono::steady_clock::now() >= end)
      return model::failure("database-busy", "another program is migrating " + old + " to a newer version",
                            "try again when it has finished");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Draft::~Draft() {
  if (file_.number() < 0 || path_.empty() || !is_named(file_.number(), path_)) return;
  for (const char* suffix : draft_suffixes) ::unlink((path_ + suffix).c_str());
  ::unlink(path_.c_str());
}

Status Draft::sync() const {
  if (::fsync(file_.number()) != 0) return draft_failure("cannot sync " + path_);
  return {};
}

Status Draft::replace(const std::string& old) {
  if (::rename(path_.c_str(), old.c_str()) != 0) return draft_failure("cannot replace " + old);
  return sync_folder(old);
}

}  // namespace ruaudit::store
