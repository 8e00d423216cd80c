// Where the database is: --db, else $RUAUDIT_DB, else general.database of the configuration file, else
// the service's where the configuration is the system's (/etc/ruaudit/ruaudit.conf: /var/lib/ruaudit/ruaudit.db), else
// ruaudit/ruaudit.db in the user's data folder (XDG Base Directory Specification: $XDG_DATA_HOME, else ~/.local/share).
// `ruaudit COMMAND --verbose` tells which one it is.
#pragma once
#include <string>

#include "cli/options/options.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec db_option = {"db", OptionKind::value, "FILE",
                                         "database; default $RUAUDIT_DB, the configuration's, or the user's"};

// Of commands that write, for the lock on it.
inline constexpr OptionSpec wait_option = {"wait", OptionKind::value, "SECONDS",
                                           "how long to wait for another run to end; default 60, 0 exits immediately"};

// The one rule for every command. Errors: usage; config-file and config, when the configuration is needed and cannot be
// read.
model::Result<std::string> database_path(const Options& options);

// The same, of commands that do not make it: error "database-missing" when the file is not there.
model::Result<std::string> readable_database(const Options& options);

// The database that the command line or the environment names; empty: neither does.
model::Result<std::string> named_database(const Options& options);
// The one in the user's data folder.
model::Result<std::string> default_database();

}  // namespace ruaudit::cli
