// How the mailboxes are, for monitoring: a JSON file with the last success of every source, and metrics in Prometheus'
// text format for node_exporter's textfile collector. Both are written to a temporary file next to them and renamed, so
// that a reader sees the old or the new one, never half of it. Formats: docs/mailboxes.md.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "store/ledger/mailbox_state.hpp"
#include "store/ledger/queries.hpp"
#include "store/outbox/outbox.hpp"

namespace ruaudit::jobs {

struct Health {
  std::int64_t now = 0;
  std::vector<store::SourceState> sources;
  store::AcknowledgementCounts acknowledgements;
  std::optional<store::OutboxState> outbox;  // where the database notes what a cluster is to get
  // What `ruaudit ingest` could not read, where that was asked.
  std::optional<std::vector<store::UnreadEntry>> unread;
};

inline constexpr std::int64_t usual_max_age_seconds = std::int64_t{26} * 3600;  // a nightly run, plus some time

// Of the mailbox with that name; nullptr when it was never visited.
const store::SourceState* state_of(const Health& health, std::string_view name);
// No success within the time.
bool is_late(const store::SourceState* state, std::int64_t now, std::int64_t max_age);
// The last visit ended because the server or the token endpoint refused the login, or its certificate is wrong: that
// does not go away by itself, so it is reported at once.
bool is_refused(const store::SourceState* state);
// The last visit ended because the mailbox is not where it was, or may not be read: the same.
bool is_unreadable(const store::SourceState* state);
// "reports: ok, last success 2026-11-22 00:10:06 UTC, 2000 messages" and a line feed.
std::string source_line(const std::string& name, const store::SourceState* state, std::int64_t now,
                        std::int64_t max_age);

// One line for each of the first few, and how many are left out; "" for none.
std::string unread_lines(const std::vector<store::UnreadEntry>& entries);

// Something has waited for the cluster longer than that.
bool is_backlog_late(const Health& health, std::int64_t max_age);

model::Result<Health> read_health(store::Database& database, std::int64_t now);
std::string health_json(const Health& health);
std::string health_metrics(const Health& health);

// The files that General names; does nothing where it names none. Error code "health-file".
model::Result<void> write_health(store::Database& database, const config::General& general);

}  // namespace ruaudit::jobs
