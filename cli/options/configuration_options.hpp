// The configuration as commands get it: --config FILE, --set SECTION.KEY=VALUE for every key of every section, and an
// option of its own for every key of [general] (--log-level for log_level; the database is --db). What the command line
// says wins over the file.
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include "cli/options/database_path.hpp"
#include "cli/options/options.hpp"
#include "config/keys.hpp"
#include "config/load.hpp"

namespace ruaudit::cli {

// The keys of [general] with '-' for '_', as options are named. The first, the database, has --db.
inline constexpr auto dashed_general_keys = [] {
  std::array<std::array<char, 40>, config::general_keys.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i)
    std::transform(config::general_keys[i].name.begin(), config::general_keys[i].name.end(), names[i].begin(),
                   [](char c) { return c == '_' ? '-' : c; });
  return names;
}();

inline constexpr std::array configuration_source_options = {
    OptionSpec{"set", OptionKind::list, "SECTION.KEY=VALUE",
               "any key: general.samples=none, mailbox.NAME.user=x; may be repeated"},
    db_option,
};

// "output,o": its long name is "output".
constexpr bool has_one_name_twice(std::span<const OptionSpec> options) {
  const auto long_name = [](const OptionSpec& option) { return option.name.substr(0, option.name.find(',')); };
  for (std::size_t i = 0; i < options.size(); ++i)
    for (std::size_t j = i + 1; j < options.size(); ++j)
      if (long_name(options[i]) == long_name(options[j])) return true;
  return false;
}

// All of the configuration's options and the command's own, as a CommandSpec wants them:
//   constexpr auto fetch_options = with_configuration(std::array{OptionSpec{...}, ...});
// An option of the command's own that has a name of the configuration's does not compile: it would be ambiguous.
template <std::size_t N>
consteval auto with_configuration(const std::array<OptionSpec, N>& own) {
  constexpr std::size_t sources = configuration_source_options.size();
  std::array<OptionSpec, sources + N + config::general_keys.size() - 1> all{};
  auto next = std::copy(configuration_source_options.begin(), configuration_source_options.end(), all.begin());
  next = std::copy(own.begin(), own.end(), next);
  for (std::size_t i = 1; i < config::general_keys.size(); ++i)
    *next++ = OptionSpec{std::string_view(dashed_general_keys[i].data()), OptionKind::value,
                         config::general_keys[i].takes, config::general_keys[i].help};
  if (has_one_name_twice(all)) throw "two options have one name";
  return all;
}

// Where the options say that the configuration is, and their settings in the form of --set.
struct ConfigurationRequest {
  std::string path;
  std::vector<std::string> settings;
};
ConfigurationRequest configuration_request(const Options& options);

// Errors: usage (what the command line says), config-file, config (what the file says).
model::Result<config::Loaded> load_configuration(const Options& options);

// --db, else $RUAUDIT_DB, else general.database, else the default; see cli/options/database_path.hpp.
model::Result<std::string> database_path(const Options& options, const config::Loaded& loaded);

}  // namespace ruaudit::cli
