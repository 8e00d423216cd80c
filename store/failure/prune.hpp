// db prune for failure reports: those of days before the first to keep go with all that hangs on them. Their ledger
// rows stay. In transactions of some hundred reports; what went is erased (store/failure/erase.hpp).
#pragma once
#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Mails that hold no report (what --samples full keeps of them, or their header), received before the day: the octets
// and the names of their parts' files go, the ledger's rows stay.
model::Result<void> prune_letters(Database& database, const std::string& first_day_kept);

model::Result<std::int64_t> prune_failures(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
