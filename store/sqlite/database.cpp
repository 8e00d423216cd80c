#include "store/sqlite/database.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <thread>

#include "model/fail_point.hpp"
#include "store/sqlite/file_kind.hpp"
#include "store/sqlite/migration.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

namespace fs = std::filesystem;

constexpr int application_id = 0x72756175;  // "ruau": tells our file from another program's

Status prepare_folder(const std::string& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  std::error_code problem;
  if (fs::exists(folder, problem)) return {};
  fs::create_directories(folder, problem);
  if (!problem) fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem)
    return model::failure("database-open", "cannot make the folder " + folder.string() + ": " + problem.message(),
                          "check the path given with --db and its permissions");
  return {};
}

// Reports hold who mails whom: the file is the owner's alone, and SQLite gives its log the same mode. Made only when it
// is new: closing a descriptor of an existing file would drop the locks that this process holds on it.
void create_private(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
}

model::Error not_private(const std::string& path, const std::string& why) {
  return {"database-open", path + " " + why, "name another path with --db, or remove what is there"};
}

// What is there already, perhaps through a link, becomes the owner's alone, too, before anything is written into it.
Status make_private(const std::string& path) {
  struct stat link {
  }, file{};
  if (::lstat(path.c_str(), &link) != 0) return {};
  if (::stat(path.c_str(), &file) != 0)
    return model::failure(
        not_private(path, "is a link that leads nowhere: a database made there could be read by others"));
  if (!S_ISREG(file.st_mode)) return model::failure(not_private(path, "is not a file"));
  constexpr mode_t others = 077;
  if ((file.st_mode & others) == 0) return {};
  if (::chmod(path.c_str(), file.st_mode & 07700) == 0) return {};
  return model::failure(not_private(path, "may be read or written by others, and belongs to another user"));
}

Status make_all_private(const std::string& path) {
  for (const char* part : {"", "-wal", "-shm"}) TRY_VOID(make_private(path + part));
  return {};
}

int open_flags(Access access) {
  switch (access) {
    case Access::read_only:
      return SQLITE_OPEN_READONLY;
    case Access::read_write:
      return SQLITE_OPEN_READWRITE;
    case Access::create:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return SQLITE_OPEN_READONLY;
}

// SQLite keeps its memory statistics under a lock that every allocation takes; nobody here reads them. Refused, without
// harm, when the library is in use already.
void skip_memory_statistics() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

model::Result<Connection> connect(const DatabaseOptions& options) {
  skip_memory_statistics();
  TRY_VOID(check_is_file(options.path));
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(options.path.c_str(), &handle,
                                   open_flags(options.access) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return model::failure(sqlite_error(handle, code, "cannot open " + options.path));
  return connection;
}

// While a new file is turned into one with a log, SQLite does not wait for another program that does the same.
int execute_patiently(sqlite3* db, const std::string& sql, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{20};
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= end) return code;
    std::this_thread::sleep_for(pause);
  }
}

// The first statements touch the file: what SQLite says of them is said of the file, not of a PRAGMA.
Status set_pragmas(sqlite3* db, const DatabaseOptions& options) {
  sqlite3_busy_timeout(db, options.busy_timeout_ms);
  // Of a new file; trees of less depth take less time to fill. Before the size of the cache, which SQLite turns into
  // pages of the size that holds then.
  std::string sql = "PRAGMA page_size=16384; PRAGMA cache_size=-" + std::to_string(options.cache_octets / 1024);
  // Views and CHECKs of a foreign file must not run functions with side effects.
  sql += "; PRAGMA trusted_schema=OFF; PRAGMA temp_store=FILE;";
  if (options.access == Access::read_only) {
    sql += "PRAGMA query_only=ON";
  } else {
    // The log is written back by checkpoint_if_due(), never in the middle of a commit.
    sql +=
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;"
        "PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=OFF;"
        // What is deleted may have been somebody's mail.
        "PRAGMA secure_delete=ON;"
        // The writer's values are enumerations and checked integers; db check proves the constraints.
        "PRAGMA ignore_check_constraints=ON";
  }
  const int code = execute_patiently(db, sql, std::chrono::milliseconds(options.busy_timeout_ms));
  if (code != SQLITE_OK) return model::failure(sqlite_error(db, code, "cannot be opened as a database"));
  return {};
}

Status create_schema(sqlite3* db) {
  TRY_VOID(execute(db, "BEGIN IMMEDIATE"));
  const auto version = query_integer(db, "PRAGMA user_version");
  if (version && *version != 0) return execute(db, "COMMIT");  // another process was faster
  const std::string pragmas = "PRAGMA application_id=" + std::to_string(application_id) +
                              "; PRAGMA user_version=" + std::to_string(schema_version);
  for (const char* sql : {schema_sql, views_sql, pragmas.c_str()}) {
    if (auto done = execute(db, sql); !done) {
      sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
      return done;
    }
    RUAUDIT_FAIL_POINT("store.schema");
  }
  return execute(db, "COMMIT");
}

Status check_ownership(std::int64_t id) {
  if (id == application_id) return {};
  return model::failure("database-foreign", "this SQLite file was not made by ruaudit",
                        "choose another file with --db");
}

enum class FileState : std::uint8_t { ready, older, replaced };

model::Result<FileState> prepare_schema(sqlite3* db, const DatabaseOptions& options) {
  TRY(const auto version, query_integer(db, "PRAGMA user_version"));
  TRY(const auto id, query_integer(db, "PRAGMA application_id"));
  TRY(const auto tables, query_integer(db, "SELECT count(*) FROM sqlite_schema"));
  // Opened by its name before another process gave the name to a migrated file, read afterwards.
  if (has_moved(db)) return FileState::replaced;
  if (version != 0 || id != 0 || tables != 0) {
    TRY_VOID(check_ownership(id));
    if (version >= oldest_version && version < schema_version) {
      if (options.older == OlderFile::accept) return FileState::ready;
      if (options.older == OlderFile::migrate && options.access != Access::read_only) return FileState::older;
    }
    TRY_VOID(check_version(version));
    return FileState::ready;
  }
  if (options.access != Access::create)
    return model::failure("database-open", "the file holds no database yet", "run an ingest first");
  TRY_VOID(create_schema(db));
  return FileState::ready;
}

std::int64_t file_size(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : 0;
}

}  // namespace

std::int64_t free_space(const std::string& path) {
  struct statvfs status {};
  const std::string folder = fs::absolute(path).parent_path().string();
  if (::statvfs(folder.c_str(), &status) != 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

struct Database::State {
  DatabaseOptions options;
  Connection connection;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (!connection || options.access == Access::read_only) return;
    // The log by this name is then that of another file; it would be written into the one that has no name any more.
    if (has_moved(connection.get())) return;
    // Not a wait: when a reader is there, the log stays for the next run.
    sqlite3_busy_timeout(connection.get(), 0);
    sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

Database::~Database() = default;

model::Result<Database> Database::open(DatabaseOptions options) {
  if (options.access == Access::create) {
    TRY_VOID(prepare_folder(options.path));
    create_private(options.path);
  }
  if (options.access != Access::read_only) TRY_VOID(make_all_private(options.path));
  constexpr int most_attempts = 10;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    auto state = std::make_unique<State>();
    TRY(state->connection, connect(options));
    sqlite3* db = state->connection.get();
    const auto ready = set_pragmas(db, options);
    const auto found = ready ? prepare_schema(db, options) : model::failure(ready.error());
    // Whatever was read of a file that has lost its name meanwhile: the one that is there now is opened.
    if (!found && !has_moved(db)) return model::failure(found.error().in(options.path));
    if (found && *found == FileState::ready) {
      state->options = std::move(options);
      return Database(std::move(state));
    }
    state->connection.reset();
    if (found && *found == FileState::older)
      if (const auto done = migrate(options, {}); !done) return model::failure(done.error().in(options.path));
  }
  return model::failure("database-busy", options.path + ": another file took its place again and again", "try again");
}

sqlite3* Database::handle() const { return state_->connection.get(); }
const DatabaseOptions& Database::options() const { return state_->options; }

Status Database::check_free_space() const {
  const auto& options = state_->options;
  const std::int64_t octets = options.free_space(options.path);
  if (octets >= options.min_free_octets) return {};
  return model::failure("disk-low",
                        "only " + std::to_string(octets >> 20) + " MiB are free where " + options.path + " lies, " +
                            std::to_string(options.min_free_octets >> 20) + " MiB are asked for",
                        "free space there; what was stored is kept, and the next run goes on from it");
}

Status Database::checkpoint_if_due() {
  const auto& options = state_->options;
  const std::string wal = options.path + "-wal";
  if (file_size(wal) < options.checkpoint_octets) return {};
  sqlite3* db = state_->connection.get();
  RUAUDIT_FAIL_POINT("store.checkpoint");
  // RESTART would wait for every reader; TRUNCATE without patience does the same work and gives up at once.
  sqlite3_busy_timeout(db, 0);
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(db, options.busy_timeout_ms);
  RUAUDIT_FAIL_POINT("store.checkpointed");
  if (code == SQLITE_OK) return {};
  if ((code & 0xff) != SQLITE_BUSY) return model::failure(sqlite_error(db, code, "checkpoint"));
  if (file_size(wal) < options.max_wal_octets) return {};
  return model::failure(
      "wal-limit",
      "a reader that does not end its transaction keeps " + wal + " from shrinking; it has reached " +
          std::to_string(options.max_wal_octets >> 20) + " MiB",
      "end that reader (fuser -v " + options.path + " names it) and run again; what was stored is kept");
}

}  // namespace ruaudit::store
