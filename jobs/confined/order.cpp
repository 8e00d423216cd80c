#include "jobs/confined/order.hpp"

#include <cstdlib>

namespace ruaudit::jobs {

Confinement confinement_order(Confinement configured) {
  const char* const word = std::getenv("RUAUDIT_CONFINEMENT");  // NOLINT(concurrency-mt-unsafe)
  if (word == nullptr) return configured;
  return model::parse_enum<Confinement>(word).value_or(Confinement::required);
}

}  // namespace ruaudit::jobs
