// Several pieces of work of one thread, each on a stack of its own: one that waits lets the next go on, and when all of
// them wait, what they wait for is done for all at once. For a process that may have no further threads. A stack ends
// in a page that may not be touched. Where no stacks can be had, and for one piece, the work is done on the caller's.
#pragma once
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace ruaudit::jobs {

class Turns {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t stack_octets = std::size_t{1} << 20U;

  Turns();
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns();

  // Calls work(0) ... work(count - 1), each once and to its end; `serve` whenever all that are left wait. What a piece
  // throws is thrown here, and the others are never ended: the object is of no use then.
  void run(std::size_t count, const std::function<void(std::size_t)>& work, const std::function<void()>& serve);

  // Of a piece of work: returns when `serve` has been called.
  void wait();
  // Of a piece of work: a clock that goes while that piece runs, and by its share of the time that `serve` takes for
  // all that wait. So what one waits for is not at the expense of the others.
  [[nodiscard]] Clock::time_point now() const;

 private:
  struct Place;
  static void begin(unsigned high, unsigned low);
  bool prepare(std::size_t count);
  void set_up(std::size_t number);
  void enter(Place& place);
  void run_all(std::size_t count);
  void serve_those_who_wait(std::size_t count);

  std::vector<std::unique_ptr<Place>> places_;
  std::unique_ptr<Place> caller_;
  Place* current_ = nullptr;  // nullptr: none has a stack of its own
  const std::function<void(std::size_t)>* work_ = nullptr;
  const std::function<void()>* serve_ = nullptr;
  std::exception_ptr fault_;
};

}  // namespace ruaudit::jobs
