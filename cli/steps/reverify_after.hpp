// What ingest, fetch and reprocess do at their end with failure reports that are new: verify them (unless DNS is not to
// be asked) and reduce their samples to what --samples permits. Nothing is asked where there are none.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/process/console.hpp"
#include "store/sqlite/database.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::cli {

// Failure reports with a key above `after_key`. The caller holds the IngestLock. What prevents it is printed, not
// returned: reading reports has succeeded.
void verify_new_failures(const Options& options, jobs::Console& console, store::Database& database,
                         const verify::suffix::PublicSuffixList& list, std::int64_t after_key);

}  // namespace ruaudit::cli
