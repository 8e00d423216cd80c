// Questions about the ledger that commands ask.
#pragma once
#include <cstdint>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Items of which a part was rejected and nothing since has replaced it.
model::Result<std::int64_t> count_rejected(Database& database);

}  // namespace ruaudit::store
