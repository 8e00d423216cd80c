// A group of threads that is joined at the latest when the object is destroyed. If the system refuses to start a
// thread, start() says so and the others are not affected; no thread is left joinable, which would end the process.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ruaudit::jobs {

class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { join(); }

  // False: the system gives no further thread, and `work` is not called.
  template <class Work>
  [[nodiscard]] bool start(Work work) {
    try {
      threads_.emplace_back(std::move(work));
      return true;
    } catch (const std::system_error&) {
      return false;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  void join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

// Calls work(0) ... work(count - 1), each once, by at most `threads` threads, of which the caller's is one. What one
// of them throws is thrown to the caller when all have ended; no further call is begun then.
template <class Work>
void in_parallel(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> has_thrown{false};
  std::exception_ptr thrown;
  const auto some = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      if (!has_thrown.exchange(true)) thrown = std::current_exception();
    }
  };
  Workers others;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i)
    if (!others.start(some)) break;
  some();
  others.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace ruaudit::jobs
