#include "ingest/watched_mapping.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace ruaudit::ingest {
namespace {

// What the handler may look at: a signal has no other way to be told.
struct Slot {
  std::atomic<bool> is_used{false};
  std::atomic<std::uintptr_t> begin{0}, end{0};  // begin is set last and cleared first
  std::atomic<bool> is_torn{false};
};
std::array<Slot, WatchedMapping::max_mappings> slots;
struct sigaction former {};
std::uintptr_t page_octets = 4096;

// Zeros in the place of the pages that the file has no more.
bool fill_hole(std::uintptr_t address) {
  for (Slot& slot : slots) {
    const std::uintptr_t begin = slot.begin.load(), end = slot.end.load();
    if (begin == 0 || address < begin || address >= end) continue;
    slot.is_torn.store(true);
    const std::uintptr_t page = address & ~(page_octets - 1);
    void* const hole = reinterpret_cast<void*>(page);  // NOLINT(performance-no-int-to-ptr): the kernel gave a number
    return ::mmap(hole, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }
  return false;
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  if (fill_hole(reinterpret_cast<std::uintptr_t>(info->si_addr))) return;
  if ((former.sa_flags & SA_SIGINFO) != 0 && former.sa_sigaction != nullptr)
    return former.sa_sigaction(signal, info, context);
  ::sigaction(SIGBUS, &former, nullptr);  // the instruction runs again and meets what was there before
}

void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_octets = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGBUS, &action, &former);
  });
}

}  // namespace

std::unique_ptr<WatchedMapping> WatchedMapping::create(int fd, std::size_t size) {
  install_handler();
  std::size_t free_slot = 0;
  while (free_slot < slots.size() && slots[free_slot].is_used.exchange(true)) ++free_slot;
  if (free_slot == slots.size()) return nullptr;
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  Slot& slot = slots[free_slot];
  if (at == MAP_FAILED) {
    slot.is_used.store(false);
    return nullptr;
  }
  ::madvise(at, size, MADV_SEQUENTIAL);
  slot.is_torn.store(false);
  slot.end.store(reinterpret_cast<std::uintptr_t>(at) + size);
  slot.begin.store(reinterpret_cast<std::uintptr_t>(at));
  return std::unique_ptr<WatchedMapping>(new WatchedMapping(static_cast<char*>(at), size, free_slot));
}

WatchedMapping::~WatchedMapping() {
  Slot& slot = slots[slot_];
  slot.begin.store(0);
  ::munmap(begin_, size_);
  slot.is_used.store(false);
}

bool WatchedMapping::is_torn() const { return slots[slot_].is_torn.load(); }

}  // namespace ruaudit::ingest
