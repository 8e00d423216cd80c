// db prune for failure reports: those of days before the first to keep go with all that hangs on them. Their ledger
// rows stay. In transactions of some hundred reports; what went is erased (store/failure/erase.hpp).
#pragma once
#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

model::Result<std::int64_t> prune_failures(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
