#include "cli/screen.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

namespace ruaudit::cli {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

bool is_dumb_terminal() { return environment("TERM") == "dumb"; }

model::Result<report::Colour> colour_of(const Options& options, const jobs::Console& console) {
  const std::string when = options.value_or("color", "auto");
  if (when == "always") return report::Colour::always;
  if (when == "never") return report::Colour::never;
  if (when != "auto")
    return model::failure("usage", fmt::format("--color is never, auto or always, not '{}'", jobs::printable(when)));
  const bool shows = console.out_is_terminal && !is_dumb_terminal() && environment("NO_COLOR").empty();
  return shows ? report::Colour::always : report::Colour::never;
}

}  // namespace ruaudit::cli
