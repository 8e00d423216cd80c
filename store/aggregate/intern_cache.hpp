// A bounded memory, on the write thread, of which id an interned content has: four-way set-associative over 16 octets
// (an address key or a digest). Forgetting an entry costs a lookup in the database. forget_from() makes it safe to
// roll back: ids are given in ascending order, so everything given since a savepoint is at or above its first id.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "store/aggregate/mix.hpp"

namespace ruaudit::store {

class InternCache {
 public:
  using Key = std::array<std::uint8_t, 16>;

  // `sets` is a power of two; 4 entries of 24 octets each.
  explicit InternCache(std::size_t sets) : entries_(sets * ways), mask_(sets - 1) {}

  // 0 when not known here.
  [[nodiscard]] std::int64_t find(const Key& key) const {
    const Entry* const set = &entries_[slot(key)];
    for (std::size_t way = 0; way < ways; ++way)
      if (set[way].id != 0 && set[way].key == key) return set[way].id;
    return 0;
  }

  void insert(const Key& key, std::int64_t id) {
    Entry* const set = &entries_[slot(key)];
    for (std::size_t way = 0; way < ways; ++way)
      if (set[way].id == 0) {
        set[way] = {key, id};
        return;
      }
    set[next_victim_++ % ways] = {key, id};
  }

  void forget_from(std::int64_t first_id) {
    for (auto& entry : entries_)
      if (entry.id >= first_id) entry.id = 0;
  }
  void clear() { forget_from(0); }

 private:
  static constexpr std::size_t ways = 4;
  struct Entry {
    Key key{};
    std::int64_t id = 0;
  };

  [[nodiscard]] std::size_t slot(const Key& key) const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), key.data(), key.size());
    return (mix(words[0], words[1]) & mask_) * ways;
  }

  std::vector<Entry> entries_;
  std::uint64_t mask_;
  std::size_t next_victim_ = 0;
};

}  // namespace ruaudit::store
