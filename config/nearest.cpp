#include "config/nearest.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::config {
namespace {

constexpr std::size_t longest = 64;
using Row = std::array<std::size_t, longest + 1>;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > longest || b.size() > longest) return longest;
  Row before{}, above{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchange = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, exchange});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> words) {
  std::optional<std::string_view> best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : words) {
    const std::size_t apart =
        word.size() < candidate.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (apart >= least) continue;  // each letter more or less counts
    const std::size_t distance = edit_distance(word, candidate);
    // Where every letter must change, nothing is near.
    if (distance >= least || distance >= candidate.size() || distance >= word.size()) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

}  // namespace ruaudit::config
