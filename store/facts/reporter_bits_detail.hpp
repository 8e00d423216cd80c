// The SQL aggregate reporter_bits(reporter_id): a set of reporters in 62 bits, one bit for one or more of them. Sets of
// several days are joined by OR; the number of bits is a lower bound of the number of reporters.
#pragma once
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

Status define_reporter_bits(sqlite3* db);

}  // namespace ruaudit::store
