// Takes away from this process, for good, all that reading hostile octets does not need: opening files, sockets and
// processes, memory that is both written to and executed, and more memory and time than it was given. By seccomp (every
// system call that is not on a short list fails with EPERM), by Landlock where the kernel has it, and by resource
// limits. What is open stays open. For a process of one thread, before it reads anything hostile.
#pragma once
#include <cstdint>

#include "model/result.hpp"

namespace ruaudit::jobs {

struct ConfinementLimits {
  std::uint64_t memory_octets = std::uint64_t{1} << 30U;  // of the process's own, mapped files aside
};

// Closes what was inherited but for descriptors 0 to 3, which become /dev/null (0 to 2) and the socket (3); asks the
// kernel to end this process with its parent, to write no core dump, and to choose it first when memory runs out.
void prepare_confinement();

// Error "confinement": the kernel or a filter that is in force already refuses it.
model::Result<void> confine(const ConfinementLimits& limits);

// From now on the process may use so much more CPU time; the kernel ends it (SIGXCPU) when that is used up.
void allow_cpu_seconds(std::uint64_t seconds);

}  // namespace ruaudit::jobs
