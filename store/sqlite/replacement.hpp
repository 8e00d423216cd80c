// How a checked new file takes the place of an old one that others may have open (docs/decisions/0018).
#pragma once
#include <string>

#include "model/result.hpp"
#include "store/sqlite/draft.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// `old` is the connection that has kept all others from writing since before the copy was made: BEGIN IMMEDIATE. First
// the old file is sealed: nobody can change a row of it any more, not even a program that has it open since yesterday.
// Then its log is folded into it, and the new file takes its name. Closes `old`. An error leaves the old file as it
// was, or, where its log is gone already, sealed: the hint says which. One of the folder's sync comes when the new file
// is in its place.
model::Result<void> replace_file(Connection old, Draft& draft, const std::string& path, int patience_ms);

// Removes what an interrupted replacement has left in a copy of the old file.
model::Result<void> remove_seal(sqlite3* db);

}  // namespace ruaudit::store
