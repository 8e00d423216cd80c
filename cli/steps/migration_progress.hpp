// What is shown while a database of an older version is migrated: a bar on a terminal, one plain line elsewhere; then
// a warning for what was wrong in it before.
#pragma once
#include <string>

#include "jobs/process/console.hpp"
#include "model/result.hpp"
#include "store/sqlite/migration.hpp"

namespace ruaudit::cli {

// Migrates the file of `path` where one of an older version is there; any other is left to who opens it.
model::Result<void> migrate_older(const std::string& path, jobs::Console& console);

// The text of the bar's line, without control characters; at most `columns` wide.
std::string migration_line(const store::MigrationProgress& progress, unsigned columns);

}  // namespace ruaudit::cli
