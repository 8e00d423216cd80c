#include "jobs/confined/order.hpp"

#include <cstdlib>
#include <string_view>

namespace ruaudit::jobs {

Confinement confinement_order() {
  const char* const word = std::getenv("RUAUDIT_CONFINEMENT");  // NOLINT(concurrency-mt-unsafe)
  if (word == nullptr) return Confinement::required;
  if (std::string_view(word) == "off") return Confinement::off;
  return std::string_view(word) == "preferred" ? Confinement::preferred : Confinement::required;
}

}  // namespace ruaudit::jobs
