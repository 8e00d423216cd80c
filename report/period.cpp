#include "report/period.hpp"

#include <array>
#include <string_view>

#include "model/calendar.hpp"
#include "report/local_time.hpp"

namespace ruaudit::report {
namespace {

using model::day_text;
using model::failure;
using model::Result;
using model::seconds_per_day;

constexpr std::string_view remedy =
    "use --period yesterday|last-week|last-30-days|last-month|all, or --since and --until with days such as 2024-02-29";

struct Days {  // first and last, both included; nothing = open
  std::optional<std::int64_t> first, last;
};

std::int64_t month_start(std::int64_t day) {
  return *model::parse_day(day_text(day * seconds_per_day).substr(0, 8) + "01") / seconds_per_day;
}

Days yesterday(std::int64_t today) { return {today - 1, today - 1}; }
Days last_week(std::int64_t today) {
  const auto monday = today - (today + 3) % 7;  // 1970-01-01 was a Thursday
  return {monday - 7, monday - 1};
}
Days last_30_days(std::int64_t today) { return {today - 30, today - 1}; }
Days last_month(std::int64_t today) {
  const auto start = month_start(today);
  return {month_start(start - 1), start - 1};
}
Days all(std::int64_t /*today*/) { return {}; }

struct Named {
  std::string_view name;
  Days (*days)(std::int64_t today);
};
constexpr std::array<Named, 5> named{{{"yesterday", yesterday},
                                      {"last-week", last_week},
                                      {"last-30-days", last_30_days},
                                      {"last-month", last_month},
                                      {"all", all}}};

Result<Days> named_days(const std::string& name, std::int64_t today) {
  for (const auto& one : named)
    if (one.name == name) return one.days(today);
  return failure("period", "unknown period '" + name.substr(0, 40) + "'", std::string(remedy));
}

Result<std::optional<std::int64_t>> day_option(const std::optional<std::string>& text, std::string_view option) {
  if (!text) return std::optional<std::int64_t>();
  const auto start = model::parse_day(*text);
  if (!start)
    return failure("period", std::string(option) + ": '" + text->substr(0, 40) + "' is not a day", std::string(remedy));
  return std::optional(*start / seconds_per_day);
}

Result<Days> wanted_days(const PeriodRequest& request, std::int64_t today) {
  const bool has_days = request.since || request.until;
  if (request.name && has_days)
    return failure("period", "--period and --since/--until exclude each other", std::string(remedy));
  if (request.name) return named_days(*request.name, today);
  Days days;
  TRY(days.first, day_option(request.since, "--since"));
  TRY(days.last, day_option(request.until, "--until"));
  if (days.first && days.last && *days.first > *days.last)
    return failure("period", "--since is after --until", std::string(remedy));
  return days;
}

std::string label_of(const PeriodRequest& request, const ChosenPeriod& chosen) {
  const auto& first = chosen.first_day;
  const auto& last = chosen.last_day;
  if (first.empty() && last.empty()) return "all days";
  if (first.empty()) return "until " + last;
  if (last.empty()) return "since " + first;
  const std::string days = first == last ? first : first + " to " + last;
  return request.name ? *request.name + ", " + days : days;
}

}  // namespace

Result<ChosenPeriod> choose_period(const PeriodRequest& request, std::int64_t now) {
  TRY(const auto zone, TimeZone::find(request.timezone));
  TRY(const auto days, wanted_days(request, zone.day_of(now)));
  ChosenPeriod chosen;
  chosen.timezone = zone.name();
  if (days.first) {
    chosen.period.begin = zone.start_of_day(*days.first);
    chosen.first_day = day_text(*days.first * seconds_per_day);
  }
  if (days.last) {
    chosen.period.end = zone.start_of_day(*days.last + 1);
    chosen.last_day = day_text(*days.last * seconds_per_day);
  }
  chosen.label = label_of(request, chosen);
  return chosen;
}

}  // namespace ruaudit::report
