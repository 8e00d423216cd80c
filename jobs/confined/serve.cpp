#include "jobs/confined/serve.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <vector>

#include "jobs/confined/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/pool_wire.hpp"
#include "jobs/confined/readiness.hpp"

namespace ruaudit::jobs {
namespace {

void tell(ParentSocket& parent, char kind, const std::string& octets) {
  parent.send(kind, octets);
  parent.flush();
}

// A copy of this process of one thread, whose parent is this one's parent: it sees its end, too. 0 in the copy.
pid_t copy_for_parent() {
  constexpr unsigned long flags = CLONE_PARENT | SIGCHLD, same_stack = 0;
#if defined(__s390x__)  // clone(2): the first two are the other way round
  return static_cast<pid_t>(::syscall(SYS_clone, same_stack, flags, 0, 0, 0));
#else
  return static_cast<pid_t>(::syscall(SYS_clone, flags, same_stack, 0, 0, 0));
#endif
}

// Takes what the parent sends until it has gone.
class ItemLoop {
 public:
  ItemLoop(const PoolSetup& setup, const ItemWork& work, Serving& serving)
      : setup_(setup), work_(work), serving_(serving) {}

  int run() {
    ParentSocket& parent = serving_.parent;
    while (auto frame = parent.receive()) {
      const auto count = frame->kind == pool_frame::bunch ? wire::decoded<std::uint32_t>(frame->octets)
                                                          : std::optional<std::uint32_t>(1);
      if (!count) return EXIT_FAILURE;
      items_.clear();
      if (frame->kind != pool_frame::bunch) items_.push_back(std::move(*frame));
      while (items_.size() < *count) {
        if (!(frame = parent.receive())) return EXIT_SUCCESS;
        items_.push_back(std::move(*frame));
      }
      for (const Frame& item : items_)
        if (item.kind != pool_frame::item) return EXIT_FAILURE;
      work_off();
    }
    return EXIT_SUCCESS;
  }

 private:
  void work_off() {
    std::size_t octets = 0;
    for (const Frame& item : items_) octets += item.octets.size();
    allow_cpu_seconds(setup_.cpu_seconds + octets / (std::uint64_t{256} * 1024));
    flushed_at_ = Turns::Clock::now();
    serving_.turns.run(
        items_.size(), [this](std::size_t number) { work_off_one(number); }, work_.serve);
    serving_.parent.flush();
  }

  // An answer does not wait long for those of the items behind it.
  void work_off_one(std::size_t number) {
    constexpr std::chrono::milliseconds patience(20);
    std::string& item = items_[number].octets;
    pass_planted_fault(item);
    const std::string said = work_.work(std::move(item));
    if (number > 0) serving_.parent.send(pool_frame::number, wire::encoded(static_cast<std::uint32_t>(number)));
    serving_.parent.send(pool_frame::done, said);
    const auto now = Turns::Clock::now();
    if (now - flushed_at_ < patience) return;
    serving_.parent.flush();
    flushed_at_ = now;
  }

  const PoolSetup& setup_;
  const ItemWork& work_;
  Serving& serving_;
  std::vector<Frame> items_;
  Turns::Clock::time_point flushed_at_{};
};

int serve_as_copy(const PoolSetup& setup, const ItemWork& work, Serving& serving) {
  prepare_confinement();
  if (const auto done = confine({.memory_octets = setup.memory_octets}); !done) {
    tell(serving.parent, start_frame::unconfined, wire::encoded(done.error()));
    if (!setup.may_go_unconfined) return EXIT_FAILURE;
  }
  tell(serving.parent, start_frame::ready, {});
  return ItemLoop(setup, work, serving).run();
}

int serve_from_the_start(const MakeItemWork& make) {
  prepare_confinement();
  Serving serving;
  ParentSocket& parent = serving.parent;
  const auto first = parent.receive();
  const auto setup = first && first->kind == pool_frame::setup ? wire::decoded<PoolSetup>(first->octets) : std::nullopt;
  if (!setup) return EXIT_FAILURE;
  const auto work = make(setup->work, serving);
  if (!work) {
    tell(parent, start_frame::failed, wire::encoded(work.error()));
    return EXIT_FAILURE;
  }
  tell(parent, start_frame::ready, {});
  while (const auto frame = parent.receive()) {
    const int socket = parent.take_file();
    if (frame->kind != pool_frame::copy || socket < 0) return EXIT_FAILURE;
    const pid_t process = copy_for_parent();
    if (process == 0) {
      ::dup2(socket, reader_socket);
      parent = ParentSocket();
      return serve_as_copy(*setup, *work, serving);
    }
    ::close(socket);
    tell(parent, pool_frame::copied, wire::encoded(std::max<pid_t>(process, 0)));
  }
  return EXIT_SUCCESS;
}

}  // namespace

void serve_items(const MakeItemWork& make) {
  try {
    std::_Exit(serve_from_the_start(make));
  } catch (const std::bad_alloc&) {
    std::_Exit(ENOMEM);
  } catch (...) {
    std::_Exit(EXIT_FAILURE);
  }
}

}  // namespace ruaudit::jobs
