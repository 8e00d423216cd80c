// A queue between one producing and one consuming thread, bounded by the cost (bytes) of what waits in it. push()
// blocks while it is full, pop() while it is empty. Either side may end it: close() lets the consumer drain what is
// left; abandon() makes every further push() return false at once, so that a failed consumer stops the producer; fail()
// ends it for the consumer, which must not count on what it has taken: the producer broke off in the middle.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace ruaudit::jobs {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // One value may exceed the capacity when the queue is empty. False when either side has given up the queue.
  bool push(T value, std::size_t cost) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [&] { return abandoned_ || failed_ || waiting_ == 0 || waiting_ + cost <= capacity_; });
    if (abandoned_ || failed_) return false;
    waiting_ += cost;
    values_.emplace_back(std::move(value), cost);
    has_value_.notify_one();
    return true;
  }

  // Nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    has_value_.wait(lock, [&] { return closed_ || !values_.empty(); });
    return take_front();
  }
  [[nodiscard]] bool has_failed() {
    const std::lock_guard lock(mutex_);
    return failed_;
  }

  // The same, but nothing also when none came in time.
  std::optional<T> pop_within(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    has_value_.wait_for(lock, time, [&] { return closed_ || !values_.empty(); });
    return take_front();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    has_value_.notify_all();
  }

  void fail() {
    const std::lock_guard lock(mutex_);
    failed_ = closed_ = true;
    values_.clear();
    waiting_ = 0;
    has_value_.notify_all();
    has_room_.notify_all();
  }

  void abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    has_room_.notify_all();
  }

 private:
  std::optional<T> take_front() {
    if (values_.empty()) return std::nullopt;
    auto [value, cost] = std::move(values_.front());
    values_.pop_front();
    waiting_ -= cost;
    has_room_.notify_one();
    return std::move(value);
  }

  std::mutex mutex_;
  std::condition_variable has_room_, has_value_;
  std::deque<std::pair<T, std::size_t>> values_;
  std::size_t capacity_;
  std::size_t waiting_ = 0;
  bool closed_ = false;
  bool abandoned_ = false;
  bool failed_ = false;
};

}  // namespace ruaudit::jobs
