// TLS reports that have had their time.
#pragma once
#include <string>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Takes reports of days before `first_day_kept` away, with their rows and roll-ups, and the originals of mails that
// brought nothing else. Ledger rows stay. In transactions of some hundred reports.
model::Result<void> prune_tls(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
