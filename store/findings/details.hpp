// Reads what one finding rests on: rows of its addresses since its first day, states of its DNS names, samples.
#pragma once
#include "model/finding.hpp"
#include "model/finding_details.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

model::Result<model::FindingDetails> read_finding_details(Database& database, const model::Finding& finding);

}  // namespace ruaudit::store
