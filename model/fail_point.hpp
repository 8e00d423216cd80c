// Named crash points for the kill tests. In a build with RUAUDIT_FAIL_POINTS the process kills itself (SIGKILL) when
// the environment asks for it: RUAUDIT_FAIL_POINT="store.commit:3" at the third pass through that point. Other builds
// contain nothing of it.
#pragma once

#ifdef RUAUDIT_FAIL_POINTS
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ruaudit::model {

inline void pass_fail_point(std::string_view name) {
  const char* wanted = std::getenv("RUAUDIT_FAIL_POINT");
  if (wanted == nullptr) return;
  const std::string_view spec(wanted);
  const auto colon = spec.rfind(':');
  if (spec.substr(0, colon) != name) return;
  static int passed = 0;
  const int at = colon == std::string_view::npos ? 1 : std::atoi(wanted + colon + 1);  // NOLINT(cert-err34-c)
  if (++passed == at) ::kill(::getpid(), SIGKILL);
}

}  // namespace ruaudit::model
#define RUAUDIT_FAIL_POINT(name) ::ruaudit::model::pass_fail_point(name)
#else
#define RUAUDIT_FAIL_POINT(name) static_cast<void>(0)
#endif
