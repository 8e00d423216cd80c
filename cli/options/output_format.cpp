#include "cli/options/output_format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/process/console.hpp"

namespace ruaudit::cli {
namespace {

struct Name {
  std::string_view text;
  report::Format format;
};
constexpr Name names[] = {{"text", report::Format::text}, {"json", report::Format::json}, {"csv", report::Format::csv}};

std::string_view name_of(report::Format format) {
  return std::find_if(std::begin(names), std::end(names), [format](const Name& one) { return one.format == format; })
      ->text;
}

// "text, json or csv"
std::string list_of(Formats offered) {
  std::string out;
  for (const report::Format& format : offered) {
    const bool is_last = &format == offered.end() - 1;
    out += fmt::format("{}{}", out.empty() ? "" : (is_last ? " or " : ", "), name_of(format));
  }
  return out;
}

}  // namespace

model::Result<report::Format> output_format(const Options& options, Formats offered) {
  const std::string asked = options.value_or("format", name_of(*offered.begin()));
  const std::string_view word = asked == "table" ? "text" : std::string_view(asked);
  for (const report::Format format : offered)
    if (name_of(format) == word) return format;
  return model::failure("usage", fmt::format("--format is {}, not '{}'", list_of(offered), jobs::printable(asked)));
}

}  // namespace ruaudit::cli
