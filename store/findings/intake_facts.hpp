// Reads what the ledger knows of reports, of what could not be read, and of the visits to mailboxes.
#pragma once
#include <cstdint>

#include "model/facts/intake_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Rejected parts of before `rejected_since` are left out.
model::Result<model::IntakeFacts> read_intake_facts(Database& database, std::int64_t rejected_since);

}  // namespace ruaudit::store
