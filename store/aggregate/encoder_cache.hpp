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
    std::uint32_t batch = 0;  // number of the batch that `index` belongs to
    std::uint32_t index = 0;
    Digest digest{};
    std::string content;
    bool is_used = false;
  };

  explicit EncoderCache(std::size_t sets) : hashes_(sets * ways), entries_(sets * ways), mask_(sets - 1) {}

  // The entry of `content`, or an entry to be filled with it (is_used false).
  Entry& find(std::string_view content) {
    const std::uint64_t hash = mix_octets(content);
    const std::size_t set = (hash & mask_) * ways;
    for (std::size_t at = set; at < set + ways; ++at)
      if (hashes_[at] == hash && entries_[at].is_used && entries_[at].content == content) return entries_[at];
    const std::size_t place = set + next_victim_++ % ways;
    hashes_[place] = hash;
    Entry& victim = entries_[place];
    victim.is_used = false;
    victim.batch = 0;
    return victim;
  }

 private:
  static constexpr std::size_t ways = 4;
  std::vector<std::uint64_t> hashes_;  // of the entries, apart: those of a set lie in one line of the processor's cache
  std::vector<Entry> entries_;
  std::uint64_t mask_;
  std::size_t next_victim_ = 0;
};

}  // namespace ruaudit::store
