// Whether a copy holds what its original does.
#pragma once
#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

// Rows of every table, and messages of every day: "database-migration" names what differs. Before a step has changed
// anything.
model::Result<void> check_copied(sqlite3* original, sqlite3* copy);
// Afterwards: rows of what no step touches, and messages in all.
model::Result<void> check_carried_over(sqlite3* original, sqlite3* copy);

}  // namespace ruaudit::store
