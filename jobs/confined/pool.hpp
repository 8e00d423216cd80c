// Processes without rights that work on hostile octets, item after item, for the threads of a run. Each item goes to a
// process that is free; where none is, to a new one. Whatever becomes of a process costs one item: one that ends a
// process which was given nothing else is lost ("reader-died"), any other is given to a new process, because the fault
// may be an earlier item's. The program is started anew once (child.hpp) and set up; that process, the nursery, reads
// nothing hostile and makes the others, copies of itself that give up their rights. serve.hpp is their side.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/confined/child.hpp"
#include "jobs/confined/order.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct PoolPlan {
  Confinement confinement = Confinement::required;  // not off: then the work is done without a pool
  const char* work = nullptr;                       // the argument that tells the program what it is to do
  std::string setup{};                              // for that work, before it is confined
  std::uint64_t memory_octets = std::uint64_t{1} << 30U;
  // Why the work is done without confinement although it is preferred; once for each process.
  std::function<void(const model::Error&)> warning{};
};

class ReaderPool {
 public:
  // What a process asks while it works on the item: kind and octets of its question in, octets out; nothing: no process
  // that is in its senses asks that.
  using Answer = std::function<std::optional<std::string>(char kind, std::string_view octets)>;

  explicit ReaderPool(PoolPlan plan);
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // Starts the nursery, which lives no longer than the thread that calls this. Left out, the first item does it. Errors
  // as below.
  model::Result<void> prepare();

  // What the work makes of the item. For several threads at once. Errors: "reader-died" of this item alone; those that
  // every further item would meet, too: "reader-unavailable", "confinement".
  model::Result<std::string> work_off(const std::string& item, const Answer& answer);

 private:
  struct Worker {
    Child child;
    bool is_fresh = true;
  };
  enum class Wanted : std::uint8_t { any, fresh };

  model::Result<Worker> take(Wanted wanted);
  model::Result<Worker> start();
  model::Result<Worker> start_once(bool& was_killed);
  model::Result<Child> copy_of_nursery(bool& was_killed);
  model::Result<void> await_ready(Child& child, bool& was_killed) const;
  void give_back(Worker worker);
  void note_end();
  std::optional<std::string> talk(Child& child, const std::string& item, const Answer& answer) const;

  PoolPlan plan_;
  std::uint64_t cpu_seconds_;
  std::size_t at_once_;  // so many are started without waiting for one that is free
  std::mutex nursery_mutex_;
  std::optional<Child> nursery_;
  std::mutex mutex_;  // of what follows
  std::condition_variable freed_;
  std::vector<Worker> free_;
  std::size_t running_ = 0;
};

}  // namespace ruaudit::jobs
