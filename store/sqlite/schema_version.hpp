// The version of the database that this program writes (PRAGMA user_version), and what to say of any other.
#pragma once
#include <cstdint>
#include <string>

#include "model/result.hpp"

namespace ruaudit::store {

inline constexpr int schema_version = 3;
inline constexpr int oldest_version = 1;  // that can be migrated

// "database-newer", or "database-older" with what to do: reading never migrates.
inline model::Result<void> check_version(std::int64_t version) {
  const std::string found = "the file has schema version " + std::to_string(version);
  if (version > schema_version)
    return model::failure("database-newer", found + ", this program supports up to " + std::to_string(schema_version),
                          "use the version of ruaudit that wrote it, or a later one");
  if (version < schema_version)
    return model::failure(
        "database-older", found + ", this program reads " + std::to_string(schema_version),
        "`ruaudit db backup` makes a copy, then `ruaudit db migrate` (or the next ingest) migrates it");
  return {};
}

}  // namespace ruaudit::store
