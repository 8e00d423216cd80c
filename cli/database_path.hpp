// Where the database is: --db, else $RUAUDIT_DB, else ruaudit/ruaudit.db in the user's data folder (XDG Base Directory
// Specification: $XDG_DATA_HOME, else ~/.local/share).
#pragma once
#include <string>

#include "cli/options.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec db_option = {"db", OptionKind::value, "FILE",
                                         "database; default $RUAUDIT_DB, else ~/.local/share/ruaudit/ruaudit.db"};

model::Result<std::string> database_path(const Options& options);

}  // namespace ruaudit::cli
