#include "store/sqlite/replacement.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "model/fail_point.hpp"

namespace ruaudit::store {
namespace {

// Of the file format: who wants to begin to read takes a read lock of this octet first.
// https://www.sqlite.org/src/file/src/os.h, PENDING_BYTE
constexpr off_t pending_octet = 0x40000000;
constexpr std::chrono::milliseconds replacement_pause{20};

// As triggers, because those stop every program, also of versions that know nothing of this, and no reader.
Status put_seal(sqlite3* db) {
  TRY(const auto tables,
      query_texts(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"));
  for (const std::string& table : tables)
    for (const std::string event : {"INSERT", "UPDATE", "DELETE"})
      TRY_VOID(execute(db, ("CREATE TRIGGER IF NOT EXISTS \"ruaudit_sealed_" + event + "_" + table + "\" BEFORE " +
                            event + " ON \"" + table +
                            "\" BEGIN SELECT RAISE(ABORT, 'this file has been migrated to a newer version of ruaudit: "
                            "start that one, and no longer this program'); END")
                               .c_str()));
  return {};
}

bool is_log_empty(const std::string& path) {
  struct stat log {};
  return ::stat((path + "-wal").c_str(), &log) != 0 || log.st_size == 0;
}

// The log is empty, the file whole, and `old` keeps others from writing into the log again. Without readers in the
// midst of a transaction that takes no time.
Status fold_log(sqlite3* old, const std::string& path, std::chrono::steady_clock::time_point end) {
  while (true) {
    const int code = sqlite3_wal_checkpoint_v2(old, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return model::failure(sqlite_error(old, code, "checkpoint"));
    if (code == SQLITE_OK) {
      TRY_VOID(execute(old, "BEGIN IMMEDIATE"));
      if (is_log_empty(path)) return {};
      TRY_VOID(execute(old, "ROLLBACK"));
    }
    if (std::chrono::steady_clock::now() >= end)
      return model::failure("database-busy", "a program reads " + path + " in a transaction that does not end",
                            "end it (fuser -v " + path + " names it) and run again; the file is unchanged");
    std::this_thread::sleep_for(replacement_pause);
  }
}

// While it is held nobody begins to read the file, and so nobody makes a log by its name.
model::Result<FileDescriptor> bar_readers(const std::string& path, std::chrono::steady_clock::time_point end) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = pending_octet;
  lock.l_len = 1;
  while (file.number() >= 0) {
    // Of the open file, not of the process: SQLite has locks of its own on the same file here.
    if (::fcntl(file.number(), F_OFD_SETLK, &lock) == 0) return file;
    if (errno != EAGAIN && errno != EACCES) break;
    if (std::chrono::steady_clock::now() >= end)
      return model::failure("database-busy", "another program is opening " + path, "try again");
    std::this_thread::sleep_for(replacement_pause);
  }
  return model::failure("database-migration", "cannot lock " + path + ": " + std::strerror(errno),  // NOLINT
                        "the file is unchanged");
}

Status remove_log(const std::string& path) {
  for (const char* suffix : {"-wal", "-shm"})
    if (::unlink((path + suffix).c_str()) != 0 && errno != ENOENT)
      return model::failure("database-migration",
                            "cannot remove " + path + suffix + ": " + std::strerror(errno),  // NOLINT
                            "check the permissions of its folder");
  RUAUDIT_FAIL_POINT("store.migration-unlogged");
  return {};
}

Status take_place(sqlite3* old, Draft& draft, const std::string& path, int patience_ms, FileDescriptor& bar) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  TRY_VOID(fold_log(old, path, end));
  RUAUDIT_FAIL_POINT("store.migration-folded");
  TRY(bar, bar_readers(path, end));
  TRY_VOID(remove_log(path));
  return draft.replace(path);
}

// By a connection of its own, because the former one may have a log without a name.
Status unseal(const std::string& path, int patience_ms) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const Connection connection(handle);
  if (code != SQLITE_OK) return model::failure(sqlite_error(handle, code, "cannot open " + path));
  sqlite3_busy_timeout(handle, patience_ms);
  return in_transaction(handle, [handle] { return remove_seal(handle); });
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
  // Closed last: that gives up every lock which this process has on the old file.
  FileDescriptor bar;
  auto done = take_place(old.get(), draft, path, patience_ms, bar);
  old.reset();
  if (done) return done;
  bar = FileDescriptor();
  if (auto undone = unseal(path, patience_ms); !undone)
    return model::failure(done.error().code, done.error().message + "; and " + undone.error().message,
                          "the next run of this version goes on; an older one is refused until then");
  return done;
}

}  // namespace ruaudit::store
