#include "jobs/confined/turns.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <thread>

using ruaudit::jobs::Turns;

TEST_CASE("pieces of work take turns, and what they wait for is done once for all") {
  for (const std::size_t count : {2U, 5U, 64U}) {
    CAPTURE(count);
    Turns turns;
    for (int time = 0; time < 3; ++time) {  // the stacks are used again
      std::string order;
      std::size_t waiting = 0, ended = 0;
      std::vector<std::size_t> served;
      turns.run(
          count,
          [&](std::size_t number) {
            for (std::size_t i = 0; i < number % 3; ++i) {
              ++waiting;
              const std::string own(100, static_cast<char>('a' + number % 26));
              turns.wait();
              CHECK(own == std::string(100, static_cast<char>('a' + number % 26)));
            }
            ++ended;
            if (number < 2) order += std::to_string(number);
          },
          [&] { served.push_back(std::exchange(waiting, 0)); });
      CHECK(ended == count);
      CHECK(order == "01");
      const std::size_t one = (count + 1) / 3, two = count / 3;
      if (count > 2)
        CHECK(served == std::vector<std::size_t>{one + two, two});
      else
        CHECK(served == std::vector<std::size_t>{1});
    }
  }
}

TEST_CASE("a piece alone is done where it is called, and waits by itself") {
  Turns turns;
  int served = 0;
  const void* outside = nullptr;
  const void* inside = nullptr;
  const int here = 0;
  outside = &here;
  turns.run(
      1,
      [&](std::size_t) {
        const int there = 0;
        inside = &there;
        turns.wait();
        turns.wait();
      },
      [&] { ++served; });
  CHECK(served == 2);
  CHECK(std::abs(static_cast<const char*>(outside) - static_cast<const char*>(inside)) < 100'000);
}

TEST_CASE("what a piece throws reaches the caller") {
  Turns turns;
  const auto work = [&](std::size_t number) {
    turns.wait();
    if (number == 1) throw std::runtime_error("one");
  };
  CHECK_THROWS_WITH(turns.run(3, work, [] {}), "one");
}

TEST_CASE("an exception that a piece catches itself is its own, also while others wait") {
  Turns turns;
  int caught = 0;
  turns.run(
      4,
      [&](std::size_t number) {
        turns.wait();
        try {
          throw std::runtime_error(std::to_string(number));
        } catch (const std::runtime_error& e) {
          caught += std::to_string(number) == e.what() ? 1 : 0;
        }
        turns.wait();
      },
      [] {});
  CHECK(caught == 4);
}

TEST_CASE("the clock of a piece goes by its share of what all wait for") {
  using namespace std::chrono_literals;
  Turns turns;
  std::vector<Turns::Clock::duration> passed(4);
  turns.run(
      4,
      [&](std::size_t number) {
        const auto before = turns.now();
        turns.wait();
        if (number == 3) std::this_thread::sleep_for(80ms);  // its own alone
        turns.wait();
        passed[number] = turns.now() - before;
      },
      [] { std::this_thread::sleep_for(80ms); });
  for (const std::size_t number : {0U, 1U, 2U}) {
    CHECK(passed[number] >= 40ms);
    CHECK(passed[number] < 100ms);
  }
  CHECK(passed[3] >= 120ms);
  CHECK(passed[3] < 180ms);
}
