#include "cli/options/mailbox_command_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace ruaudit::cli {

model::Result<std::vector<config::Mailbox>> chosen_mailboxes(const Options& options,
                                                             const config::Configuration& configuration) {
  if (configuration.mailboxes.empty())
    return model::failure("config", "the configuration names no mailbox",
                          "write one with `ruaudit init`, or name its file with --config");
  const auto names = options.list("mailbox");
  if (names.empty()) return configuration.mailboxes;
  std::vector<config::Mailbox> chosen;
  for (const std::string& name : names) {
    const auto found = std::find_if(configuration.mailboxes.begin(), configuration.mailboxes.end(),
                                    [&name](const config::Mailbox& one) { return one.name == name; });
    if (found == configuration.mailboxes.end())
      return model::failure("usage", fmt::format("the configuration has no [mailbox {}]", name));
    chosen.push_back(*found);
  }
  return chosen;
}

model::Result<std::int64_t> parse_day_option(std::string_view option, const std::string& text) {
  using std::chrono::day, std::chrono::month, std::chrono::year;
  int y = 0;
  unsigned m = 0, d = 0;
  const char* const at = text.data();
  const bool is_shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const bool is_read = is_shaped && std::from_chars(at, at + 4, y).ptr == at + 4 &&
                       std::from_chars(at + 5, at + 7, m).ptr == at + 7 &&
                       std::from_chars(at + 8, at + 10, d).ptr == at + 10;
  const std::chrono::year_month_day date{year(y), month(m), day(d)};
  if (!is_read || !date.ok())
    return model::failure("usage", fmt::format("--{} takes a day as 2026-01-31, got '{}'", option, text));
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::sys_days(date).time_since_epoch()).count();
}

}  // namespace ruaudit::cli
