#include "assess/findings/situation.hpp"

#include <algorithm>

#include "model/calendar.hpp"

namespace ruaudit::assess {

Day judged_day(const Situation& situation) { return static_cast<Day>(model::day_number(situation.now)) - 1; }

Day day_seen_at(std::int64_t time) { return static_cast<Day>(model::day_number(time - model::seconds_per_day / 2)); }

Day first_news(const Situation& situation) {
  const Day usual = day_seen_at(situation.now) - 1;
  return situation.told_until == 0 ? usual : std::min(usual, day_seen_at(situation.told_until));
}

std::string text_of_day(Day day) { return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day); }

}  // namespace ruaudit::assess
