// ruaudit status: how the configured mailboxes are, for people and, by its exit code, for monitoring.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "cli/clock.hpp"
#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/mailbox_command_options.hpp"
#include "cli/mailbox_health.hpp"

namespace ruaudit::cli {
namespace {

constexpr std::uint64_t default_max_age_minutes = 26 * 60;  // a nightly run, and time for it

constexpr auto status_options = with_configuration(std::array{
    mailbox_option,
    OptionSpec{"max-age", OptionKind::value, "MINUTES", "since the last success; default 1560, that is 26 hours"},
    OptionSpec{"json", OptionKind::flag, "", "print the health file's JSON instead"},
});

constexpr CommandSpec status_spec = {
    "status",       "[OPTIONS]", "Tells when each configured mailbox was last visited and whether that went well.",
    status_options, 0,           0};

std::string utc(std::int64_t epoch) {
  const std::time_t time = epoch;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

const store::SourceState* state_of(const Health& health, const std::string& name) {
  const auto found = std::find_if(health.sources.begin(), health.sources.end(),
                                  [&name](const store::SourceState& one) { return one.source == name; });
  return found == health.sources.end() ? nullptr : &*found;
}

bool is_late(const store::SourceState* state, std::int64_t now, std::int64_t max_age) {
  return state == nullptr || !state->last_success || now - *state->last_success > max_age;
}

std::string line_of(const std::string& name, const store::SourceState* state, bool late) {
  if (state == nullptr) return fmt::format("{}: never visited\n", printable(name));
  std::string line = printable(name) + (late ? ": LATE, " : ": well, ");
  line += state->last_success ? "last success " + utc(*state->last_success) : "no success yet";
  line += fmt::format(", {} messages", state->messages);
  if (state->failures > 0)
    line += fmt::format(", {} failed {} since: {}", state->failures, state->failures == 1 ? "visit" : "visits",
                        printable(state->error));
  return line + "\n";
}

model::Result<ExitCode> status(const Options& options, Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto mailboxes, chosen_mailboxes(options, loaded.configuration));
  TRY(const auto path, database_path(options, loaded.configuration));
  TRY(const auto minutes, options.number("max-age", 1, 60 * 24 * 365));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  TRY(const auto health, read_health(database, epoch_now()));
  const auto max_age = static_cast<std::int64_t>(minutes.value_or(default_max_age_minutes)) * 60;
  bool is_well = health.acknowledgements.failed == 0;
  std::string text;
  for (const config::Mailbox& mailbox : mailboxes) {
    const auto* state = state_of(health, mailbox.name);
    const bool late = is_late(state, health.now, max_age);
    is_well = is_well && !late;
    text += line_of(mailbox.name, state, late);
  }
  const auto& counts = health.acknowledgements;
  if (counts.pending + counts.failed + counts.unfetched > 0)
    text +=
        fmt::format("{} mails wait to be moved, flagged or deleted, {} could not be; {} were never given by a server\n",
                    counts.pending, counts.failed, counts.unfetched);
  console.out << (options.has("json") ? health_json(health) : text);
  return is_well ? ExitCode::well : ExitCode::rejected;
}

}  // namespace

const Command status_command = {&status_spec, guarded<status>};

}  // namespace ruaudit::cli
