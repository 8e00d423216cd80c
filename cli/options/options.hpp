// The options of one command: Boost.Program_options without its guessing of abbreviations, every value a plain text or
// a list of texts. A command describes its options in a table; parse() yields the values or a usage error.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::cli {

enum class OptionKind { flag, value, list };

struct OptionSpec {
  std::string_view name;  // long name without dashes; "output,o" has a short one, too
  OptionKind kind = OptionKind::flag;
  std::string_view placeholder;  // of the value, e.g. "FILE"
  std::string_view help;
};

struct CommandSpec {
  std::string_view name;     // "ingest", "db check"
  std::string_view usage;    // what follows the name, e.g. "[OPTIONS] SOURCE..."
  std::string_view purpose;  // one sentence
  std::span<const OptionSpec> options;
  std::size_t min_arguments = 0;
  std::size_t max_arguments = SIZE_MAX;
};

// What every command takes besides its own options; if a command has an option of the same name, the command's help
// applies.
inline constexpr OptionSpec common_options[] = {
    {"config", OptionKind::value, "FILE",
     "configuration; default ~/.config/ruaudit/ruaudit.conf, else /etc/ruaudit/ruaudit.conf"},
    {"color", OptionKind::value, "WHEN", "never, always or auto: on a terminal, unless NO_COLOR or TERM=dumb is set"},
    {"quiet,q", OptionKind::flag, "", "only results, warnings and errors"},
    {"verbose,v", OptionKind::flag, "", "more messages, starting with the database that is used"},
    {"help,h", OptionKind::flag, "", "show the options of this command"},
    {"version,V", OptionKind::flag, "", "show the version of the program"},
};

class Options {
 public:
  // --json is --format json of the commands that have a format, --colour is --color. --help and --version skip the
  // count of arguments. Error code "usage"; the hint names the option that was probably meant.
  static model::Result<Options> parse(const CommandSpec& spec, std::span<const std::string> arguments);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(std::string(name)); }
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] std::string value_or(std::string_view name, std::string_view otherwise) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  // A whole number from low to high with an optional size suffix K, M or G (1024); error code "usage".
  [[nodiscard]] model::Result<std::optional<std::uint64_t>> number(std::string_view name, std::uint64_t low,
                                                                   std::uint64_t high) const;
  [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }

 private:
  std::span<const OptionSpec> own_;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> arguments_;
};

std::string help_text(const CommandSpec& spec);

}  // namespace ruaudit::cli
