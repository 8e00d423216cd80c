// What counted reports told of each domain on each day, by reporter: how far a day may be compared with those before
// it.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

// Share of a domain's mail of a day that comes from reporters who report on most days of the weeks before, and the
// share of those weeks' mail that belongs to reporters who have reported for this day: so that a new reporter is no
// jump, and a late one hides none.
struct Comparable {
  double today = 1, before = 1;
};

class Reported {
 public:
  explicit Reported(const Situation& situation);
  [[nodiscard]] Comparable comparable(const std::string& domain, Day day) const;

 private:
  using Reports = std::vector<std::pair<std::uint32_t, double>>;  // reporter, messages
  std::unordered_map<std::string, std::map<Day, Reports>> domains_;
};

}  // namespace ruaudit::assess
