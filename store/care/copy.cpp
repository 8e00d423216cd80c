// db backup, db export, db stats.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "store/care/maintenance.hpp"
#include "store/outbox/outbox.hpp"
#include "store/sqlite/draft_file.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

// The new file, readable only by us, and removed again unless everything succeeded.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_(std::move(path)) {}
  ~NewFile() {
    if (!is_kept_) remove_file(path_);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  void keep() { is_kept_ = true; }

 private:
  std::string path_;
  bool is_kept_ = false;
};

Status create_new(const std::string& path) {
  const FileDescriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.number() >= 0) return {};
  if (errno == EEXIST) return model::failure("file-exists", path + " exists already", "name a file that does not");
  return model::failure("file-create", "cannot make " + path + ": " + std::strerror(errno),  // NOLINT
                        "check the path and its permissions");
}

model::Result<Connection> open_target(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return model::failure(sqlite_error(handle, code, "cannot open " + path));
  return connection;
}

// All pages in one step: the source is read in one transaction, which a writer in WAL mode does not wait for.
Status copy_pages(sqlite3* from, sqlite3* to) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return model::failure(sqlite_error(to, sqlite3_errcode(to), "backup"));
  const int step = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (step != SQLITE_DONE || finished != SQLITE_OK)
    return model::failure(sqlite_error(to, step != SQLITE_DONE ? step : finished, "backup"));
  return {};
}

// Neither mails nor samples, nor the key of what was redacted. VACUUM leaves no trace of them.
constexpr const char* leave_out_sql =
    "BEGIN; DELETE FROM original_chunk; DELETE FROM failure_original_chunk; DELETE FROM original;"
    "DELETE FROM failure_sample; DELETE FROM pending_failure; DELETE FROM failure_signature;"
    "DELETE FROM failure_evidence_line WHERE kind IN ('header-change', 'body-change');"
    "UPDATE failure_report SET sample_state = 'pruned'; DELETE FROM store_info WHERE name IN ('redaction-key', "
    "'ingester');"
    "DELETE FROM outbox; COMMIT;"
    "VACUUM";

Status fill_export(Database& database, const std::string& path) {
  TRY(const auto target, open_target(path));
  TRY_VOID(copy_pages(database.handle(), target.get()));
  TRY_VOID(execute(target.get(), "PRAGMA journal_mode=DELETE"));
  TRY_VOID(execute(target.get(), drop_outbox_triggers_sql));
  return execute(target.get(), leave_out_sql);
}

DraftTask export_task(const std::string& draft) {
  return {.code = "file-create",
          .hint = "check the path and its permissions",
          .is_busy = {"export-runs", "another run is writing " + draft, "try again when it has ended"}};
}

bool is_file_of(sqlite3* handle, const std::string& path) {
  const char* const name = sqlite3_db_filename(handle, "main");
  struct stat source {};
  struct stat target {};
  return name != nullptr && ::stat(name, &source) == 0 && ::stat(path.c_str(), &target) == 0 &&
         source.st_dev == target.st_dev && source.st_ino == target.st_ino;
}

Status permit(const std::string& path, std::uint32_t mode) {
  if (::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0)
    return draft_failure(export_task(path), "cannot set permissions of " + path);
  return {};
}

// In one step, and on the disk before it is told.
Status publish(const std::string& draft, const std::string& path, const DraftTask& task) {
  if (::rename(draft.c_str(), path.c_str()) != 0) return draft_failure(task, "cannot replace " + path);
  return sync_folder_of(path, task);
}

struct StatisticQuery {
  const char* name;
  const char* sql;
  StatisticKind kind = StatisticKind::count;
};

constexpr std::array statistic_table = {
    StatisticQuery{"items", "SELECT count(*) FROM ledger"},
    StatisticQuery{"reports", "SELECT count(*) FROM report"},
    StatisticQuery{"reports-counted", "SELECT coalesce(sum(counted), 0) FROM report"},
    StatisticQuery{"reports-damaged", "SELECT coalesce(sum(damaged), 0) FROM report"},
    StatisticQuery{"reports-in-conflict", "SELECT coalesce(sum(conflict), 0) FROM report"},
    StatisticQuery{"records", "SELECT coalesce(sum(records), 0) FROM report"},
    StatisticQuery{"messages", "SELECT coalesce(sum(messages), 0) FROM report WHERE counted"},
    StatisticQuery{"reporters", "SELECT count(*) FROM reporter"},
    StatisticQuery{"domains", "SELECT count(*) FROM domain"},
    StatisticQuery{"sources", "SELECT count(*) FROM source"},
    StatisticQuery{"identifier-sets", "SELECT count(*) FROM identifier_set"},
    StatisticQuery{"verdicts", "SELECT count(*) FROM verdict"},
    StatisticQuery{"defects", "SELECT count(*) FROM defect"},
    StatisticQuery{"originals", "SELECT count(*) FROM original"},
    StatisticQuery{"original-octets", "SELECT coalesce(sum(size), 0) FROM original"},
    StatisticQuery{"original-octets-stored",
                   "SELECT coalesce(sum(length(data)), 0) FROM (SELECT data FROM original_chunk"
                   " UNION ALL SELECT data FROM failure_original_chunk)"},
    StatisticQuery{"failure-reports", "SELECT count(*) FROM failure_report"},
    StatisticQuery{"failure-incidents", "SELECT coalesce(sum(incidents), 0) FROM failure_report"},
    StatisticQuery{"failures-unverified",
                   "SELECT count(*) FROM failure_report f WHERE f.kind = 'auth-failure' AND NOT EXISTS"
                   " (SELECT 1 FROM failure_result r WHERE r.failure_id = f.id)"},
    StatisticQuery{"samples-pending", "SELECT count(*) FROM pending_failure"},
    StatisticQuery{"samples-kept", "SELECT count(*) FROM failure_sample WHERE sample_size > 0"},
    StatisticQuery{"tls-reports", "SELECT count(*) FROM tls_report"},
    StatisticQuery{"tls-policies", "SELECT coalesce(sum(policies), 0) FROM tls_report"},
    StatisticQuery{"tls-failures", "SELECT coalesce(sum(failures), 0) FROM tls_report"},
    StatisticQuery{"file-octets", "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"},
    StatisticQuery{"first-day", "SELECT coalesce(unixepoch(min(day)), 0) FROM report", StatisticKind::day},
    StatisticQuery{"last-day", "SELECT coalesce(unixepoch(max(day)), 0) FROM report", StatisticKind::day},
};

}  // namespace

Status backup(Database& database, const std::string& path) {
  TRY_VOID(create_new(path));
  NewFile file(path);
  TRY(const auto target, open_target(path));
  TRY_VOID(copy_pages(database.handle(), target.get()));
  TRY_VOID(execute(target.get(), "PRAGMA journal_mode=DELETE"));
  file.keep();
  return {};
}

Status export_copy(Database& database, const ExportTarget& target) {
  if (is_file_of(database.handle(), target.path))
    return model::failure("usage", target.path + " is the database itself", "name another file for the copy");
  if (target.existing == ExistingFile::refuse) {
    TRY_VOID(create_new(target.path));
    NewFile file(target.path);
    TRY_VOID(fill_export(database, target.path));
    TRY_VOID(permit(target.path, target.mode));
    file.keep();
    return {};
  }
  const std::string draft = target.path + ".new";
  const DraftTask task = export_task(draft);
  TRY(const auto lock, lock_draft(draft, task));
  NewFile file(draft);
  TRY_VOID(fill_export(database, draft));
  TRY_VOID(permit(draft, target.mode));
  TRY_VOID(publish(draft, target.path, task));
  file.keep();
  return {};
}

model::Result<std::vector<Statistic>> statistics(Database& database) {
  std::vector<Statistic> statistics;
  for (const StatisticQuery& query : statistic_table) {
    TRY(const auto value, query_integer(database.handle(), query.sql));
    statistics.push_back({query.name, value, query.kind});
  }
  return statistics;
}

}  // namespace ruaudit::store
