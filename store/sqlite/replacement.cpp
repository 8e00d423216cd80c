#include "store/sqlite/replacement.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "model/fail_point.hpp"
#include "store/sqlite/schema_version.hpp"

namespace ruaudit::store {
namespace {

// Of the file format: who wants to begin to read takes a read lock of this octet first.
// https://www.sqlite.org/src/file/src/os.h, PENDING_BYTE
constexpr off_t pending_octet = 0x40000000;
constexpr std::chrono::milliseconds replacement_pause{20};

using Clock = std::chrono::steady_clock;

// As triggers, because those stop every program, also of versions that know nothing of this, and no reader.
Status put_seal(sqlite3* db) {
  TRY(const auto tables, query_texts(db,
                                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE"
                                     " 'sqlite@_%' ESCAPE '@'"));
  for (const std::string& table : tables)
    for (const std::string event : {"INSERT", "UPDATE", "DELETE"})
      TRY_VOID(execute(
          db, ("CREATE TRIGGER IF NOT EXISTS \"ruaudit_sealed_" + event + "_" + table + "\" BEFORE " + event +
               " ON \"" + table + "\" BEGIN SELECT RAISE(ABORT, '" + seal_text + " " + std::to_string(schema_version) +
               ": start the version of ruaudit that did this, and no longer this program'); END")
                  .c_str()));
  return {};
}

bool is_log_empty(const std::string& path) {
  struct stat log {};
  return ::stat((path + "-wal").c_str(), &log) != 0 || log.st_size == 0;
}

Status check_still_named(sqlite3* old, const std::string& path) {
  if (!has_moved(old)) return {};
  return model::failure("database-migration", "another program has put another file in the place of " + path,
                        "nothing was replaced; run again to migrate the file that is there now");
}

// The log is empty, the file whole, and `old` keeps others from writing into the log again. Without readers in the
// midst of a transaction that takes no time.
Status fold_log(sqlite3* old, const std::string& path, Clock::time_point end) {
  while (true) {
    TRY_VOID(check_still_named(old, path));
    const int code = sqlite3_wal_checkpoint_v2(old, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return model::failure(sqlite_error(old, code, "checkpoint"));
    if (code == SQLITE_OK) {
      TRY_VOID(execute(old, "BEGIN IMMEDIATE"));
      if (is_log_empty(path)) return {};
      TRY_VOID(execute(old, "ROLLBACK"));
    }
    if (Clock::now() >= end)
      return model::failure("database-busy", "a program reads " + path + " in a transaction that does not end",
                            "end it (fuser -v " + path + " names it) and run again; the file is unchanged");
    std::this_thread::sleep_for(replacement_pause);
  }
}

// While it is held nobody begins to read the file, and so nobody makes a log by its name.
Status bar_readers(const FileDescriptor& file, const std::string& path, Clock::time_point end) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = pending_octet;
  lock.l_len = 1;
  while (file.number() >= 0) {
    // Of the open file, not of the process: SQLite has locks of its own on the same file here.
    if (::fcntl(file.number(), F_OFD_SETLK, &lock) == 0) return {};
    if (errno != EAGAIN && errno != EACCES) break;
    if (Clock::now() >= end) return model::failure("database-busy", "another program is opening " + path, "try again");
    std::this_thread::sleep_for(replacement_pause);
  }
  return model::failure("database-migration", "cannot lock " + path + ": " + std::strerror(errno),  // NOLINT
                        "the file is unchanged");
}

Status remove_log_part(const std::string& part) {
  if (::unlink(part.c_str()) == 0 || errno == ENOENT) return {};
  return model::failure("database-migration", "cannot remove " + part + ": " + std::strerror(errno),  // NOLINT
                        "check the permissions of its folder");
}

// All that can be taken back: afterwards the old file has no log by its name.
Status part_from_log(sqlite3* old, const std::string& path, const FileDescriptor& bar, int patience_ms) {
  const auto end = Clock::now() + std::chrono::milliseconds(patience_ms);
  TRY_VOID(fold_log(old, path, end));
  RUAUDIT_FAIL_POINT("store.migration-folded");
  TRY_VOID(bar_readers(bar, path, end));
  TRY_VOID(check_still_named(old, path));
  return remove_log_part(path + "-wal");
}

// `old` still has the log that all others have, and nobody could change a row meanwhile.
Status take_back_seal(sqlite3* old) {
  if (sqlite3_get_autocommit(old) != 0) TRY_VOID(execute(old, "BEGIN IMMEDIATE"));
  TRY_VOID(remove_seal(old));
  return execute(old, "COMMIT");
}

constexpr const char* sealed_hint =
    "check the permissions of its folder; the next run of this version goes on, an older one is refused until then";

tl::unexpected<model::Error> given_up(sqlite3* old, const model::Error& why) {
  if (const auto undone = take_back_seal(old); !undone)
    return model::failure(why.code, why.message + "; and " + undone.error().message, sealed_hint);
  return model::failure(why);
}

// A program that has the old file open has a log without a name now: what it wrote there would be lost. So the seal
// stays, whatever happens.
Status take_place(Draft& draft, const std::string& path) {
  auto done = remove_log_part(path + "-shm");
  RUAUDIT_FAIL_POINT("store.migration-unlogged");
  if (done) done = draft.take_name_of(path);
  if (!done) return model::failure(done.error().code, done.error().message, sealed_hint);
  return {};
}

}  // namespace

Status remove_seal(sqlite3* db) {
  TRY(const auto triggers,
      query_texts(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'ruaudit_sealed_*'"));
  for (const std::string& trigger : triggers) TRY_VOID(execute(db, ("DROP TRIGGER \"" + trigger + "\"").c_str()));
  return {};
}

Status replace_file(Connection old, Draft& draft, const std::string& path, int patience_ms) {
  TRY_VOID(put_seal(old.get()));
  TRY_VOID(execute(old.get(), "COMMIT"));
  RUAUDIT_FAIL_POINT("store.migration-sealed");
  // Closed after `old`: that gives up every lock which this process has on the old file.
  const FileDescriptor bar(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const Connection first_closed = std::move(old);
  if (const auto parted = part_from_log(first_closed.get(), path, bar, patience_ms); !parted)
    return given_up(first_closed.get(), parted.error());
  TRY_VOID(take_place(draft, path));
  return sync_folder_of(path, {.code = "database-migration",
                               .hint = "the migrated file is in its place; after a power failure the old one may be "
                                       "back, and the next run migrates it again",
                               .is_busy = {}});
}

}  // namespace ruaudit::store
