#include "cli/confinement.hpp"

namespace ruaudit::cli {

jobs::ConfinedWork confined_work(jobs::Console& console) {
  return {.confinement = jobs::confinement_order(),
          .resolver = nullptr,
          .warning = [&console](const model::Error& error) { jobs::print_error(console, error); }};
}

}  // namespace ruaudit::cli
