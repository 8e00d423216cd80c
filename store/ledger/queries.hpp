// Questions about the ledger that commands ask.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// Items of which a part was rejected and nothing since has replaced it.
model::Result<std::int64_t> count_rejected(Database& database);

// An entry of a folder or file whose octets could not be read when its source was read last.
struct UnreadEntry {
  std::string source{}, reason{};  // reason: with the path and the remedy
  std::int64_t first_seen = 0, last_seen = 0;
  bool operator==(const UnreadEntry&) const = default;
};
// Those seen at `since` or later, by source, first the one that has been so longest. Reads the whole ledger where there
// is one. `codes`: of what counts as unread.
model::Result<std::vector<UnreadEntry>> unread_entries(Database& database, std::int64_t since,
                                                       std::span<const std::string_view> codes);

}  // namespace ruaudit::store
