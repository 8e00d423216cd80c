// Running today's parser over kept originals: the items that have one, their octets, and the replacement of what a
// former run made of them. The ledger row (hash, first_seen, seen_count, acknowledgement) stays; its parts and reports
// are rebuilt in the transaction of the writer, so that a kill leaves either the former or the new state.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/ledger/ledger.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct KeptItem {
  std::int64_t ledger_key = 0;
  Item item;  // as it was recorded; now = last_seen
  std::int64_t octets = 0;
};

// The next kept item with a full original after `ledger_key`, in order of keys; nothing at the end.
model::Result<std::optional<KeptItem>> next_kept_item(Database& database, std::int64_t ledger_key);
// The octets of originals.
class OriginalReader {
 public:
  // `database` must outlive the reader.
  static model::Result<OriginalReader> create(Database& database);
  OriginalReader(OriginalReader&&) noexcept;
  OriginalReader& operator=(OriginalReader&&) noexcept;
  ~OriginalReader();
  // Chunk by chunk, in order. Stops at the first error that `take` returns.
  model::Result<void> read(std::int64_t ledger_key, const std::function<model::Result<void>(std::string_view)>& take);

 private:
  struct State;
  explicit OriginalReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
// The same for one item alone.
model::Result<void> read_original(Database& database, std::int64_t ledger_key,
                                  const std::function<model::Result<void>(std::string_view)>& take);

}  // namespace ruaudit::store
