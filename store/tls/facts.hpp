// Reads what judgement needs of the TLS reports of counted versions.
#pragma once
#include <string>

#include "model/facts/tls_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Days before `first_day` (YYYY-MM-DD) are left out.
model::Result<model::TlsFacts> read_tls_facts(Database& database, const std::string& first_day);

}  // namespace ruaudit::store
