// ruaudit status: how the configured mailboxes are, for people and, by its exit code, for monitoring.
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/options/mailbox_command_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "ingest/local_error.hpp"
#include "jobs/cluster/run.hpp"
#include "jobs/mailbox/health.hpp"
#include "jobs/process/clock.hpp"
#include "model/counted.hpp"

namespace ruaudit::cli {
namespace {

constexpr std::uint64_t minutes_of_a_year = std::uint64_t{60} * 24 * 365;

constexpr auto status_options = with_configuration(std::array{
    mailbox_option,
    now_option,
    OptionSpec{"max-age", OptionKind::value, "MINUTES", "since the last success; default 1560, that is 26 hours"},
    OptionSpec{"format", OptionKind::value, "FORMAT", "text (default) or json, as the health file is written"},
});

constexpr CommandSpec status_spec = {
    "status",       "[OPTIONS]", "Shows when each configured mailbox was last visited and whether that worked.",
    status_options, 0,           0};

// Before the first visit there is no database: then no mailbox was ever visited. What could not be read counts for the
// same time as a success.
model::Result<jobs::Health> health_of(const std::string& path, std::int64_t max_age) {
  if (std::error_code error; !std::filesystem::exists(path, error) && !error) {
    jobs::Health never;
    never.now = jobs::epoch_now();
    return never;
  }
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  TRY(auto health, jobs::read_health(database, jobs::epoch_now()));
  TRY(health.unread, store::unread_entries(database, health.now - max_age, ingest::unread_codes));
  return health;
}

// None is right for who takes files in: what could not be read, and what waits for a cluster, is told all the same.
model::Result<std::vector<config::Mailbox>> watched_mailboxes(const Options& options,
                                                              const config::Configuration& configuration,
                                                              const jobs::Health& health) {
  const bool has_more = !configuration.cluster.shards.empty() || health.unread;
  if (configuration.mailboxes.empty() && has_more && options.list("mailbox").empty())
    return std::vector<config::Mailbox>{};
  return chosen_mailboxes(options, configuration);
}

model::Result<ExitCode> status(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto path, database_path(options, loaded));
  TRY(const auto format, output_format(options, text_and_json));
  TRY(const auto minutes, options.number("max-age", 1, minutes_of_a_year));
  const auto max_age = minutes ? static_cast<std::int64_t>(*minutes) * 60 : jobs::usual_max_age_seconds;
  TRY(const auto health, health_of(path, max_age));
  TRY(const auto mailboxes, watched_mailboxes(options, loaded.configuration, health));
  bool is_well = health.acknowledgements.failed == 0 && health.acknowledgements.withheld == 0;
  std::string text;
  for (const config::Mailbox& mailbox : mailboxes) {
    const auto* state = jobs::state_of(health, mailbox.name);
    is_well = is_well && !jobs::is_late(state, health.now, max_age) && !jobs::is_refused(state) &&
              !jobs::is_unreadable(state);
    text += jobs::source_line(mailbox.name, state, health.now, max_age);
  }
  const auto& counts = health.acknowledgements;
  if (counts.pending + counts.failed + counts.unfetched > 0)
    text += fmt::format("{} to be moved, flagged or deleted, {} could not be; {} never delivered by a server\n",
                        counts.pending == 1 ? "1 mail waits" : fmt::format("{} mails wait", counts.pending),
                        counts.failed, counts.unfetched == 1 ? "1 was" : fmt::format("{} were", counts.unfetched));
  if (counts.withheld > 0)
    text +=
        fmt::format("UNDELIVERED: a server keeps back {}, asked for three times or more: 'ruaudit doctor' says more\n",
                    model::counted(counts.withheld, "mail"));
  if (health.unread && health.unread->empty() && mailboxes.empty())
    text += "no mailbox is configured; all that was named to ingest could be read\n";
  if (health.unread) {
    text += jobs::unread_lines(*health.unread);
    is_well = is_well && health.unread->empty();
  }
  if (health.outbox) {
    const bool is_late = jobs::is_backlog_late(health, max_age);
    text += fmt::format("cluster: {}, {}\n", is_late ? "LATE" : "ok", jobs::backlog_text(*health.outbox, health.now));
    is_well = is_well && !is_late;
  }
  console.out << (format == report::Format::json ? jobs::health_json(health) : text);
  return is_well ? ExitCode::success : ExitCode::rejected;
}

}  // namespace

const Command status_command = {&status_spec, guarded<status>};

}  // namespace ruaudit::cli
