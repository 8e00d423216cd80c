#include "jobs/confined/call.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "jobs/confined/asked_dns.hpp"
#include "jobs/confined/charsets.hpp"
#include "jobs/confined/child.hpp"
#include "jobs/confined/confinement.hpp"
#include "jobs/confined/model_wire.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/stall_watch.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
using wire::decoded;
using wire::encoded;

constexpr char answers_kind = 'A', done_kind = 'D', failed_kind = 'X', unconfined_kind = 'U';
constexpr std::size_t most_octets = std::size_t{2} << 30U;
constexpr std::uint64_t cpu_seconds = 120;

using Work = std::function<model::Result<std::string>(dns::Resolver*)>;

int run_copy(const ConfinedWork& how, const Work& work) {
  prepare_confinement();
  ParentSocket parent;
  open_charsets();
  if (const auto done = confine({}); !done) {
    parent.send(unconfined_kind, encoded(done.error()));
    parent.flush();
    if (how.confinement == Confinement::required) return EXIT_FAILURE;
  }
  allow_cpu_seconds(reader_seconds(cpu_seconds));
  ParentResolver resolver(parent);
  const auto result = work(how.resolver == nullptr ? nullptr : &resolver);
  if (result)
    parent.send(done_kind, *result);
  else
    parent.send(failed_kind, encoded(result.error()));
  parent.flush();
  return EXIT_SUCCESS;
}

int run_copy_quietly(const ConfinedWork& how, const Work& work) {
  try {
    return run_copy(how, work);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (...) {
    return EXIT_FAILURE;
  }
}

model::Error senseless() { return {"reader-died", "the process that read it gave an invalid answer", {}}; }

// The parent's side, until the work has a result.
class Server {
 public:
  Server(Child& child, const ConfinedWork& how)
      : child_(child), how_(how), watch_(std::chrono::seconds(reader_seconds(cpu_seconds) / 2 + 1)) {}

  model::Result<std::string> serve() {
    while (true) {
      const auto state = child_.exchange(std::chrono::seconds(1), -1);
      while (auto frame = child_.next(most_octets)) {
        if (frame->kind == done_kind) return std::move(frame->octets);
        if (frame->kind == failed_kind || frame->kind == unconfined_kind) {
          const auto error = decoded<model::Error>(frame->octets);
          if (!error) return model::failure(senseless());
          if (frame->kind == failed_kind || how_.confinement == Confinement::required) return model::failure(*error);
          if (how_.warning) how_.warning(*error);
        } else if (frame->kind != questions_kind || !answer(frame->octets)) {
          return model::failure(senseless());
        }
      }
      if (state == ChildState::ended || (state == ChildState::silent && watch_.is_stalled(child_)))
        return model::failure("reader-died", "the process that read it " + child_.end(), {});
    }
  }

 private:
  bool answer(std::string_view octets) {
    auto answers = how_.resolver == nullptr ? std::nullopt : answered(octets, *how_.resolver);
    if (!answers) return false;
    child_.send(answers_kind, std::move(*answers));
    watch_.note_life();
    return true;
  }

  Child& child_;
  const ConfinedWork& how_;
  StallWatch watch_;
};

}  // namespace

model::Result<std::string> do_confined(const ConfinedWork& how, const Work& work) {
  if (how.confinement == Confinement::off) return work(how.resolver);
  TRY(auto child, Child::copy([&] { return run_copy_quietly(how, work); }));
  return Server(child, how).serve();
}

}  // namespace ruaudit::jobs
