// What keeps a database in order: check, prune, backup, export, statistics. Each works on an open Database and, where
// it writes, expects the caller to hold the IngestLock.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/existing_file.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct CheckFinding {
  std::string check;   // "integrity", "foreign-keys", "counted", "roll-ups", "ledger"
  std::string detail;  // what differs, and where
};

// Everything that must hold: SQLite's integrity and foreign keys, CHECK constraints, roll-ups equal to a recomputation,
// exactly one counted version per key, sums of the report rows. Empty = clean. At most 100 findings per check.
model::Result<std::vector<CheckFinding>> check(Database& database);
// False for a connection that cannot write: SQLite ignores the CHECK constraints of a file that it opens read-only.
bool sees_constraints(const Database& database);

struct PruneResult {
  std::int64_t reports = 0;
  std::int64_t records = 0;
  std::int64_t items = 0;     // ledger rows whose parts and originals were removed
  std::int64_t failures = 0;  // failure reports
  std::int64_t tls_reports = 0;
};
enum class PruneMode : std::uint8_t { preview, apply };
// Removes reports of all kinds of days before `first_day_kept` (YYYY-MM-DD), their records, samples, results, defects,
// roll-ups and originals, and
// interned contents nobody refers to any more. The ledger rows of their items stay, so that the same mails are not
// treated as new.
model::Result<PruneResult> prune(Database& database, const std::string& first_day_kept, PruneMode mode);

// A consistent copy while others read and write. Refuses an existing file ("file-exists").
model::Result<void> backup(Database& database, const std::string& path);

using model::ExistingFile;
struct ExportTarget {
  std::string path;
  ExistingFile existing = ExistingFile::refuse;
  std::uint32_t mode = 0600;  // permissions of the new file, whatever the umask is
};
// The same without originals, with a rollback journal, so that it can be read from a read-only medium. A file is
// replaced in one step: whoever has it open continues to read the old copy, and nobody ever sees half of the new one.
// Errors: "file-exists", "file-create", "export-runs" (another run is writing the same file), "usage" (the target is
// the database).
model::Result<void> export_copy(Database& database, const ExportTarget& target);

enum class StatisticKind : std::uint8_t { count, day };
struct Statistic {
  std::string name;
  std::int64_t value = 0;  // of a day its first second since 1970, 0: there is none
  StatisticKind kind = StatisticKind::count;
};
// Rows per table, reports by state, octets of the file and of the originals, first and last day.
model::Result<std::vector<Statistic>> statistics(Database& database);

}  // namespace ruaudit::store
