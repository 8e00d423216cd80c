#include "cli/steps/confinement.hpp"

#include "cli/options/configuration_options.hpp"
#include "cli/options/suffix_list.hpp"

namespace ruaudit::cli {

namespace {

jobs::Confinement order_of(const Options& options) {
  const auto loaded = load_configuration(options);
  return jobs::confinement_order(loaded ? loaded->configuration.general.confinement : config::Confinement::required);
}

}  // namespace

jobs::ConfinedWork confined_work(const Options& options, jobs::Console& console) {
  return {.confinement = order_of(options), .resolver = nullptr, .warning = [&console](const model::Error& error) {
            jobs::print_error(console, error);
          }};
}

jobs::Judging judging_of(const Options& options, jobs::Console& console) {
  return {.confinement = order_of(options),
          .suffix_list_file = options.value(list_option.name).value_or(""),
          .warning = [&console](const model::Error& error) { jobs::print_error(console, error); }};
}

}  // namespace ruaudit::cli
