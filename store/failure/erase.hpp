// Erasing for good what was deleted from the tables of failure reports. secure_delete overwrites deleted rows and freed
// pages; what it does not reach are stale copies on a b-tree page whose rows moved to another page when it was
// balanced (one row in a thousand, measured), and frames of the log. So tables that shrank are emptied, which
// overwrites every page, and filled again, and the log is written back and cut to nothing.
#pragma once
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// pending: octets of samples that waited for verification. all: also what was kept after it.
enum class Erasure : std::uint8_t { pending, all };

// Notes, inside the transaction that deletes, that erase() is due; a killed run leaves the note to the next.
Status note_erasure(sqlite3* db, Erasure erasure);
// Does what is noted, then empties the log. False when a reader keeps it; the note stays for the next time.
model::Result<bool> erase(Database& database);

}  // namespace ruaudit::store
