#include "store/sqlite/draft.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "store/sqlite/migration.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

DraftTask migration_task(const std::string& old) {
  return {.code = "database-migration",
          .hint = "the file is unchanged; check the permissions of its folder",
          .is_busy = {"database-busy", "another program is migrating " + old + " to a newer version",
                      "try again when it has finished"}};
}

// A file that a rename could not replace, or not alone, is told of before any work.
Status check_replaceable(const std::string& old) {
  struct statx file {};
  if (::statx(AT_FDCWD, old.c_str(), 0, STATX_NLINK, &file) != 0)
    return draft_failure(migration_task(old), "cannot look at " + old);
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

// The new file is whose the old one was. A group that this user is not in cannot be kept, and nothing depends on it:
// the mode gives the group no right.
Status keep_owner(int descriptor, const std::string& path, const std::string& old) {
  const DraftTask task = migration_task(old);
  struct stat owner {};
  struct stat draft {};
  if (::stat(old.c_str(), &owner) != 0 || ::fstat(descriptor, &draft) != 0)
    return draft_failure(task, "cannot look at " + old);
  constexpr auto as_it_is = static_cast<uid_t>(-1);
  if (draft.st_uid != owner.st_uid && ::fchown(descriptor, owner.st_uid, as_it_is) != 0)
    return draft_failure(task, "cannot give " + path + " the owner of " + old);
  if (draft.st_gid != owner.st_gid && ::fchown(descriptor, as_it_is, owner.st_gid) != 0 && errno != EPERM)
    return draft_failure(task, "cannot give " + path + " the group of " + old);
  constexpr mode_t permissions = 0700;  // as Database::open has made those of the old file
  if (::fchmod(descriptor, owner.st_mode & permissions) != 0)
    return draft_failure(task, "cannot set permissions of " + path);
  return {};
}

}  // namespace

model::Result<Draft> Draft::lock(const std::string& old, std::chrono::milliseconds patience) {
  TRY_VOID(check_replaceable(old));
  const std::string path = draft_path(old);
  TRY(auto file, lock_draft(path, migration_task(old), patience));
  Draft draft(std::move(file), path);
  TRY_VOID(keep_owner(draft.file_.number(), path, old));
  return draft;
}

Draft::~Draft() {
  if (file_.number() >= 0 && !path_.empty() && is_named(file_.number(), path_)) remove_file(path_);
}

Status Draft::sync() const {
  if (::fsync(file_.number()) != 0) return draft_failure(migration_task(path_), "cannot sync " + path_);
  return {};
}

Status Draft::take_name_of(const std::string& old) {
  if (::rename(path_.c_str(), old.c_str()) != 0) return draft_failure(migration_task(old), "cannot replace " + old);
  return {};
}

}  // namespace ruaudit::store
