// TLS reports that have had their time.
#pragma once
#include <cstdint>
#include <string>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct TlsPrunePreview {
  std::int64_t reports = 0;
  std::int64_t items = 0;  // mails and files whose originals go with them
};
model::Result<TlsPrunePreview> preview_tls(Database& database, const std::string& first_day_kept);
// Takes reports of days before `first_day_kept` away, with their rows and roll-ups, and the originals of mails that
// brought nothing else. Ledger rows stay. In transactions of some hundred reports.
model::Result<void> prune_tls(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
