// Whether a file that a migration makes says what the old one says: every table row by row, by number and content.
// Error "database-migration" names table and row.
#pragma once
#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

// Of a fresh copy: it has the tables of the original, and those that the steps of store/migrations/ change are equal.
model::Result<void> check_copied(sqlite3* original, sqlite3* copy);

// After the steps: all other tables are equal, and so is in those what no step changes.
model::Result<void> check_carried_over(sqlite3* original, sqlite3* copy);

}  // namespace ruaudit::store
