// The database file: created (0600, in a folder of 0700 where that had to be made too), migrated by user_version,
// opened with a write-ahead log, or opened read-only. One Database belongs to one thread. Errors: "database-open",
// "database-newer" (written by a later version), "database-older" (read-only, and not migrated yet),
// "database-migration" (store/sqlite/migration.hpp), "database-foreign" (another program's file), "database-busy",
// "database-sealed" (a write into a file that was migrated), "disk-low", "wal-limit" (a reader that never ends its
// transaction keeps the log from shrinking), "database".
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/result.hpp"
#include "store/sqlite/schema_version.hpp"

struct sqlite3;

namespace ruaudit::store {

enum class Access : std::uint8_t { read_only, read_write, create };

// What to do with the file of an older version; read-only, migrate is refuse. accept: to copy it as it is.
enum class OlderFile : std::uint8_t { migrate, refuse, accept };

// Free octets of the file system that holds `path`; a parameter so that tests can fill the disk.
using FreeSpace = std::function<std::int64_t(const std::string& path)>;
std::int64_t free_space(const std::string& path);

struct DatabaseOptions {
  std::string path;
  Access access = Access::create;
  OlderFile older = OlderFile::migrate;
  std::int64_t cache_octets = 12LL << 20;
  int busy_timeout_ms = 60'000;
  std::int64_t min_free_octets = 128LL << 20;   // a batch is not begun below this
  std::int64_t checkpoint_octets = 64LL << 20;  // the log is written back to the file when it is longer
  std::int64_t max_wal_octets = 1024LL << 20;   // and a run stops when a reader holds it beyond this
  FreeSpace free_space = store::free_space;
};

class Database {
 public:
  static model::Result<Database> open(DatabaseOptions options);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();  // checkpoints, truncates the log and closes

  // For the files of this stage and for queries that live beside it.
  [[nodiscard]] sqlite3* handle() const;
  [[nodiscard]] const DatabaseOptions& options() const;

  // "disk-low" when the file system has less than min_free_octets left.
  [[nodiscard]] model::Result<void> check_free_space() const;
  // After a commit: moves the log into the file when it has grown beyond checkpoint_octets; "wal-limit" when a reader
  // keeps it beyond max_wal_octets.
  [[nodiscard]] model::Result<void> checkpoint_if_due();

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
