#include "cli/confinement.hpp"

#include "cli/configuration_options.hpp"

namespace ruaudit::cli {

jobs::ConfinedWork confined_work(const Options& options, jobs::Console& console) {
  const auto loaded = load_configuration(options);
  return {.confinement = loaded ? loaded->configuration.general.confinement : config::Confinement::required,
          .resolver = nullptr,
          .warning = [&console](const model::Error& error) { print_error(console, error); }};
}

}  // namespace ruaudit::cli
