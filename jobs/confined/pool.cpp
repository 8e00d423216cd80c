#include "jobs/confined/pool.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/pool_wire.hpp"
#include "jobs/confined/stall_watch.hpp"

namespace ruaudit::jobs {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds pool_tick(200);
constexpr milliseconds patience_for_a_free_one(10);
constexpr std::chrono::seconds patience_at_start(60);
constexpr std::size_t most_octets_said = std::size_t{1} << 30U;
constexpr std::uint64_t cpu_seconds_of_an_item = 120;

model::Error unavailable(const std::string& why) {
  return {"reader-unavailable", "the process that reads cannot be started: " + why,
          "see that limits on processes and memory leave room for one more"};
}

// The copy that the nursery made: 0 where the system gives it none; nothing where there is no nursery any more.
std::optional<pid_t> told_process(Child& nursery) {
  const auto end = std::chrono::steady_clock::now() + patience_at_start;
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

model::Result<std::string> ReaderPool::work_off(const std::string& item, const Answer& answer) {
  Wanted wanted = Wanted::any;
  // Somebody, or a machine without memory, may kill what does no wrong: that takes more than one time.
  constexpr int most_kills = 3;
  for (int kills = 0;;) {
    TRY(auto worker, take(wanted));
    if (auto done = talk(worker.child, item, answer)) {
      give_back(std::move(worker));
      return std::move(*done);
    }
    note_end();
    const std::string how = worker.child.end();
    if (worker.is_fresh && !(worker.child.was_killed() && ++kills <= most_kills))
      return model::failure("reader-died", "the process that read it " + how);
    wanted = Wanted::fresh;
  }
}

// What waits on DNS needs no processor: where none gets free soon, one more is of use.
model::Result<ReaderPool::Worker> ReaderPool::take(Wanted wanted) {
  std::unique_lock lock(mutex_);
  const auto has_free = [this] { return !free_.empty(); };
  if (wanted == Wanted::any && running_ >= at_once_) freed_.wait_for(lock, patience_for_a_free_one, has_free);
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
  TRY_VOID(await_ready(child, was_killed));
  return Worker{std::move(child)};
}

model::Result<void> ReaderPool::prepare() {
  const std::lock_guard lock(nursery_mutex_);
  if (nursery_) return {};
  TRY(auto child, Child::start(plan_.work));
  child.send(pool_frame::setup, wire::encoded(PoolSetup{plan_.memory_octets, cpu_seconds_,
                                                        plan_.confinement == Confinement::preferred, plan_.setup}));
  bool was_killed = false;
  TRY_VOID(await_ready(child, was_killed));
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

model::Result<void> ReaderPool::await_ready(Child& child, bool& was_killed) const {
  const auto end = std::chrono::steady_clock::now() + patience_at_start;
  constexpr std::size_t most = 65'536;
  while (true) {
    const auto state = child.exchange(pool_tick, -1);
    while (const auto frame = child.next(most)) {
      if (frame->kind == pool_frame::ready) return {};
      const auto error = wire::decoded<model::Error>(frame->octets);
      if (!error) break;
      if (frame->kind != pool_frame::unconfined || plan_.confinement == Confinement::required)
        return model::failure(*error);
      if (plan_.warning) plan_.warning(*error);
    }
    if (state != ChildState::ended && std::chrono::steady_clock::now() < end) continue;
    const std::string how = child.end();
    was_killed = child.was_killed();
    return model::failure(unavailable("it " + how + " when it was started"));
  }
}

// Nothing: it has died, or has to.
std::optional<std::string> ReaderPool::talk(Child& child, const std::string& item, const Answer& answer) const {
  child.send(pool_frame::item, item);
  StallWatch watch(std::chrono::seconds(cpu_seconds_ / 2 + 1));
  while (true) {
    const auto state = child.exchange(pool_tick, -1);
    while (auto frame = child.next(most_octets_said)) {
      if (frame->kind == pool_frame::done) return std::move(frame->octets);
      auto said = answer(frame->kind, frame->octets);
      if (!said) return std::nullopt;
      child.send(pool_frame::answer, std::move(*said));
      watch.note_life();
    }
    if (state == ChildState::ended || (state == ChildState::silent && watch.is_stalled(child))) return std::nullopt;
  }
}

}  // namespace ruaudit::jobs
