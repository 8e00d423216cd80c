// A bounded memory of interned contents on the parse thread: canonical octets -> digest, and the place in the batch in
// hand. Four-way set-associative over a 64-bit hash, so a lookup costs at most four comparisons whatever the input;
// a content over max_cached_octets is never kept. Forgetting an entry costs a SHA-256, nothing else.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "store/aggregate/encoded_report.hpp"
#include "store/aggregate/mix.hpp"

namespace ruaudit::store {

inline constexpr std::size_t max_cached_octets = 512;

class EncoderCache {
 public:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t batch = 0;  // number of the batch that `index` belongs to
    std::uint32_t index = 0;
    Digest digest{};
    std::string content;
    bool is_used = false;
  };

  explicit EncoderCache(std::size_t sets) : entries_(sets * ways), mask_(sets - 1) {}

  // The entry of `content`, or an entry to be filled with it (is_used false).
  Entry& find(std::string_view content) {
    const std::uint64_t hash = mix_octets(content);
    Entry* const set = &entries_[(hash & mask_) * ways];
    for (std::size_t way = 0; way < ways; ++way)
      if (set[way].is_used && set[way].hash == hash && set[way].content == content) return set[way];
    Entry& victim = set[next_victim_++ % ways];
    victim.hash = hash;
    victim.is_used = false;
    victim.batch = 0;
    return victim;
  }

 private:
  static constexpr std::size_t ways = 4;
  std::vector<Entry> entries_;
  std::uint64_t mask_;
  std::size_t next_victim_ = 0;
};

}  // namespace ruaudit::store
