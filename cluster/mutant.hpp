// Deliberate faults in the protocol, to check that the tests notice them: in a build with RUAUDIT_FAIL_POINTS where the
// environment asks for it. Other builds contain nothing of it.
#pragma once
#ifdef RUAUDIT_FAIL_POINTS
#include <cstdlib>
#endif
#include <string_view>

namespace ruaudit::cluster {

enum class Mutant { late_contested, no_contested, same_batch, any_writer };

inline bool is_mutant([[maybe_unused]] Mutant which) {
#ifdef RUAUDIT_FAIL_POINTS
  const char* const wanted = std::getenv("RUAUDIT_CLUSTER_MUTANT");
  if (wanted == nullptr) return false;
  const std::string_view names[] = {"late-contested", "no-contested", "same-batch", "any-writer"};
  return names[static_cast<int>(which)] == wanted;
#else
  return false;
#endif
}

}  // namespace ruaudit::cluster
