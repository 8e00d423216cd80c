// Everything that must hold in a whole file, as `db check` looks at it and a migration, too. The queries know every
// table: they stand in store/care/check.cpp.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

// "check: detail" each, of one check no more than `db check` names.
struct ContentFindings {
  std::vector<std::string> inherited;  // what does not hold in the older file, either
  std::vector<std::string> added;
};

// What does not hold in `made`, a migrated copy of `older`. `older` is looked at only where there is something: most
// files are sound. `progress` is told after each check of `made` which share of them is done, 0 to 1.
model::Result<ContentFindings> check_migrated(sqlite3* made, sqlite3* older,
                                              const std::function<void(double)>& progress);

}  // namespace ruaudit::store
