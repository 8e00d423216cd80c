#include "jobs/confined/serve.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <new>

#include "jobs/confined/charsets.hpp"
#include "jobs/confined/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/pool_wire.hpp"

namespace ruaudit::jobs {
namespace {

void tell(ParentSocket& parent, char kind, const std::string& octets) {
  parent.send(kind, octets);
  parent.flush();
}

// A copy of this process of one thread, whose parent is this one's parent: it sees its end, too. 0 in the copy.
pid_t copy_for_parent() { return static_cast<pid_t>(::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)); }

int serve_as_copy(const PoolSetup& setup, const ItemWork& work, ParentSocket& parent) {
  prepare_confinement();
  if (const auto done = confine({.memory_octets = setup.memory_octets}); !done) {
    tell(parent, pool_frame::unconfined, wire::encoded(done.error()));
    if (!setup.may_go_unconfined) return EXIT_FAILURE;
  }
  tell(parent, pool_frame::ready, {});
  while (const auto frame = parent.receive()) {
    if (frame->kind != pool_frame::item) return EXIT_FAILURE;
    allow_cpu_seconds(setup.cpu_seconds + frame->octets.size() / (std::uint64_t{256} * 1024));
    pass_planted_fault(frame->octets);
    tell(parent, pool_frame::done, work(frame->octets));
  }
  return EXIT_SUCCESS;
}

int serve_from_the_start(const MakeItemWork& make) {
  prepare_confinement();
  ParentSocket parent;
  const auto first = parent.receive();
  const auto setup = first && first->kind == pool_frame::setup ? wire::decoded<PoolSetup>(first->octets) : std::nullopt;
  if (!setup) return EXIT_FAILURE;
  const auto work = make(setup->work, parent);
  if (!work) {
    tell(parent, pool_frame::failed, wire::encoded(work.error()));
    return EXIT_FAILURE;
  }
  open_charsets();
  tell(parent, pool_frame::ready, {});
  while (const auto frame = parent.receive()) {
    const int socket = parent.take_file();
    if (frame->kind != pool_frame::copy || socket < 0) return EXIT_FAILURE;
    const pid_t process = copy_for_parent();
    if (process == 0) {
      ::dup2(socket, reader_socket);
      parent = ParentSocket();
      return serve_as_copy(*setup, *work, parent);
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
