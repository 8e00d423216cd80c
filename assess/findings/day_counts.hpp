// Messages by day, in the order of days. Days mostly come in it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

class DayCounts {
 public:
  void add(Day day, std::int64_t count) {
    if (days_.empty() || days_.back().first < day) {
      days_.emplace_back(day, count);
      return;
    }
    const auto at = place_of(day);
    if (at->first == day)
      at->second += count;
    else
      days_.insert(at, {day, count});
  }
  [[nodiscard]] std::int64_t on(Day day) const {
    const auto at = std::lower_bound(days_.begin(), days_.end(), day, is_before);
    return at != days_.end() && at->first == day ? at->second : 0;
  }
  [[nodiscard]] bool empty() const { return days_.empty(); }
  [[nodiscard]] std::size_t size() const { return days_.size(); }
  [[nodiscard]] Day first() const { return days_.front().first; }
  [[nodiscard]] Day last() const { return days_.back().first; }
  [[nodiscard]] auto begin() const { return days_.begin(); }
  [[nodiscard]] auto end() const { return days_.end(); }

 private:
  using One = std::pair<Day, std::int64_t>;
  static bool is_before(const One& one, Day day) { return one.first < day; }
  std::vector<One>::iterator place_of(Day day) {
    if (days_.back().first == day) return std::prev(days_.end());
    return std::lower_bound(days_.begin(), days_.end(), day, is_before);
  }
  std::vector<One> days_;
};

}  // namespace ruaudit::assess
