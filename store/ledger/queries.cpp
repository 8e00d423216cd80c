#include "store/ledger/queries.hpp"

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

model::Result<std::int64_t> count_rejected(Database& database) {
  return query_integer(database.handle(),
                       "SELECT count(DISTINCT ledger_id) FROM ledger_part WHERE outcome = 'rejected'");
}

}  // namespace ruaudit::store
