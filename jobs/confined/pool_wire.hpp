// The frames between a ReaderPool and its processes.
#pragma once
#include <cstdint>
#include <string>

#include "jobs/confined/model_wire.hpp"

namespace ruaudit::jobs {

namespace pool_frame {
inline constexpr char setup = 'S', copy = 'C';   // to the nursery; with the latter goes one end of a socket
inline constexpr char copied = 'P';              // the number of the process
inline constexpr char bunch = 'B';               // to a process: so many items follow (std::uint32_t)
inline constexpr char item = 'I', answer = 'A';  // to a process
inline constexpr char number = 'N', done = 'D';  // of an item of a bunch (std::uint32_t), if not the first; what it is
}  // namespace pool_frame

struct PoolSetup {
  std::uint64_t memory_octets = 0;
  std::uint64_t cpu_seconds = 0;  // of one item, and one more for each 256 KiB of it
  bool may_go_unconfined = false;
  std::string work{};
};

}  // namespace ruaudit::jobs

namespace ruaudit::jobs::wire {
template <>
inline constexpr int fields<PoolSetup> = 4;
}  // namespace ruaudit::jobs::wire
