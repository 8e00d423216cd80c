#include "store/sqlite/migration.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "model/fail_point.hpp"
#include "store/sqlite/content_check.hpp"
#include "store/sqlite/copied_content.hpp"
#include "store/sqlite/draft.hpp"
#include "store/sqlite/migration_steps.hpp"
#include "store/sqlite/replacement.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// Where each part of the work ends, in thousandths of the whole: docs/measured/migration.md.
constexpr double copied_permille = 30;
constexpr double compared_permille = 120;
constexpr double changed_permille = 250;
constexpr double checked_permille = 990;
constexpr int look_every = 50'000;  // instructions of SQLite between two looks at how far the copy is

model::Result<Connection> open_to_migrate(const std::string& path, const DatabaseOptions& options) {
  sqlite3* handle = nullptr;
  // To write, although the old file is only read: SQLite does not read the CHECKs of a file that it opens to read
  // alone, and then takes its tables for others than those of the copy.
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return model::failure(sqlite_error(handle, code, "cannot open " + path));
  sqlite3_busy_timeout(handle, options.busy_timeout_ms);
  // Secure deletion of the first file holds for one that is made from it, too: no page of it takes memory as it finds
  // it.
  const std::string sql = "PRAGMA page_size=16384; PRAGMA cache_size=-" + std::to_string(options.cache_octets / 1024) +
                          "; PRAGMA trusted_schema=OFF; PRAGMA temp_store=FILE; PRAGMA secure_delete=ON";
  TRY_VOID(execute(handle, sql.c_str()));
  return connection;
}

class Migration {
 public:
  Migration(const DatabaseOptions& options, const MigrationObserver& observer, std::string path)
      : options_(options), observer_(observer), path_(std::move(path)) {}

  model::Result<MigrationOutcome> run() {
    TRY(auto draft, Draft::lock(path_, std::chrono::milliseconds(options_.busy_timeout_ms)));
    TRY(auto old, open_to_migrate(path_, options_));
    // Others may read; who wants to write waits, and is told that the file is busy when that takes too long.
    TRY_VOID(execute(old.get(),
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; BEGIN IMMEDIATE"));
    TRY(const auto version, query_integer(old.get(), "PRAGMA user_version"));
    if (version == schema_version) return MigrationOutcome{};  // another process was faster
    TRY_VOID(check_space(old.get()));
    TRY_VOID(fill(draft));
    RUAUDIT_FAIL_POINT("store.migration-checked");
    TRY_VOID(replace_file(std::move(old), draft, path_, options_.busy_timeout_ms));
    RUAUDIT_FAIL_POINT("store.migration-replaced");
    tell(MigrationStage::checking, 1000);
    return std::move(outcome_);
  }

 private:
  void tell(MigrationStage stage, double permille) const {
    if (observer_) observer_({stage, static_cast<unsigned>(permille)});
  }

  Status check_space(sqlite3* old) {
    TRY(octets_, query_integer(old,
                               "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
                               " pragma_freelist_count, pragma_page_size"));
    // What the steps add is small beside the records; a page of each table and index is not, in a small file.
    const std::int64_t needed = octets_ + octets_ / 10 + (2 << 20);
    const std::int64_t available = options_.free_space(path_);
    if (available >= needed) return {};
    return model::failure("disk-low",
                          "the migration makes a new file of up to " + std::to_string(needed) +
                              " octets beside the old one, and " + std::to_string(available) + " are free where " +
                              path_ + " lies",
                          "free space there; sorting takes some where temporary files go, too (SQLITE_TMPDIR, else "
                          "TMPDIR, else /var/tmp); the file is unchanged");
  }

  // A copy without deleted pages, in the page size of a fresh file.
  Status copy(sqlite3* from, const Draft& draft) {
    draft_ = draft.path();
    sqlite3_progress_handler(from, look_every, &Migration::look_at_copy, this);
    TRY(auto vacuum, Statement::prepare(from, "VACUUM INTO ?1"));
    vacuum.bind(1, std::string_view(draft_));
    const auto done = vacuum.run();
    sqlite3_progress_handler(from, 0, nullptr, nullptr);
    RUAUDIT_FAIL_POINT("store.migration-copied");
    return done;
  }

  static int look_at_copy(void* self) {
    const auto& migration = *static_cast<Migration*>(self);
    struct stat file {};
    if (::stat(migration.draft_.c_str(), &file) != 0) return 0;
    const double share =
        static_cast<double>(file.st_size) / static_cast<double>(std::max<std::int64_t>(1, migration.octets_));
    migration.tell(MigrationStage::copying, copied_permille * std::min(1.0, share));
    return 0;
  }

  Status fill(const Draft& draft) {
    TRY(const auto from, open_to_migrate(path_, options_));
    tell(MigrationStage::copying, 0);
    TRY_VOID(copy(from.get(), draft));
    {
      TRY(const auto made, open_to_migrate(draft.path(), options_));
      // Nobody else has the draft, and none is left of one that fails: it needs no journal.
      TRY_VOID(execute(made.get(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"));
      TRY_VOID(bring_up(from.get(), made.get()));
      TRY_VOID(execute(made.get(), "PRAGMA journal_mode=WAL"));
    }
    return draft.sync();
  }

  Status bring_up(sqlite3* from, sqlite3* made) {
    tell(MigrationStage::copying, copied_permille);
    TRY_VOID(check_copied(from, made));
    tell(MigrationStage::changing, compared_permille);
    TRY_VOID(remove_seal(made));
    TRY_VOID(run_migration_steps(made));
    tell(MigrationStage::checking, changed_permille);
    TRY_VOID(check_carried_over(from, made));
    TRY(auto findings, check_migrated(made, from, [this](double share) {
          tell(MigrationStage::checking, changed_permille + (checked_permille - changed_permille) * share);
        }));
    outcome_.warnings = std::move(findings.inherited);
    if (findings.added.empty()) return {};
    const std::size_t others = findings.added.size() - 1;
    return model::failure("database-migration", "the new file would not be sound: " + findings.added.front() +
                                                    (others > 0 ? " (and " + std::to_string(others) + " more)" : ""));
  }

  const DatabaseOptions& options_;
  const MigrationObserver& observer_;
  std::string path_;
  std::string draft_;
  std::int64_t octets_ = 0;
  MigrationOutcome outcome_;
};

}  // namespace

model::Result<MigrationOutcome> migrate(const DatabaseOptions& options, const MigrationObserver& observer) {
  std::error_code problem;
  const auto path = std::filesystem::canonical(options.path, problem);  // the file itself is replaced, not a link to it
  if (problem) return model::failure("database-open", options.path + ": " + problem.message());
  auto done = Migration(options, observer, path.string()).run();
  if (done || !done.error().hint.empty()) return done;
  return model::failure("database-migration", done.error().message,
                        "the file is unchanged; keep a copy of it, and use the version of ruaudit that wrote it");
}

}  // namespace ruaudit::store
