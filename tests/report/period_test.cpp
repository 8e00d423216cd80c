#include "report/period.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "model/calendar.hpp"
#include "report/local_time.hpp"

using namespace ruaudit::report;
using ruaudit::model::parse_day;

namespace {

std::int64_t at(const char* day, int hour = 0, int minute = 0) { return *parse_day(day) + hour * 3600 + minute * 60; }

PeriodRequest named(const char* name, const char* zone = "UTC") { return {name, std::nullopt, std::nullopt, zone}; }

}  // namespace

TEST_CASE("named periods are whole days before today") {
  const struct {
    const char* rule;
    const char* name;
    std::int64_t now;
    const char *first, *last;
  } cases[] = {
      {"yesterday at noon", "yesterday", at("2024-03-01", 12), "2024-02-29", "2024-02-29"},
      {"yesterday in the first second of a day", "yesterday", at("2024-03-01"), "2024-02-29", "2024-02-29"},
      {"yesterday in the last second of a day", "yesterday", at("2024-03-01") - 1, "2024-02-28", "2024-02-28"},
      {"yesterday at new year", "yesterday", at("2025-01-01", 5), "2024-12-31", "2024-12-31"},
      {"last week on a Monday", "last-week", at("2024-03-04", 1), "2024-02-26", "2024-03-03"},
      {"last week on a Sunday", "last-week", at("2024-03-03", 23), "2024-02-19", "2024-02-25"},
      {"last month in March of a leap year", "last-month", at("2024-03-31", 23, 59), "2024-02-01", "2024-02-29"},
      {"last month in March of another year", "last-month", at("2023-03-01"), "2023-02-01", "2023-02-28"},
      {"last month in January", "last-month", at("2024-01-31"), "2023-12-01", "2023-12-31"},
      {"no leap day in 1900", "last-month", at("1900-03-05"), "1900-02-01", "1900-02-28"},
      {"leap day in 2000", "last-month", at("2000-03-05"), "2000-02-01", "2000-02-29"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    const auto got = choose_period(named(c.name), c.now);
    REQUIRE(got.has_value());
    CHECK(got->first_day == c.first);
    CHECK(got->last_day == c.last);
    CHECK(got->period.begin == at(c.first));
    CHECK(got->period.end == at(c.last) + 86'400);
  }
}

TEST_CASE("since and until are the first and the last day, and either side may be open") {
  const auto both = choose_period({std::nullopt, "2024-02-29", "2024-02-29", "UTC"}, at("2024-06-01"));
  REQUIRE(both.has_value());
  CHECK(both->period == ruaudit::model::Period{at("2024-02-29"), at("2024-03-01")});
  CHECK(both->label == "2024-02-29");
  const auto since = choose_period({std::nullopt, "2024-02-29", std::nullopt, "UTC"}, at("2024-06-01"));
  REQUIRE(since.has_value());
  CHECK(since->period.end == ruaudit::model::Period{}.end);
  CHECK(since->label == "since 2024-02-29");
  CHECK(choose_period({}, at("2024-06-01"))->period.is_all());
  CHECK(choose_period(named("all"), at("2024-06-01"))->period.is_all());
}

TEST_CASE("a period that cannot be is an error with a remedy") {
  const PeriodRequest cases[] = {
      named("fortnight"),
      {std::nullopt, "2023-02-29", std::nullopt, "UTC"},
      {std::nullopt, "2024-13-01", std::nullopt, "UTC"},
      {std::nullopt, "2024-1-1", std::nullopt, "UTC"},
      {std::nullopt, "2024-03-02", "2024-03-01", "UTC"},
      {"all", "2024-03-02", std::nullopt, "UTC"},
      named("yesterday", "Nowhere/Land"),
      named("yesterday", "../../etc/passwd"),
      named("yesterday", "/etc/localtime"),
      named("yesterday", ""),
  };
  for (const auto& request : cases) {
    const auto got = choose_period(request, at("2024-06-01"));
    REQUIRE_FALSE(got.has_value());
    CHECK_FALSE(got.error().hint.empty());
  }
}

TEST_CASE("days of a time zone begin at its midnight, also when clocks change") {
  const struct {
    const char* rule;
    const char* zone;
    const char* day;
    std::int64_t begin, hours;
  } cases[] = {
      {"winter", "Europe/Berlin", "2024-01-15", at("2024-01-14", 23), 24},
      {"the day summer time begins", "Europe/Berlin", "2024-03-31", at("2024-03-30", 23), 23},
      {"the day summer time ends", "Europe/Berlin", "2024-10-27", at("2024-10-26", 22), 25},
      {"a half-hour offset", "Asia/Kolkata", "2024-02-29", at("2024-02-28", 18, 30), 24},
      {"west of Greenwich", "America/New_York", "2024-02-29", at("2024-02-29", 5), 24},
      {"midnight is skipped", "America/Sao_Paulo", "2018-11-04", at("2018-11-04", 3), 23},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rule);
    const auto got = choose_period({std::nullopt, c.day, c.day, c.zone}, at("2024-06-01"));
    REQUIRE(got.has_value());
    CHECK(got->period.begin == c.begin);
    CHECK((got->period.end - got->period.begin) / 3600 == c.hours);
  }
}

TEST_CASE("today is that of the time zone, and TZ is put back") {
  ::setenv("TZ", "Asia/Tokyo", 1);
  const auto berlin = choose_period(named("yesterday", "Europe/Berlin"), at("2024-02-29", 23, 30));
  REQUIRE(berlin.has_value());
  CHECK(berlin->first_day == "2024-02-29");  // 2024-03-01 00:30 there
  CHECK(std::string(std::getenv("TZ")) == "Asia/Tokyo");
  CHECK(choose_period(named("yesterday"), at("2024-02-29", 23, 30))->first_day == "2024-02-28");
  CHECK(TimeZone::find("Europe/Berlin")->minute_text(at("2024-02-29", 23, 30)) == "2024-03-01 00:30");
  ::unsetenv("TZ");
}
