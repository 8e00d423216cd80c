// Reads authentication patterns: of pairs of identifier_set and verdict ids, the values that they stand for. Used by
// the readers of facts in this folder.
#pragma once
#include <cstdint>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

// identifier_set.id << 32 | verdict.id
using PatternId = std::int64_t;
constexpr PatternId pattern_id(std::int64_t identifier, std::int64_t verdict) { return identifier << 32 | verdict; }

// In the order of `ids`.
model::Result<std::vector<model::AuthPattern>> read_patterns(sqlite3* db, const std::vector<PatternId>& ids);

}  // namespace ruaudit::store
