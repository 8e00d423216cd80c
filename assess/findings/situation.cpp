#include "assess/findings/situation.hpp"

#include "model/calendar.hpp"

namespace ruaudit::assess {

Day judged_day(const Situation& situation) { return static_cast<Day>(model::day_number(situation.now)) - 1; }

Day day_seen_at(std::int64_t time) { return static_cast<Day>(model::day_number(time - model::seconds_per_day / 2)); }

std::string text_of_day(Day day) { return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day); }

}  // namespace ruaudit::assess
