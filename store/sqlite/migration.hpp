// Brings the file of an older version to schema_version: the steps of store/migrations/ one after the other, the views
// anew, and the version, all in one transaction. Interrupted at any point (kill, full disk, error) the file stays what
// it was, and the next writing command tries again. Errors "database-migration" (with the step that failed),
// "database-busy".
#pragma once
#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

model::Result<void> migrate(sqlite3* db);

}  // namespace ruaudit::store
