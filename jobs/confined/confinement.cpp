#include "jobs/confined/confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RUAUDIT_SANITIZED 1  // sanitizers reserve terabytes and report to standard error
#else
#define RUAUDIT_SANITIZED 0
#endif

namespace ruaudit::jobs {
namespace {

model::Error refused(const char* what, int code) {
  return {"confinement", std::string(what) + ": " + std::strerror(code),  // NOLINT(concurrency-mt-unsafe)
          "allow seccomp(2) to this process, or set RUAUDIT_CONFINEMENT=preferred"};
}

// A limit that is lower already stands.
void limit(__rlimit_resource resource, rlim_t most) {
  rlimit both{};
  ::getrlimit(resource, &both);
  both.rlim_cur = both.rlim_max = std::min({most, both.rlim_cur, both.rlim_max});
  ::setrlimit(resource, &both);
}

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

// Memory, the open descriptors, waiting, time and the end. None of them names a file, a socket or another process.
constexpr std::array free_calls = {
    SCMP_SYS(read),        SCMP_SYS(write),         SCMP_SYS(readv),        SCMP_SYS(writev),
    SCMP_SYS(pread64),     SCMP_SYS(pwrite64),      SCMP_SYS(recvmsg),      SCMP_SYS(lseek),
    SCMP_SYS(fstat),       SCMP_SYS(ftruncate),     SCMP_SYS(close),        SCMP_SYS(memfd_create),
    SCMP_SYS(munmap),      SCMP_SYS(mremap),        SCMP_SYS(madvise),      SCMP_SYS(brk),
    SCMP_SYS(futex),       SCMP_SYS(poll),          SCMP_SYS(ppoll),        SCMP_SYS(sched_yield),
    SCMP_SYS(getrandom),   SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
    SCMP_SYS(time),        SCMP_SYS(getrusage),     SCMP_SYS(times),        SCMP_SYS(getpid),
    SCMP_SYS(gettid),      SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack), SCMP_SYS(exit),          SCMP_SYS(exit_group),   SCMP_SYS(restart_syscall)};

int allow(void* filter, int call, std::initializer_list<scmp_arg_cmp> conditions) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, static_cast<unsigned>(conditions.size()),
                                conditions.begin());
}

// Calls that are harmless with some arguments alone.
int add_bound_calls(void* filter) {
  const auto self = static_cast<scmp_datum_t>(::getpid());
  const auto no_execution = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  int code = allow(filter, SCMP_SYS(mmap), {no_execution});
  if (code == 0) code = allow(filter, SCMP_SYS(mprotect), {no_execution});
  // Of an open descriptor: with an empty path.
  if (code == 0)
    code = allow(filter, SCMP_SYS(newfstatat), {SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  // A signal to itself alone: abort().
  if (code == 0) code = allow(filter, SCMP_SYS(tgkill), {SCMP_A0(SCMP_CMP_EQ, self)});
  if (code == 0) code = allow(filter, SCMP_SYS(prlimit64), {SCMP_A0(SCMP_CMP_EQ, 0)});
  return code;
}

model::Result<void> filter_calls() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) return model::failure(refused("no seccomp filter can be made", ENOMEM));
  int code = 0;
  for (const int call : free_calls)
    if (code == 0) code = allow(filter.get(), call, {});
  if (code == 0) code = add_bound_calls(filter.get());
  if (code == 0) code = seccomp_load(filter.get());
  if (code != 0) return model::failure(refused("seccomp", -code));
  return {};
}

// No path may be opened for anything, whatever else is allowed. A kernel without Landlock says no; seccomp suffices.
void close_file_system() {
#ifdef SYS_landlock_create_ruleset
  landlock_ruleset_attr rules{};
  rules.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;  // all rights of the first version
  const auto set = ::syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0U);
  if (set < 0) return;
  ::syscall(SYS_landlock_restrict_self, static_cast<int>(set), 0U);
  ::close(static_cast<int>(set));
#endif
}

void offer_to_the_memory_killer() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  static_cast<void>(::write(file, "1000", 4) < 0);
  ::close(file);
}

}  // namespace

void prepare_confinement() {
  ::syscall(SYS_close_range, 4U, ~0U, 0U);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (nothing >= 0 && (standard != STDERR_FILENO || RUAUDIT_SANITIZED == 0)) ::dup2(nothing, standard);
  if (nothing > STDERR_FILENO) ::close(nothing);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);
  limit(RLIMIT_CORE, 0);
  offer_to_the_memory_killer();
}

model::Result<void> confine(const ConfinementLimits& limits) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return model::failure(refused("PR_SET_NO_NEW_PRIVS", errno));
  if (RUAUDIT_SANITIZED == 0) limit(RLIMIT_DATA, limits.memory_octets);
  limit(RLIMIT_NOFILE, 64);
  close_file_system();
  return filter_calls();
}

void allow_cpu_seconds(std::uint64_t seconds) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto spent = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  // At a hard limit that is there already (ulimit -t) the kernel would end it without a reason: a second earlier it has
  // one.
  rlimit soft{};
  ::getrlimit(RLIMIT_CPU, &soft);
  soft.rlim_cur = std::min(spent + 1 + seconds, std::max<rlim_t>(soft.rlim_max, 2) - 1);
  ::setrlimit(RLIMIT_CPU, &soft);
}

}  // namespace ruaudit::jobs
