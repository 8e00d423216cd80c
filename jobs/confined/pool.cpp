#include "jobs/confined/pool.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <thread>
#include <utility>

#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/pool_wire.hpp"
#include "jobs/confined/readiness.hpp"
#include "jobs/confined/stall_watch.hpp"

namespace ruaudit::jobs {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds pool_tick(200);
constexpr milliseconds patience_for_a_free_one(10);
constexpr std::chrono::seconds patience_for_a_copy(60);
constexpr std::uint64_t cpu_seconds_of_an_item = 120;

model::Error unavailable(const std::string& why) {
  return {"reader-unavailable", "the reading process cannot be started: " + why,
          "make sure that limits on processes and memory leave room for one more"};
}

// The copy that the nursery made: 0 where the system gives it none; nothing where there is no nursery any more.
std::optional<pid_t> told_process(Child& nursery) {
  const auto end = std::chrono::steady_clock::now() + patience_for_a_copy;
  while (std::chrono::steady_clock::now() < end) {
    const auto state = nursery.exchange(pool_tick, -1);
    if (const auto frame = nursery.next(64))
      return frame->kind == pool_frame::copied ? wire::decoded<pid_t>(frame->octets) : std::nullopt;
    if (state == ChildState::ended) break;
  }
  return std::nullopt;
}

}  // namespace

ReaderPool::ReaderPool(PoolPlan plan)
    : plan_(std::move(plan)),
      cpu_seconds_(reader_seconds(cpu_seconds_of_an_item)),
      at_once_(std::max(1U, std::thread::hardware_concurrency())) {}

model::Result<std::string> ReaderPool::work_off(const ingest::Bytes& item, const Answer& answer) {
  Wanted wanted = Wanted::any;
  // Somebody, or a machine without memory, may kill what does no wrong: that takes more than one time.
  constexpr int most_kills = 3;
  for (int kills = 0;;) {
    TRY(auto worker, take(wanted));
    std::string said;
    const auto keep = [&said](std::size_t /*number*/, std::string octets) {
      said = std::move(octets);
      return true;
    };
    if (talk(worker.child, {&item, 1}, answer, keep)) {
      give_back(std::move(worker));
      return said;
    }
    note_end();
    const std::string how = worker.child.end();
    if (worker.is_fresh && !(worker.child.was_killed() && ++kills <= most_kills))
      return model::failure("reader-died", "the process that read it " + how);
    wanted = Wanted::fresh;
  }
}

void ReaderPool::work_off_all(std::span<const ingest::Bytes> items, const Answer& answer, const Done& done) {
  std::vector<bool> is_done(items.size());
  const auto tell = [&](std::size_t number, std::string said) {
    if (number >= items.size() || is_done[number]) return false;
    is_done[number] = true;
    done(number, std::move(said));
    return true;
  };
  if (items.size() > 1 && items.size() <= most_items) {
    if (auto worker = take(Wanted::any)) {
      if (talk(worker->child, items, answer, tell)) return give_back(std::move(*worker));
      note_end();
      worker->child.end();
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!is_done[i]) done(i, work_off(items[i], answer));
}

// All processors have something to do. What waits on DNS needs none.
bool ReaderPool::is_crowded() const {
  constexpr milliseconds soon(5);
  const auto asleep = std::distance(asked_at_.begin(), asked_at_.lower_bound(Clock::now() - soon));
  return running_ - static_cast<std::size_t>(asleep) >= at_once_;
}

model::Result<ReaderPool::Worker> ReaderPool::take(Wanted wanted) {
  std::unique_lock lock(mutex_);
  const auto has_free = [this] { return !free_.empty(); };
  if (wanted == Wanted::any)
    while (!has_free() && is_crowded()) freed_.wait_for(lock, patience_for_a_free_one, has_free);
  if (wanted == Wanted::any && has_free()) {
    Worker worker = std::move(free_.back());
    free_.pop_back();
    return worker;
  }
  ++running_;
  lock.unlock();
  auto worker = start();
  if (worker) return worker;
  note_end();
  if (wanted != Wanted::any) return worker;
  // None more can be had; one that is at work gets free or ends.
  lock.lock();
  freed_.wait(lock, [&] { return has_free() || running_ == 0; });
  if (!has_free()) return worker;
  Worker other = std::move(free_.back());
  free_.pop_back();
  return other;
}

void ReaderPool::give_back(Worker worker) {
  worker.is_fresh = false;
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(worker));
  freed_.notify_one();
}

void ReaderPool::note_end() {
  const std::lock_guard lock(mutex_);
  --running_;
  freed_.notify_all();
}

model::Result<ReaderPool::Worker> ReaderPool::start() {
  constexpr int tries = 5;  // somebody may kill one before it has begun
  for (int left = tries;; --left) {
    bool was_killed = false;
    auto worker = start_once(was_killed);
    if (worker || !was_killed || left == 1) return worker;
  }
}

model::Result<ReaderPool::Worker> ReaderPool::start_once(bool& was_killed) {
  TRY(auto child, copy_of_nursery(was_killed));
  if (const auto ready = await_ready(child, plan_.confinement, plan_.warning); !ready) {
    was_killed = child.was_killed();
    return model::failure(ready.error());
  }
  return Worker{std::move(child)};
}

model::Result<void> ReaderPool::prepare() {
  const std::lock_guard lock(nursery_mutex_);
  if (nursery_) return {};
  TRY(auto child, plan_.copy ? Child::copy(plan_.copy) : Child::start(plan_.work));
  plan_.copy = {};  // a later one would be made by a process of several threads
  child.send(pool_frame::setup, wire::encoded(PoolSetup{plan_.memory_octets, cpu_seconds_,
                                                        plan_.confinement == Confinement::preferred, plan_.setup}));
  TRY_VOID(await_ready(child, plan_.confinement, plan_.warning));
  nursery_.emplace(std::move(child));
  return {};
}

model::Result<Child> ReaderPool::copy_of_nursery(bool& was_killed) {
  TRY_VOID(prepare());
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return model::failure(unavailable(std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  const std::lock_guard lock(nursery_mutex_);
  if (nursery_) nursery_->send_file(pool_frame::copy, {}, ends[1]);
  ::close(ends[1]);
  const auto process = nursery_ ? told_process(*nursery_) : std::nullopt;
  if (process && *process > 0) return Child::of(*process, ends[0]);
  ::close(ends[0]);
  if (process) return model::failure(unavailable("it gives no further process"));
  const std::string how = nursery_ ? nursery_->end() : "was not there";
  was_killed = !nursery_ || nursery_->was_killed();
  nursery_.reset();
  return model::failure(unavailable("the process that makes them " + how));
}

std::optional<std::string> ReaderPool::answered_meanwhile(const Answer& answer, const Frame& frame) {
  struct Asking {
    ReaderPool& pool;
    std::multiset<Clock::time_point>::iterator place{};
    explicit Asking(ReaderPool& of) : pool(of) {
      const std::lock_guard lock(pool.mutex_);
      place = pool.asked_at_.insert(Clock::now());
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() {
      const std::lock_guard lock(pool.mutex_);
      pool.asked_at_.erase(place);
    }
  };
  const Asking asking(*this);
  return answer(frame.kind, frame.octets);
}

// False: it has died, or has to.
bool ReaderPool::talk(Child& child, std::span<const ingest::Bytes> items, const Answer& answer, const Told& told) {
  // Who speaks unasked would be one answer ahead from then on.
  if (child.exchange(milliseconds(0), -1) == ChildState::ended || child.has_unread()) return false;
  if (items.size() > 1) child.send(pool_frame::bunch, wire::encoded(static_cast<std::uint32_t>(items.size())));
  for (const auto& item : items) child.send(pool_frame::item, {}, item);
  StallWatch watch(std::chrono::seconds(cpu_seconds_ / 2 + 1));
  std::size_t left = items.size();
  for (std::optional<std::uint32_t> number = 0; left > 0;) {
    const auto state = child.exchange(pool_tick, -1);
    while (auto frame = left > 0 ? child.next(plan_.most_octets_said) : std::nullopt) {
      watch.note_life();
      if (frame->kind == pool_frame::number) {
        if (!(number = wire::decoded<std::uint32_t>(frame->octets))) return false;
      } else if (frame->kind == pool_frame::done) {
        if (!told(std::exchange(number, 0).value_or(0), std::move(frame->octets))) return false;
        --left;
      } else {
        auto said = answered_meanwhile(answer, *frame);
        if (!said) return false;
        child.send(pool_frame::answer, std::move(*said));
        watch.note_life();
      }
    }
    if (left > 0 && (state == ChildState::ended || (state == ChildState::silent && watch.is_stalled(child))))
      return false;
  }
  return true;
}

}  // namespace ruaudit::jobs
