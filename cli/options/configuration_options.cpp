#include "cli/options/configuration_options.hpp"

#include <fmt/format.h>

namespace ruaudit::cli {

ConfigurationRequest configuration_request(const Options& options) {
  ConfigurationRequest request{.path = options.value_or("config", ""), .settings = options.list("set")};
  for (std::size_t i = 1; i < config::general_keys.size(); ++i) {
    const std::string_view name = config::general_keys[i].name;  // as long as the option's
    if (const auto value = options.value({dashed_general_keys[i].data(), name.size()}))
      request.settings.push_back(fmt::format("general.{}={}", name, *value));
  }
  return request;
}

model::Result<config::Loaded> load_configuration(const Options& options) {
  if (options.has("config") && options.value_or("config", "").empty())
    return model::failure("usage", "--config needs the name of a file");
  const auto request = configuration_request(options);
  auto loaded = config::load({.path = request.path, .settings = request.settings});
  if (loaded || loaded.error().code != "setting") return loaded;
  auto wrong = loaded.error();
  wrong.code = "usage";  // of the command line, not of a file
  return model::failure(std::move(wrong));
}

model::Result<std::string> database_path(const Options& options, const config::Loaded& loaded) {
  TRY(auto named, named_database(options));
  if (!named.empty()) return named;
  if (!loaded.configuration.general.database.empty()) return loaded.configuration.general.database;
  if (loaded.path == config::system_path) return std::string("/var/lib/ruaudit/ruaudit.db");
  return default_database();
}

}  // namespace ruaudit::cli
