// A configuration file and the settings of the command line become a Configuration. Enters the text of a file (INI,
// config/ini.hpp) and settings "SECTION.KEY=VALUE", which win over the file; leaves the values, and for each of them
// where it comes from. Every error names the line or the setting and the remedy; an unknown key, a key given twice, a
// value that does not fit and keys that do not go together are errors, never warnings. Error codes: "config-file"
// (cannot be read), "config" (is wrong), "setting" (what the command line says is wrong).
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::config {

struct GivenValue {
  std::string text;    // as it was written, quotes included; of a command its first word alone
  std::string origin;  // "ruaudit.conf:12" or "command line"
};
// By "general.database" or "mailbox.NAME.user". What is missing has its default.
using Origins = std::map<std::string, GivenValue, std::less<>>;

struct Loaded {
  Configuration configuration;
  Origins origins;
  std::string path;  // of the file read; empty: none was there
};

// The configuration of the service and of root.
inline constexpr std::string_view system_path = "/etc/ruaudit/ruaudit.conf";

struct Sources {
  std::string path;                       // of --config; empty: search_path()
  std::span<const std::string> settings;  // "general.database=x", "mailbox.a.user=b": the key is what follows the last
                                          // dot before '='
};

// The first that exists of $XDG_CONFIG_HOME/ruaudit/ruaudit.conf (~/.config where that is unset) and
// /etc/ruaudit/ruaudit.conf; nothing when none does.
std::optional<std::string> search_path();

// No file at all is no error: a configuration may come from settings alone.
model::Result<Loaded> load(const Sources& sources);

struct TextSource {
  std::string_view text;
  std::string_view name = "configuration";  // in errors
  std::string folder;                       // from which relative paths count; empty: the working folder
};

// The same for a text.
model::Result<Loaded> load_text(const TextSource& source, std::span<const std::string> settings);

// Everything that is wrong, not only the first error (up to about 100); for `ruaudit config check`. An error of the
// result: the file cannot be read, or is not INI from some line on.
struct Examined {
  Loaded loaded;
  std::vector<model::Error> errors;
};
model::Result<Examined> examine(const Sources& sources);
model::Result<Examined> examine_text(const TextSource& source, std::span<const std::string> settings);

}  // namespace ruaudit::config
