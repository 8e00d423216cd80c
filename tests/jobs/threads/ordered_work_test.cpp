#include "jobs/threads/ordered_work.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <new>
#include <thread>

using ruaudit::jobs::OrderedWork;

namespace {

// "0", "1", ... count - 1.
OrderedWork::Next numbers(int count) {
  return [count, n = 0]() mutable -> std::optional<std::string> {
    if (n == count) return std::nullopt;
    return std::to_string(n++);
  };
}

OrderedWork::Work each(const std::function<std::string(std::string)>& work) {
  return [work](std::vector<std::string> lines, const OrderedWork::Answered& answered) {
    for (std::size_t i = 0; i < lines.size(); ++i) answered(i, work(std::move(lines[i])));
  };
}

const auto same = each([](std::string line) { return line; });

}  // namespace

TEST_CASE("answers come in the order of the lines, however long each takes and however many work") {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    CAPTURE(threads);
    std::vector<std::string> answers;
    OrderedWork(threads).run(
        numbers(200), each([](const std::string& line) {
          std::this_thread::sleep_for(std::chrono::microseconds(std::stoi(line) % 7 == 0 ? 900 : 10));
          return "answer " + line;
        }),
        [&](const std::string& answer, bool) { answers.push_back(answer); });
    REQUIRE(answers.size() == 200);
    for (std::size_t i = 0; i < answers.size(); ++i) CHECK(answers[i] == "answer " + std::to_string(i));
  }
}

TEST_CASE("no lines give no answers, and the end is reached") {
  int answers = 0;
  OrderedWork(3).run(numbers(0), same, [&](const std::string&, bool) { ++answers; });
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
      same,
      [&](const std::string&, bool is_idle) {
        CHECK(is_idle);
        ++answered;
      });
  CHECK(asked == 5);
  CHECK(answered == 5);
}

TEST_CASE("the last answer says that no other is ready") {
  bool last_is_idle = false;
  OrderedWork(2).run(numbers(50), same, [&](const std::string&, bool is_idle) { last_is_idle = is_idle; });
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
      same,
      [&](const std::string&, bool) {
        if (answered == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ++answered;
      });
  CHECK(answered == 3000);
  CHECK(most <= static_cast<int>(OrderedWork::max_lines) + 2);
  CHECK(most > 2);
}

TEST_CASE("a worker takes as many lines as wait and a bunch may hold, and never waits for more") {
  std::mutex mutex;
  std::vector<std::size_t> sizes;
  bool is_open = false;
  std::vector<std::string> answers;
  OrderedWork(1, {.lines = 4, .octets = 100})
      .run(
          [&, n = 0]() mutable -> std::optional<std::string> {
            if (n == 1) {  // the first is taken by itself: no other is there
              const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
              while (std::chrono::steady_clock::now() < deadline) {
                const std::lock_guard lock(mutex);
                if (sizes.size() == 1) break;
              }
            }
            if (n == 12) {
              const std::lock_guard lock(mutex);
              is_open = true;
              return std::nullopt;
            }
            ++n;
            return n == 8 ? std::string(90, 'x') : n == 9 ? std::string(200, 'y') : std::to_string(n);
          },
          [&](std::vector<std::string> lines, const OrderedWork::Answered& answered) {
            {
              const std::lock_guard lock(mutex);
              sizes.push_back(lines.size());
            }
            while (true) {
              const std::lock_guard lock(mutex);
              if (is_open) break;
            }
            for (std::size_t i = lines.size(); i-- > 0;)
              if (lines[i] != "11") answered(i, lines[i]);
          },
          [&](const std::string& answer, bool) { answers.push_back(answer); });
  // 1 | 2 3 4 5 | 6 7 and the one of 90 octets | the one of 200 | 10 11 12
  CHECK(sizes == std::vector<std::size_t>{1, 4, 3, 1, 3});
  REQUIRE(answers.size() == 12);
  CHECK(answers[6] == "7");
  CHECK(answers[7] == std::string(90, 'x'));
  CHECK(answers[9] == "10");
  CHECK(answers[10].empty());  // nothing was said of it
  CHECK(answers[11] == "12");
}

TEST_CASE("the first answer of a bunch is handed on before the others are there") {
  std::atomic<int> handed_on = 0;
  OrderedWork(1, {.lines = 8})
      .run(
          numbers(8),
          [&](std::vector<std::string> lines, const OrderedWork::Answered& answered) {
            for (std::size_t i = 0; i < lines.size(); ++i) {
              const int before = handed_on;
              answered(i, lines[i]);
              const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
              while (handed_on == before && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
              CHECK(handed_on == before + 1);
            }
          },
          [&](const std::string&, bool) { ++handed_on; });
  CHECK(handed_on == 8);
}

TEST_CASE("what a line, an answer or the source of lines throws ends the work and is thrown") {
  const auto out_of_memory = each([](const std::string& line) -> std::string {
    if (line == "7") throw std::bad_alloc();
    return line;
  });
  const OrderedWork::Done ignore = [](const std::string&, bool) {};
  for (const unsigned threads : {1U, 4U}) {
    CAPTURE(threads);
    CHECK_THROWS_AS(OrderedWork(threads).run(numbers(5000), out_of_memory, ignore), std::bad_alloc);
    CHECK_THROWS_AS(OrderedWork(threads).run(numbers(5000), same,
                                             [](const std::string& answer, bool) {
                                               if (answer == "9") throw std::bad_alloc();
                                             }),
                    std::bad_alloc);
    int left = 20;
    CHECK_THROWS_AS(OrderedWork(threads).run(
                        [&left]() -> std::optional<std::string> {
                          if (left-- == 0) throw std::bad_alloc();
                          return "line";
                        },
                        same, ignore),
                    std::bad_alloc);
  }
}
