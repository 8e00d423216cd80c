// What digests have reported: the findings as they were then, and the digests themselves. A digest is saved after its
// delivery, in one transaction, so that after a run that ended earlier everything is reported again.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Findings that digests of this name have told, open or not.
model::Result<std::vector<model::ToldFinding>> told_findings(Database& database, const std::string& digest_name);
// The names of the digests that have told findings.
model::Result<std::vector<std::string>> digest_names(Database& database);
// When the last digest of this name was made; nothing: there was none.
model::Result<std::optional<std::int64_t>> last_digest_time(Database& database, const std::string& digest_name);
// Within the transaction of save_delivered() (store/findings/outbox.hpp).
model::Result<void> save_items(Database& database, const std::string& digest_name, std::int64_t digest_key,
                               const model::Digest& digest);

// Whether a digest of any name has reported a finding of this id.
model::Result<bool> has_reported(Database& database, const std::string& finding_id);

model::Result<std::vector<model::Care>> finding_care(Database& database);
model::Result<void> save_care(Database& database, const model::Care& care);
// False where nothing was said of it.
model::Result<bool> forget_care(Database& database, const std::string& finding_id);

}  // namespace ruaudit::store
