#include "model/facts/stream_days.hpp"

#include <algorithm>

namespace ruaudit::model {

void StreamDays::push_back(const StreamDay& day) {
  const bool is_next = !streams_.empty() && streams_.back().domain == day.domain &&
                       streams_.back().source == day.source && streams_.back().pattern == day.pattern;
  if (!is_next) streams_.push_back({day.domain, day.source, day.pattern, 0, size_});
  ++streams_.back().count;
  Row row{day.reporters, static_cast<std::uint32_t>(day.messages), day.day * 4 + static_cast<std::int32_t>(day.trust)};
  if (day.messages < 0 || day.messages >= is_large) {
    row.messages = is_large | static_cast<std::uint32_t>(large_.size());
    large_.push_back(day.messages);
  }
  if ((size_ & (block_rows - 1)) == 0) {
    blocks_.emplace_back();
    if (size_ != 0) blocks_.back().reserve(block_rows);  // many: the next block will fill, too
  }
  blocks_.back().push_back(row);
  ++size_;
}

void StreamDays::shrink() {
  streams_.shrink_to_fit();
  if (!blocks_.empty()) blocks_.back().shrink_to_fit();
}

std::span<const StreamDays::Stream> StreamDays::streams_of(std::uint32_t domain) const {
  const auto [first, last] = std::equal_range(streams_.begin(), streams_.end(), Stream{.domain = domain},
                                              [](const Stream& a, const Stream& b) { return a.domain < b.domain; });
  return {first, last};
}

}  // namespace ruaudit::model
