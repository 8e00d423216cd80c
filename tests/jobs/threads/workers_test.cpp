#include "jobs/threads/workers.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <new>
#include <vector>

#include "jobs/threads/ordered_work.hpp"

using ruaudit::jobs::in_parallel;
using ruaudit::jobs::OrderedWork;
using ruaudit::jobs::Workers;

namespace {

// The exit code of `work` in a process of its own whose stacks find no room: no thread can be started in it. The stacks
// asked for are larger than any that the C library may have kept from a thread that ended.
template <class Work>
int exit_code_without_threads(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    pthread_attr_t large;
    ::pthread_attr_init(&large);
    ::pthread_attr_setstacksize(&large, std::size_t{1} << 30U);
    ::pthread_setattr_default_np(&large);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_AS, &none);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("every index is worked on once, with any number of threads") {
  for (const unsigned threads : {0U, 1U, 3U, 16U}) {
    CAPTURE(threads);
    std::vector<int> calls(100, 0);
    in_parallel(calls.size(), threads, [&calls](std::size_t i) { ++calls[i]; });
    CHECK(calls == std::vector<int>(100, 1));
  }
}

TEST_CASE("what one call throws is thrown to the caller when all threads have ended") {
  for (const unsigned threads : {1U, 4U}) {
    std::atomic<int> calls{0};
    CHECK_THROWS_AS(in_parallel(100, threads,
                                [&calls](std::size_t i) {
                                  ++calls;
                                  if (i == 3) throw std::bad_alloc();
                                }),
                    std::bad_alloc);
    CHECK(calls < 100 + static_cast<int>(threads));
  }
}

TEST_CASE("a thread that cannot start is told, and leaves nothing joinable behind") {
  CHECK(exit_code_without_threads([] {
          Workers workers;
          return workers.start([] {}) ? 1 : 0;
        }) == 0);
}

TEST_CASE("without threads the caller does the work") {
  std::vector<int> calls(4, 0);
  CHECK(exit_code_without_threads([&calls] {
          in_parallel(calls.size(), 8, [&calls](std::size_t i) { ++calls[i]; });
          return calls == std::vector<int>{1, 1, 1, 1} ? 0 : 1;
        }) == 0);
  CHECK(exit_code_without_threads([] {
          int lines = 0, answers = 0;
          OrderedWork(3).run(
              [&lines]() -> std::optional<std::string> {
                return lines == 2 ? std::nullopt : std::optional<std::string>(std::to_string(lines++));
              },
              [](std::vector<std::string> taken, const OrderedWork::Answered& answered) {
                answered(0, std::move(taken[0]));
              },
              [&answers](const std::string&, bool) { ++answers; });
          return answers == 2 ? 0 : 1;
        }) == 0);
}
