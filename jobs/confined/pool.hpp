// Processes without rights that work on hostile octets, item after item, for the threads of a run. Each item goes to a
// process that is free; where none is, to a new one. Whatever happens to a process costs one item: one that ends a
// process which was given nothing else is lost ("reader-died"), any other is given to a new process, because the fault
// may be an earlier item's. Small items that wait together may go as a bunch, because a change of process costs as much
// as such an item; where a bunch ends its process, those of it that are not done go one by one. The program is started
// again once (child.hpp) and set up; that process, the nursery, reads nothing hostile and makes the others, copies of
// itself that give up their rights. serve.hpp is their side.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/bytes.hpp"
#include "jobs/confined/child.hpp"
#include "jobs/confined/order.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct PoolPlan {
  Confinement confinement = Confinement::required;  // not off: then the work is done without a pool
  const char* work = nullptr;                       // the argument that tells the program what it is to do
  std::string setup{};                              // for that work, before it is confined
  std::uint64_t memory_octets = std::uint64_t{1} << 30U;
  // Of what a process says of an item, or asks: one that says more is ended.
  std::size_t most_octets_said = std::size_t{16} << 20U;
  // What the first process, as a copy of this one, does instead of being started again: for a process of one thread
  // that holds no secrets. One that follows it is started again.
  std::function<int()> copy{};
  // Why the work is done without confinement although it is preferred; once for each process.
  std::function<void(const model::Error&)> warning{};
};

class ReaderPool {
 public:
  // What a process asks while it works on the item: kind and octets of its question in, octets out; nothing: no correct
  // process asks that.
  using Answer = std::function<std::optional<std::string>(char kind, std::string_view octets)>;

  explicit ReaderPool(PoolPlan plan);
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // Starts the nursery, which lives no longer than the thread that calls this. Left out, the first item does it. Errors
  // as below.
  model::Result<void> prepare();

  // What the work makes of the item. For several threads at once. Errors: "reader-died" of this item alone; those that
  // every further item would meet, too: "reader-unavailable", "confinement".
  model::Result<std::string> work_off(const ingest::Bytes& item, const Answer& answer);
  // The same of a bunch, at most most_items; `done` is called once for each item, with its number.
  using Done = std::function<void(std::size_t number, model::Result<std::string> said)>;
  static constexpr std::size_t most_items = 64;
  void work_off_all(std::span<const ingest::Bytes> items, const Answer& answer, const Done& done);

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    Child child;
    bool is_fresh = true;
  };
  enum class Wanted : std::uint8_t { any, fresh };
  using Told = std::function<bool(std::size_t number, std::string said)>;  // false: that makes no sense

  model::Result<Worker> take(Wanted wanted);
  model::Result<Worker> start();
  model::Result<Worker> start_once(bool& was_killed);
  model::Result<Child> copy_of_nursery(bool& was_killed);
  void give_back(Worker worker);
  void note_end();
  [[nodiscard]] bool is_crowded() const;
  std::optional<std::string> answered_meanwhile(const Answer& answer, const Frame& frame);
  bool talk(Child& child, std::span<const ingest::Bytes> items, const Answer& answer, const Told& told);

  PoolPlan plan_;
  std::uint64_t cpu_seconds_;
  std::size_t at_once_;  // so many are started without waiting for one that is free
  std::mutex nursery_mutex_;
  std::optional<Child> nursery_;
  std::mutex mutex_;  // of what follows
  std::condition_variable freed_;
  std::vector<Worker> free_;
  std::size_t running_ = 0;
  std::multiset<Clock::time_point> asked_at_;  // of processes that wait for an answer
};

}  // namespace ruaudit::jobs
