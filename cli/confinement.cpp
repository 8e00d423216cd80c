#include "cli/confinement.hpp"

#include "cli/configuration_options.hpp"

namespace ruaudit::cli {

jobs::ConfinedWork confined_work(const Options& options, jobs::Console& console) {
  const auto loaded = load_configuration(options);
  const auto configured = loaded ? loaded->configuration.general.confinement : config::Confinement::required;
  return {.confinement = jobs::confinement_order(configured),
          .resolver = nullptr,
          .warning = [&console](const model::Error& error) { jobs::print_error(console, error); }};
}

}  // namespace ruaudit::cli
