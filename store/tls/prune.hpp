// Removal of old TLS reports.
#pragma once
#include <string>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Removes reports of days before `first_day_kept`, with their rows and roll-ups, and the originals of mails that
// contained nothing else. Ledger rows stay. In transactions of some hundred reports.
model::Result<void> prune_tls(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
