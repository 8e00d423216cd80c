#include "jobs/confined/turns.hpp"

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace ruaudit::jobs {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool may_have_stacks = false;  // it knows no stack but those of threads
#else
constexpr bool may_have_stacks = true;
#endif

}  // namespace

struct Turns::Place {
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (stack != MAP_FAILED) ::munmap(stack, stack_octets);
  }
  bool make_stack() {
    if (stack != MAP_FAILED) return true;
    stack = ::mmap(nullptr, stack_octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) return false;
    if (::mprotect(stack, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)), PROT_NONE) != 0) {
      ::munmap(std::exchange(stack, MAP_FAILED), stack_octets);  // never one without its end
      return false;
    }
    return ::getcontext(&context) == 0;  // once: each switch saves it again
  }

  ucontext_t context{};
  void* stack = MAP_FAILED;
  Turns* turns = nullptr;
  std::size_t number = 0;
  bool is_at_end = true;
  Clock::time_point left_at{};
  Clock::duration share{};      // of what was done for all since then
  Clock::duration elsewhere{};  // of the time that passed, what was not this one's
#if defined(__SANITIZE_ADDRESS__)
  void* false_stack = nullptr;
  const void* bottom = nullptr;
  std::size_t size = 0;
#endif
};

namespace {

// From one stack to another; comes back when somebody switches to `from` again.
template <class Place>
void switch_over(Place& from, Place& to) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(&from.false_stack, to.bottom, to.size);
#endif
  ::swapcontext(&from.context, &to.context);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(from.false_stack, nullptr, nullptr);
#endif
}

}  // namespace

Turns::Turns() : caller_(std::make_unique<Place>()) {}
Turns::~Turns() = default;

bool Turns::prepare(std::size_t count) {
  if (!may_have_stacks || count < 2) return false;
  while (places_.size() < count) places_.push_back(std::make_unique<Place>());
  for (std::size_t i = 0; i < count; ++i)
    if (!places_[i]->make_stack()) return false;
  return true;
}

void Turns::run(std::size_t count, const std::function<void(std::size_t)>& work, const std::function<void()>& serve) {
  work_ = &work;
  serve_ = &serve;
  if (prepare(count)) return run_all(count);
  for (std::size_t i = 0; i < count; ++i) work(i);
}

// A piece that has not been begun, on its stack.
void Turns::set_up(std::size_t number) {
  Place& place = *places_[number];
  place.context.uc_stack.ss_sp = place.stack;
  place.context.uc_stack.ss_size = stack_octets;
  place.context.uc_link = nullptr;
  place.turns = this;
  place.number = number;
  place.is_at_end = false;
  place.elsewhere = {};
  place.share = {};
  place.left_at = Clock::now();
#if defined(__SANITIZE_ADDRESS__)
  place.false_stack = nullptr;
  place.bottom = place.stack;
  place.size = stack_octets;
#endif
  const auto address = reinterpret_cast<std::uintptr_t>(&place);  // NOLINT: makecontext(3) passes ints alone
  ::makecontext(&place.context, reinterpret_cast<void (*)()>(&Turns::begin), 2,  // NOLINT: the same
                static_cast<unsigned>(std::uint64_t{address} >> 32U), static_cast<unsigned>(address));
}

void Turns::run_all(std::size_t count) {
  std::size_t left = count;
  for (std::size_t i = 0; i < count; ++i) {
    set_up(i);
    enter(*places_[i]);
    if (places_[i]->is_at_end) --left;
  }
  while (left > 0) {
    serve_those_who_wait(left);
    for (std::size_t i = 0; i < count; ++i) {
      if (places_[i]->is_at_end) continue;
      enter(*places_[i]);
      if (places_[i]->is_at_end) --left;
    }
  }
}

void Turns::serve_those_who_wait(std::size_t count) {
  const auto before = Clock::now();
  (*serve_)();
  const auto share = (Clock::now() - before) / static_cast<Clock::rep>(count);
  for (const auto& place : places_)
    if (!place->is_at_end) place->share += share;
}

void Turns::enter(Place& place) {
  place.elsewhere += Clock::now() - place.left_at - std::exchange(place.share, {});
  current_ = &place;
  switch_over(*caller_, place);
  current_ = nullptr;
  place.left_at = Clock::now();
  if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
}

void Turns::begin(unsigned high, unsigned low) {
  const auto address = static_cast<std::uintptr_t>((std::uint64_t{high} << 32U) | low);
  Place& place = *reinterpret_cast<Place*>(address);  // NOLINT: run_all() made it one
  Turns& turns = *place.turns;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &turns.caller_->bottom, &turns.caller_->size);
#endif
  try {
    (*turns.work_)(place.number);
  } catch (...) {
    turns.fault_ = std::current_exception();
  }
  place.is_at_end = true;
  switch_over(place, *turns.caller_);
}

void Turns::wait() {
  if (current_ == nullptr) return (*serve_)();
  switch_over(*current_, *caller_);
}

Turns::Clock::time_point Turns::now() const {
  return current_ == nullptr ? Clock::now() : Clock::now() - current_->elsewhere;
}

}  // namespace ruaudit::jobs
