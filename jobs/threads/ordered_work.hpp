// Lines through worker threads, answers in the order of the lines. run() hands the lines that `next` yields to `work`
// (called from several threads), as many at a time as wait and a bunch may hold, and each answer, in order, to `done`.
// Nobody waits for a bunch to fill. Lines that wait or whose answers wait are bounded by their octets and number. An
// answer is handed on as soon as it is first in order, so that a client that writes a line and waits for its answer
// gets it. What `work`, `done` or `next` throw ends it all, and is thrown by run() when every thread has ended.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "jobs/threads/workers.hpp"

namespace ruaudit::jobs {

struct Bunch {
  std::size_t lines = 1;
  std::size_t octets = std::size_t{256} << 10U;  // one line may exceed it
};

class OrderedWork {
 public:
  using Next = std::function<std::optional<std::string>()>;
  // Called once for each line of the bunch, by its number, in any order; a line for which it is not called has the
  // answer "".
  using Answered = std::function<void(std::size_t number, std::string answer)>;
  using Work = std::function<void(std::vector<std::string> lines, const Answered& answered)>;
  using Done = std::function<void(const std::string& answer, bool is_idle)>;  // idle: no other answer is ready

  static constexpr std::size_t max_octets = std::size_t{64} << 20U;
  static constexpr std::size_t max_lines = 1000;

  explicit OrderedWork(unsigned threads, const Bunch& bunch = {})
      : threads_(threads == 0 ? 1 : threads), bunch_(bunch) {}

  void run(const Next& next, const Work& work, const Done& done) {
    {
      Workers running;
      const Close close{*this};  // before the threads are waited for
      const bool has_giver = running.start([&] { guard([&] { hand_on(done); }); });
      unsigned workers = 0;
      while (has_giver && workers < threads_ && running.start([&] { guard([&] { work_off(work); }); })) ++workers;
      for (auto line = next(); line && !thrown(); line = next()) {
        if (workers > 0)
          add(std::move(*line));
        else
          work_here(work, std::move(*line), done);  // the system gives no threads: one line after the other
      }
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  struct Slot {
    std::string text;  // the line, then its answer
    std::size_t cost = 0;
    bool is_done = false;
  };
  using Slots = std::vector<std::shared_ptr<Slot>>;

  struct Close {
    OrderedWork& work;
    explicit Close(OrderedWork& of) : work(of) {}
    Close(const Close&) = delete;
    Close& operator=(const Close&) = delete;
    ~Close() { work.close(); }
  };

  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    waits_.notify_all();
    is_first_done_.notify_all();
    has_room_.notify_all();
  }

  // No exception may leave a thread.
  template <class Function>
  void guard(const Function& function) {
    try {
      function();
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        if (!thrown_) thrown_ = std::current_exception();
      }
      close();
    }
  }

  bool thrown() {
    const std::lock_guard lock(mutex_);
    return thrown_ != nullptr;
  }

  static void work_here(const Work& work, std::string line, const Done& done) {
    std::vector<std::string> lines;
    lines.push_back(std::move(line));
    std::string answer;
    work(std::move(lines), [&](std::size_t /*number*/, std::string text) { answer = std::move(text); });
    done(answer, true);
  }

  void add(std::string line) {
    auto slot = std::make_shared<Slot>();
    slot->cost = line.size();
    slot->text = std::move(line);
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [&] {
      return thrown_ || in_order_.empty() || (held_ + slot->cost <= max_octets && in_order_.size() < max_lines);
    });
    held_ += slot->cost;
    in_order_.push_back(slot);
    waiting_.push_back(std::move(slot));
    waits_.notify_one();
  }

  Slots take_bunch() {
    Slots taken;
    for (std::size_t octets = 0; !waiting_.empty() && taken.size() < std::max<std::size_t>(bunch_.lines, 1);) {
      octets += waiting_.front()->cost;
      if (!taken.empty() && octets > bunch_.octets) break;
      taken.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    return taken;
  }

  void work_off(const Work& work) {
    std::unique_lock lock(mutex_);
    while (true) {
      waits_.wait(lock, [&] { return !waiting_.empty() || is_closed_; });
      if (waiting_.empty() || thrown_) return;
      const Slots bunch = take_bunch();
      if (!waiting_.empty()) waits_.notify_one();
      lock.unlock();
      std::vector<std::string> lines;
      lines.reserve(bunch.size());
      for (const auto& slot : bunch) lines.push_back(std::move(slot->text));
      work(std::move(lines), [&](std::size_t number, std::string answer) { keep(*bunch[number], std::move(answer)); });
      for (const auto& slot : bunch) keep(*slot, {});
      lock.lock();
    }
  }

  void keep(Slot& slot, std::string answer) {
    const std::lock_guard lock(mutex_);
    if (slot.is_done) return;
    slot.text = std::move(answer);
    slot.is_done = true;
    if (in_order_.front().get() == &slot) is_first_done_.notify_one();
  }

  void hand_on(const Done& done) {
    std::unique_lock lock(mutex_);
    while (true) {
      is_first_done_.wait(lock,
                          [&] { return thrown_ || (in_order_.empty() ? is_closed_ : in_order_.front()->is_done); });
      if (thrown_ || in_order_.empty()) return;
      Slots ready;
      for (auto slot = in_order_.begin(); slot != in_order_.end() && (*slot)->is_done; ++slot) ready.push_back(*slot);
      lock.unlock();
      for (const auto& slot : ready) done(slot->text, slot == ready.back());
      lock.lock();
      for (const auto& slot : ready) held_ -= slot->cost;
      in_order_.erase(in_order_.begin(), in_order_.begin() + static_cast<std::ptrdiff_t>(ready.size()));
      has_room_.notify_one();
    }
  }

  unsigned threads_;
  Bunch bunch_;
  std::mutex mutex_;
  std::condition_variable waits_, is_first_done_, has_room_;
  std::deque<std::shared_ptr<Slot>> in_order_, waiting_;
  std::size_t held_ = 0;
  std::exception_ptr thrown_;
  bool is_closed_ = false;
};

}  // namespace ruaudit::jobs
