// Strangers by their days: thresholds at few and many messages, over a week and over a year.
#include <catch2/catch.hpp>

#include "assess/strangers.hpp"

namespace ruaudit::assess::test {
namespace {

Presence on(std::int32_t first, std::int32_t step, int days, std::int64_t messages) {
  Presence presence{.days = {}, .messages = messages};
  for (int i = 0; i < days; ++i) presence.days.push_back(first + i * step);
  return presence;
}

std::vector<Presence> background(int sources, int days_each) {
  std::vector<Presence> all;
  for (int i = 0; i < sources; ++i) all.push_back(on(20000 + i % 30, 7, days_each, 2 * days_each));
  return all;
}

Habit last_of(std::vector<Presence> strangers, const Presence& one) {
  strangers.push_back(one);
  return habits_of(strangers).back();
}

}  // namespace

TEST_CASE("strangers: steady from five days and twenty messages on, not below") {
  CHECK(last_of({}, on(20000, 1, 5, 20)) == Habit::steady);
  CHECK(last_of({}, on(20000, 1, 4, 4000)) == Habit::background);
  CHECK(last_of({}, on(20000, 1, 5, 19)) == Habit::background);
}

TEST_CASE("strangers: a number of messages makes nobody steady, and few do not hide one") {
  for (const std::int64_t factor : {1, 1'000'000}) {
    CAPTURE(factor);
    CHECK(last_of(background(100, 1), on(20000, 1, 10, 20 * factor)) == Habit::steady);
    CHECK(last_of(background(100, 1), on(20000, 1, 3, 20 * factor)) == Habit::background);
  }
}

TEST_CASE("strangers: weekly mail and weekends off are steady") {
  CHECK(last_of({}, on(20000, 7, 6, 60)) == Habit::steady);
  CHECK(last_of(background(100, 1), on(20000, 7, 17, 60)) == Habit::steady);
}

TEST_CASE("strangers: over a year background comes on many days too, and is not steady for that") {
  CHECK(last_of(background(200, 10), on(20000, 30, 12, 40)) == Habit::background);
  CHECK(last_of(background(200, 10), on(20000, 1, 60, 400)) == Habit::steady);
}

TEST_CASE("strangers: five days of a year are not steady, five days of a week are, whatever came before") {
  CHECK(last_of({}, on(20000, 60, 6, 400)) == Habit::background);
  auto returned = on(20000, 60, 6, 400);
  for (std::int32_t day = 20350; day < 20355; ++day) returned.days.push_back(day);
  CHECK(last_of(background(200, 3), returned) == Habit::steady);
}

TEST_CASE("strangers: where each of many comes every fifth day, five days in a row are chance and ten are not") {
  const Background busy{.a_day = 0.2, .strangers = 120};
  CHECK_FALSE(is_beyond_chance(busy, 5, 5));
  CHECK(is_beyond_chance(busy, 10, 10));
  CHECK(is_beyond_chance({.a_day = 0.01, .strangers = 600}, 5, 5));
  CHECK_FALSE(is_beyond_chance({.a_day = 0.01, .strangers = 600}, 5, 365));
}

TEST_CASE("strangers: steady ones do not hide each other") {
  auto strangers = background(60, 1);
  for (int i = 0; i < 12; ++i) strangers.push_back(on(20000, 1, 30, 300));
  CHECK(habits_of(strangers).back() == Habit::steady);
}

TEST_CASE("strangers: a wave is many that come at no other time; ten at least") {
  auto strangers = background(50, 2);
  for (int i = 0; i < 60; ++i) strangers.push_back(on(20015, 1, 1, 3));
  CHECK(habits_of(strangers).back() == Habit::wave);
  CHECK(habits_of(strangers).front() == Habit::background);
  std::vector<Presence> few(9, on(20015, 1, 1, 3));
  few.push_back(on(20000, 7, 3, 6));
  CHECK(habits_of(few).front() == Habit::background);
}

TEST_CASE("strangers: nobody, and somebody without days, is no wave") {
  CHECK(habits_of({}).empty());
  CHECK(habits_of({Presence{}}).front() == Habit::background);
}

}  // namespace ruaudit::assess::test
