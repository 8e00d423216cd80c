// Finds the next mark in a text that grows at its end and is consumed at its front. Each octet is looked at once,
// however often the search is repeated: what was searched without success is remembered by its offset in the whole
// text.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>

namespace ruaudit::parser {

class AheadSearch {
 public:
  explicit constexpr AheadSearch(std::string_view mark) : mark_(mark) {}

  // The first place of the mark in text, npos when it is not there whole. offset: of text.front() in the whole text;
  // never less than at the call before.
  std::size_t find(std::string_view text, std::uint64_t offset) {
    const std::uint64_t from = clear_until_ > offset ? clear_until_ - offset : 0;
    if (from >= text.size()) return std::string_view::npos;
    const auto at = text.find(mark_, from);
    const auto searched = at != std::string_view::npos ? at : text.size() - std::min(text.size(), mark_.size() - 1);
    clear_until_ = std::max(clear_until_, offset + searched);
    return at;
  }

 private:
  std::string_view mark_;
  std::uint64_t clear_until_ = 0;  // the mark does not begin before this offset
};

}  // namespace ruaudit::parser
