#include "cli/terminal/screen.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace ruaudit::cli {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t number_in(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() && number > 0 ? number : otherwise;
}

}  // namespace

report::ScreenSize screen_size(const jobs::Console& console) {
  report::ScreenSize size;
  size.columns = number_in(environment("COLUMNS"), size.columns);
  size.rows = number_in(environment("LINES"), size.rows);
  winsize terminal{};
  if (!console.out_is_terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &terminal) != 0) return size;
  if (terminal.ws_col > 0) size.columns = terminal.ws_col;
  if (terminal.ws_row > 0) size.rows = terminal.ws_row;
  return size;
}

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
