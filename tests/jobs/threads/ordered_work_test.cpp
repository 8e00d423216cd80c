#include "jobs/threads/ordered_work.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>

using ruaudit::jobs::OrderedWork;

namespace {

// "0", "1", ... count - 1.
OrderedWork::Next numbers(int count) {
  return [count, n = 0]() mutable -> std::optional<std::string> {
    if (n == count) return std::nullopt;
    return std::to_string(n++);
  };
}

}  // namespace

TEST_CASE("answers come in the order of the lines, however long each takes and however many work") {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    CAPTURE(threads);
    std::vector<std::string> answers;
    OrderedWork(threads).run(
        numbers(200),
        [](std::string line) {
          std::this_thread::sleep_for(std::chrono::microseconds(std::stoi(line) % 7 == 0 ? 900 : 10));
          return "answer " + line;
        },
        [&](const std::string& answer, bool) { answers.push_back(answer); });
    REQUIRE(answers.size() == 200);
    for (std::size_t i = 0; i < answers.size(); ++i) CHECK(answers[i] == "answer " + std::to_string(i));
  }
}

TEST_CASE("no lines give no answers, and the end is reached") {
  int answers = 0;
  OrderedWork(3).run(
      numbers(0), [](std::string line) { return line; }, [&](const std::string&, bool) { ++answers; });
  CHECK(answers == 0);
}

TEST_CASE("an answer is handed on before the next line is asked for, where that waits for it") {
  std::atomic<int> answered = 0;
  int asked = 0;
  OrderedWork(2).run(
      [&]() -> std::optional<std::string> {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (answered < asked && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
        if (answered < asked || asked == 5) return std::nullopt;
        return std::to_string(asked++);
      },
      [](std::string line) { return line; },
      [&](const std::string&, bool is_idle) {
        CHECK(is_idle);
        ++answered;
      });
  CHECK(asked == 5);
  CHECK(answered == 5);
}

TEST_CASE("the last answer says that no other is ready") {
  bool last_is_idle = false;
  OrderedWork(2).run(
      numbers(50), [](std::string line) { return line; },
      [&](const std::string&, bool is_idle) { last_is_idle = is_idle; });
  CHECK(last_is_idle);
}

TEST_CASE("no more lines are taken than may wait") {
  std::atomic<int> taken = 0, answered = 0;
  int most = 0;
  OrderedWork(2).run(
      [&, next = numbers(3000)]() mutable {
        most = std::max(most, taken - answered);
        ++taken;
        return next();
      },
      [](std::string line) { return line; },
      [&](const std::string&, bool) {
        if (answered == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ++answered;
      });
  CHECK(answered == 3000);
  CHECK(most <= static_cast<int>(OrderedWork::max_lines) + 2);
  CHECK(most > 2);
}
