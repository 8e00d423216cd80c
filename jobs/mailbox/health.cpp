#include "jobs/mailbox/health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "jobs/process/clock.hpp"
#include "jobs/process/console.hpp"
#include "jobs/process/new_file.hpp"

namespace ruaudit::jobs {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const store::SourceState& state) {
  Json source;
  source["source"] = state.source;
  source["last_attempt"] = state.last_attempt;
  source["last_success"] = state.last_success ? Json(*state.last_success) : Json(nullptr);
  source["failures"] = state.failures;
  source["messages"] = state.messages;
  source["error"] = state.error.empty() ? Json(nullptr) : Json(state.error);
  return source;
}

// Prometheus' text format: backslash, quote and line feed are escaped in label values.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

constexpr std::uint32_t for_all_to_read = 0644;  // monitoring runs as another user

model::Result<void> put_file(const std::string& path, const std::string& text) {
  const auto done = replace_file(path, text, for_all_to_read);
  if (done) return {};
  return model::failure("health-file", done.error().message, done.error().hint);
}

std::string utc(std::int64_t epoch) {
  const std::time_t time = epoch;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

const store::SourceState* state_of(const Health& health, std::string_view name) {
  const auto found = std::find_if(health.sources.begin(), health.sources.end(),
                                  [name](const store::SourceState& one) { return one.source == name; });
  return found == health.sources.end() ? nullptr : &*found;
}

bool is_late(const store::SourceState* state, std::int64_t now, std::int64_t max_age) {
  return state == nullptr || !state->last_success || now - *state->last_success > max_age;
}

bool is_refused(const store::SourceState* state) {
  constexpr std::string_view refusals[] = {"mailbox-login-refused", "mailbox-login-method", "mailbox-credentials",
                                           "mailbox-certificate",   "oauth-refused",        "oauth-key"};
  return state != nullptr && state->failures > 0 &&
         std::find(std::begin(refusals), std::end(refusals), state->error_code) != std::end(refusals);
}

bool is_unreadable(const store::SourceState* state) {
  constexpr std::string_view reasons[] = {"source-not-found", "unreadable", "mailbox-folder-missing"};
  return state != nullptr && state->failures > 0 &&
         std::find(std::begin(reasons), std::end(reasons), state->error_code) != std::end(reasons);
}

std::string source_line(const std::string& name, const store::SourceState* state, std::int64_t now,
                        std::int64_t max_age) {
  if (state == nullptr) return fmt::format("{}: never visited\n", printable(name));
  const std::string_view word = is_refused(state)              ? "REFUSED"
                                : is_unreadable(state)         ? "UNREADABLE"
                                : is_late(state, now, max_age) ? "LATE"
                                                               : "ok";
  std::string line = fmt::format("{}: {}, ", printable(name), word);
  line += state->last_success ? "last success " + utc(*state->last_success) : "no success yet";
  line += fmt::format(", {} {}", state->messages, state->messages == 1 ? "message" : "messages");
  if (state->failures > 0)
    line += fmt::format(", {} failed {} since: {}", state->failures, state->failures == 1 ? "visit" : "visits",
                        printable(state->error));
  return line + "\n";
}

std::string unread_lines(const std::vector<store::UnreadEntry>& entries) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, entries.size()); ++i)
    text += fmt::format("{}: UNREADABLE since {}: {}\n", printable(entries[i].source), utc(entries[i].first_seen),
                        printable(entries[i].reason));
  if (entries.size() > most)
    text += fmt::format("{} more could not be read: ruaudit query --name rejected\n", entries.size() - most);
  return text;
}

model::Result<Health> read_health(store::Database& database, std::int64_t now) {
  Health health;
  health.now = now;
  TRY(health.sources, store::source_states(database));
  TRY(health.acknowledgements, store::count_acknowledgements(database));
  TRY(const auto outbox, store::outbox_state(database));
  if (outbox.is_kept) health.outbox = outbox;
  return health;
}

bool is_backlog_late(const Health& health, std::int64_t max_age) {
  return health.outbox && health.outbox->oldest > 0 && health.now - health.outbox->oldest > max_age;
}

std::string health_json(const Health& health) {
  Json json;
  json["time"] = health.now;
  json["acknowledgements_pending"] = health.acknowledgements.pending;
  json["acknowledgements_failed"] = health.acknowledgements.failed;
  json["messages_not_fetched"] = health.acknowledgements.unfetched;
  json["messages_withheld"] = health.acknowledgements.withheld;
  if (health.outbox)
    json["cluster_backlog"] = {{"reports", health.outbox->reports},
                               {"records", health.outbox->records},
                               {"oldest", health.outbox->oldest > 0 ? Json(health.outbox->oldest) : Json(nullptr)}};
  if (health.unread) {
    json["unreadable"] = Json::array();
    for (const auto& entry : *health.unread)
      json["unreadable"].push_back({{"source", entry.source},
                                    {"reason", entry.reason},
                                    {"since", entry.first_seen},
                                    {"last_seen", entry.last_seen}});
  }
  json["sources"] = Json::array();
  for (const auto& state : health.sources) json["sources"].push_back(to_json(state));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string health_metrics(const Health& health) {
  struct Metric {
    std::string_view name, type, help;
    std::int64_t (*value)(const store::SourceState&);
  };
  constexpr Metric metrics[] = {
      {"ruaudit_source_last_success_timestamp_seconds", "gauge", "End of the last successful visit, 0 for none.",
       [](const store::SourceState& s) { return s.last_success.value_or(0); }},
      {"ruaudit_source_last_attempt_timestamp_seconds", "gauge", "End of the last visit.",
       [](const store::SourceState& s) { return s.last_attempt; }},
      {"ruaudit_source_failures", "gauge", "Visits that failed since the last successful one.",
       [](const store::SourceState& s) { return s.failures; }},
      {"ruaudit_source_messages_total", "counter", "Messages read.",
       [](const store::SourceState& s) { return s.messages; }}};
  std::string out;
  for (const Metric& metric : metrics) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", metric.name, metric.help, metric.name, metric.type);
    for (const auto& state : health.sources)
      out += fmt::format("{}{{source=\"{}\"}} {}\n", metric.name, label(state.source), metric.value(state));
  }
  const auto& counts = health.acknowledgements;
  out +=
      "# HELP ruaudit_acknowledgements Messages waiting to be moved, flagged or deleted.\n"
      "# TYPE ruaudit_acknowledgements gauge\n";
  out += fmt::format("ruaudit_acknowledgements{{state=\"pending\"}} {}\n", counts.pending);
  out += fmt::format("ruaudit_acknowledgements{{state=\"failed\"}} {}\n", counts.failed);
  out +=
      "# HELP ruaudit_messages_not_fetched Requested messages that never arrived.\n"
      "# TYPE ruaudit_messages_not_fetched gauge\n";
  out += fmt::format("ruaudit_messages_not_fetched {}\n", counts.unfetched);
  out +=
      "# HELP ruaudit_messages_withheld Messages that were requested three times or more and never arrived.\n"
      "# TYPE ruaudit_messages_withheld gauge\n";
  out += fmt::format("ruaudit_messages_withheld {}\n", counts.withheld);
  if (!health.outbox) return out;
  out +=
      "# HELP ruaudit_cluster_backlog_reports Reports waiting to be shipped to the cluster.\n"
      "# TYPE ruaudit_cluster_backlog_reports gauge\n";
  return out + fmt::format("ruaudit_cluster_backlog_reports {}\n", health.outbox->reports);
}

model::Result<void> write_health(store::Database& database, const config::General& general) {
  if (general.health_file.empty() && general.metrics_file.empty()) return {};
  TRY(const auto health, read_health(database, epoch_now()));
  if (!general.health_file.empty()) TRY_VOID(put_file(general.health_file, health_json(health)));
  if (!general.metrics_file.empty()) TRY_VOID(put_file(general.metrics_file, health_metrics(health)));
  return {};
}

}  // namespace ruaudit::jobs
