// Everything that must hold in a whole file, as `db check` looks at it and a migration, too. The queries know every
// table: they stand in store/care/check.cpp.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

// What does not hold, "check: detail" each, as of one moment. `progress` is told after each check which share of them
// is done, 0 to 1.
model::Result<std::vector<std::string>> check_content(sqlite3* db, const std::function<void(double)>& progress);

}  // namespace ruaudit::store
