// The end of a sample's life: what is kept of it, of the claims and of the mail that carried it is reduced to what a
// policy permits, and what is removed is erased: deleted octets are overwritten, tables that shrank are written again
// (a b-tree page may keep a stale copy of a row that moved), and the log is emptied. Results lose the evidence lines
// that quote the sample ('body-change' unless the policy is full, 'header-change' where words are not permitted).
// Writes; expects the caller to hold the IngestLock and no transaction to be open.
#pragma once
#include <cstdint>
#include <string>

#include "model/result.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct CutResult {
  std::int64_t samples = 0;  // reduced, or found to fit their policy as they were
  bool is_log_empty = true;  // false: a reader keeps the log; what was cut may still be in it until the next cut
};

// One report, whatever its state. Nothing happens if at least as much was removed before; a policy that permits more
// than an earlier one brings nothing back.
model::Result<CutResult> cut_sample(Database& database, std::int64_t failure_key, SamplePolicy policy);

// Every report that waits for it: verified, or of a kind that is never verified; each by its own policy. Goes on where
// a killed run stopped.
model::Result<CutResult> cut_due_samples(Database& database);

// Every report whose sample arrived on a day before `first_day_kept` (YYYY-MM-DD) loses it, as by policy none.
model::Result<CutResult> prune_samples(Database& database, const std::string& first_day_kept);

// How many that would be.
model::Result<CutResult> preview_samples(Database& database, const std::string& first_day_kept);

}  // namespace ruaudit::store
