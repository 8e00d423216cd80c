// Sums per source, by its id (above 0): a hash table whose entries lie side by side in the order they came in. A
// summary adds millions of rows to it; std::unordered_map takes twice as long.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ruaudit::store {

struct SourceTotals {
  std::int64_t messages = 0, passed = 0, dkim_aligned = 0, spf_aligned = 0, rejected = 0, quarantined = 0;
  std::int64_t first_seen = 0, last_seen = 0;
  bool has_times = false;
  [[nodiscard]] std::int64_t failed() const { return messages - passed; }
};

class SourceTable {
 public:
  using Entry = std::pair<std::int64_t, SourceTotals>;

  // Valid until the next id that is new.
  SourceTotals& operator[](std::int64_t id) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(id)];
    if (slot == empty) {
      entries_.emplace_back(id, SourceTotals{});
      slot = static_cast<std::uint32_t>(entries_.size());
    }
    return entries_[slot - 1].second;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  static constexpr std::uint32_t empty = 0;
  static constexpr unsigned first_bits = 6;

  // Of the id, or the free one where it belongs. Neighbouring ids, the usual case, go far apart.
  [[nodiscard]] std::size_t slot_of(std::int64_t id) const {
    const std::uint64_t mixed = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15U;
    std::size_t at = mixed >> (64 - bits_);
    while (slots_[at] != empty && entries_[slots_[at] - 1].first != id) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    bits_ = slots_.empty() ? first_bits : bits_ + 1;
    slots_.assign(std::size_t{1} << bits_, empty);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      slots_[slot_of(entries_[i].first)] = static_cast<std::uint32_t>(i + 1);
  }

  unsigned bits_ = 0;
  std::vector<std::uint32_t> slots_;  // 1 + the index of an entry
  std::vector<Entry> entries_;
};

}  // namespace ruaudit::store
