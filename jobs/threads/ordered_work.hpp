// Lines through worker threads, answers in the order of the lines. run() hands each line that `next` yields to `work`
// (called from several threads) and each answer, in order, to `done`. Lines that wait or whose answers wait are bounded
// by their octets and number. An answer is handed on as soon as it is first in order, so that who writes a line and
// waits for its answer gets it.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "jobs/threads/workers.hpp"

namespace ruaudit::jobs {

class OrderedWork {
 public:
  using Next = std::function<std::optional<std::string>()>;
  using Work = std::function<std::string(std::string)>;
  using Done = std::function<void(const std::string& answer, bool is_idle)>;  // idle: no other answer is ready

  static constexpr std::size_t max_octets = std::size_t{64} << 20U;
  static constexpr std::size_t max_lines = 1000;

  explicit OrderedWork(unsigned threads) : threads_(threads == 0 ? 1 : threads) {}

  void run(const Next& next, const Work& work, const Done& done) {
    Workers running;
    bool has_worker = false;
    const bool has_giver = running.start([&] { hand_on(done); });
    for (unsigned i = 0; has_giver && i < threads_ && running.start([&] { work_off(work); }); ++i) has_worker = true;
    while (auto line = next()) {
      if (has_worker)
        add(std::move(*line));
      else
        done(work(std::move(*line)), true);  // the system gives no threads: one line after the other
    }
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    changed_.notify_all();
    running.join();
  }

 private:
  struct Slot {
    std::string text;  // the line, then its answer
    std::size_t cost = 0;
    bool is_done = false;
  };

  void add(std::string line) {
    auto slot = std::make_shared<Slot>();
    slot->cost = line.size();
    slot->text = std::move(line);
    std::unique_lock lock(mutex_);
    changed_.wait(
        lock, [&] { return in_order_.empty() || (held_ + slot->cost <= max_octets && in_order_.size() < max_lines); });
    held_ += slot->cost;
    in_order_.push_back(slot);
    waiting_.push_back(std::move(slot));
    changed_.notify_all();
  }

  void work_off(const Work& work) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return !waiting_.empty() || is_closed_; });
      if (waiting_.empty()) return;
      const auto slot = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      std::string answer = work(std::move(slot->text));
      lock.lock();
      slot->text = std::move(answer);
      slot->is_done = true;
      changed_.notify_all();
    }
  }

  void hand_on(const Done& done) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return in_order_.empty() ? is_closed_ : in_order_.front()->is_done; });
      if (in_order_.empty()) return;
      const auto slot = in_order_.front();
      const bool is_idle = in_order_.size() < 2 || !in_order_[1]->is_done;
      lock.unlock();
      done(slot->text, is_idle);
      lock.lock();
      in_order_.pop_front();
      held_ -= slot->cost;
      changed_.notify_all();
    }
  }

  unsigned threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> in_order_, waiting_;
  std::size_t held_ = 0;
  bool is_closed_ = false;
};

}  // namespace ruaudit::jobs
