// Only for builds with RUAUDIT_PLANTED_BUG: an out-of-bounds read at a marked place deep in the code, which a fuzz
// harness must find to show that it reaches that place. Other builds contain nothing of it.
#pragma once

#ifdef RUAUDIT_PLANTED_BUG
#include <memory>

namespace ruaudit::ingest {

inline void planted_bug(bool reached) {
  const std::unique_ptr<char[]> block(new char[1]{});
  volatile char* const octets = block.get();  // a volatile write is not optimised away
  octets[reached ? 1 : 0] = 1;
}

}  // namespace ruaudit::ingest
#define RUAUDIT_PLANT(condition) ::ruaudit::ingest::planted_bug(condition)
#else
#define RUAUDIT_PLANT(condition) static_cast<void>(0)
#endif
