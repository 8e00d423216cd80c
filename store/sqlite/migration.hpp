// Brings the file of an older version to schema_version, in a new file beside it (docs/decisions/0018): the pages are
// copied without what was deleted, the steps of store/migrations/ and the views follow in the copy, the copy is
// checked, and takes the place of the old file in one step. What is wrong in the old file already is carried over and
// told as a warning; anything else that `db check` would find refuses the migration. Interrupted at any point (kill,
// full disk, error) the old file says what it said, and the next writing command begins again. Programs that have the
// old file open read it on and cannot write into it any more. Errors: "database-migration" (with the step or check that
// failed), "database-busy" (another program migrates or writes, or a reader does not end its transaction), "disk-low",
// "database-damaged".
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

enum class MigrationStage : std::uint8_t { copying, changing, checking };
struct MigrationProgress {
  MigrationStage stage = MigrationStage::copying;
  unsigned permille = 0;  // of the whole; 1000 when the new file has taken its place
};
using MigrationObserver = std::function<void(const MigrationProgress&)>;

struct MigrationOutcome {
  // What does not hold in the migrated file and did not hold in the old one, as `db check` says it.
  std::vector<std::string> warnings;
};

// The file of options.path, which nothing of this process has open. One of this version stays as it is. Opening a file
// to write does the same, without an observer: `db check` then tells what the warnings would have been.
model::Result<MigrationOutcome> migrate(const DatabaseOptions& options, const MigrationObserver& observer);

// The name of the new file until it takes the place of `path`, which has no links in it.
inline std::string draft_path(const std::string& path) { return path + ".migrating"; }

}  // namespace ruaudit::store
