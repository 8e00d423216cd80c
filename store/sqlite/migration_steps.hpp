// The steps of store/migrations/ one after the other, the views anew, and the version: on a copy of an older file that
// nobody else has open. An error names the step.
#pragma once
#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

model::Result<void> run_migration_steps(sqlite3* db);

}  // namespace ruaudit::store
