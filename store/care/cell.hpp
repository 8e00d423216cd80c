// One value of a row of SQLite.
#pragma once
#include "model/result_table.hpp"

struct sqlite3_stmt;

namespace ruaudit::store {

model::Cell cell_of(sqlite3_stmt* row, int column);

}  // namespace ruaudit::store
