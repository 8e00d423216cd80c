#include "cli/options/database_path.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "cli/options/configuration_options.hpp"

namespace ruaudit::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

model::Result<std::string> named_database(const Options& options) {
  if (const auto path = options.value("db")) {
    if (path->empty()) return model::failure("usage", "--db needs the name of a file");
    return *path;
  }
  return environment("RUAUDIT_DB");
}

model::Result<std::string> default_database() {
  if (const auto folder = environment("XDG_DATA_HOME"); !folder.empty()) return folder + "/ruaudit/ruaudit.db";
  if (const auto home = environment("HOME"); !home.empty()) return home + "/.local/share/ruaudit/ruaudit.db";
  return model::failure("usage", "no database is named and no home folder is known", "give --db FILE");
}

model::Result<std::string> database_path(const Options& options) {
  TRY(auto named, named_database(options));
  if (!named.empty()) return named;
  TRY(const auto loaded, load_configuration(options));
  return database_path(options, loaded);
}

model::Result<std::string> readable_database(const Options& options) {
  TRY(auto path, database_path(options));
  if (std::error_code error; std::filesystem::exists(path, error) || error) return path;
  return model::failure("database-missing", fmt::format("there is no database {} yet", path),
                        "`ruaudit ingest REPORTS` or `ruaudit fetch` creates it; --db, RUAUDIT_DB or `database` in the "
                        "configuration names another");
}

}  // namespace ruaudit::cli
