// The index of records by their address, which reports fill in an order that has nothing to do with addresses: entry by
// entry it costs more than the records themselves; built once from all records it costs a fifteenth of that. So the
// first records of a file are stored without it, and a run builds it at its end. A run that was killed leaves a file
// without it, which everybody can read, only more slowly; the next run builds it.
#pragma once
#include "model/result.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Before a run: drops the index of a file without records. Of any other file it stays as it is.
model::Result<void> put_off_source_index(Database& database);
// After a run, outside a transaction: makes the index where it is missing. Sorts in files of the temporary folder
// (SQLITE_TMPDIR, TMPDIR); an error leaves the file as it was.
model::Result<void> make_source_index(Database& database);

}  // namespace ruaudit::store
