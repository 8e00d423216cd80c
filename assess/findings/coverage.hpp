// Which days are covered by reports at all.
#pragma once
#include <algorithm>
#include <vector>

#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

// Days for which reports on a domain could come, and for which reports did come in about the usual measure: the others
// say nothing about who was silent.
class Coverage {
 public:
  // One for each of the facts' domains. What comes in is measured over all domains, since a small domain has days
  // without any mail; on days without a usable DMARC record a domain is not covered.
  static std::vector<Coverage> of_domains(const Situation& situation);
  // Of the days from `first` to `last`, how many were reported on in about the usual measure.
  [[nodiscard]] int days(Day first, Day last) const;
  [[nodiscard]] bool has(Day day) const { return std::binary_search(covered_.begin(), covered_.end(), day); }
  [[nodiscard]] Day first_day() const { return first_; }  // of the domain's first report
  // The first covered day, on which there may have been nothing to report of the domain.
  [[nodiscard]] Day first_covered() const { return covered_.empty() ? first_ : covered_.front(); }

 private:
  void take_usual_days(const Situation& situation);
  std::vector<Day> covered_;  // sorted
  Day first_ = 0;
};

}  // namespace ruaudit::assess
