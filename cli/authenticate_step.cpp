#include "cli/authenticate_step.hpp"

#include <fmt/format.h>

#include "cli/configuration_options.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

constexpr std::size_t patience_of_a_step = 3;  // mails without an answer; ingest is not to hang

model::Result<verify::authenticity::SameOrganization> pair_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return model::failure("usage", fmt::format("--same-organization '{}' is no pair", text),
                          "example: outlook.com=microsoft.com");
  auto one = model::Domain::parse(text.substr(0, equals)), other = model::Domain::parse(text.substr(equals + 1));
  if (!one || !other) return model::failure("usage", "--same-organization: " + (one ? other : one).error().message);
  return verify::authenticity::SameOrganization{std::move(*one), std::move(*other)};
}

// The mails that wait may be of any mailbox.
std::vector<std::string> trusted_names(const config::Configuration& configuration) {
  auto names = configuration.general.trusted_authserv_ids;
  for (const auto& mailbox : configuration.mailboxes)
    names.insert(names.end(), mailbox.trusted_authserv_ids.begin(), mailbox.trusted_authserv_ids.end());
  return names;
}

model::Result<StepResult> step(const Options& options, store::Database& database,
                               const verify::suffix::PublicSuffixList& list) {
  TRY(auto plan, authenticate_plan(options));
  if (is_offline(options)) return judge_waiting(std::move(plan), database, {}, list, jobs::stop_requested);
  const OpenDns open = [&options]() -> model::Result<DnsSource> {
    TRY(const auto server, configured_server(options));
    return DnsSource::open(options, server);
  };
  return judge_waiting(std::move(plan), database, open, list, jobs::stop_requested);
}

}  // namespace

std::vector<std::string> lines_of(const StepResult& result) {
  std::vector<std::string> lines;
  if (result.counts.mails > 0) lines.push_back(jobs::closing_line(result.counts));
  if (result.left > 0)
    lines.push_back(fmt::format("DNS does not answer: {} {} for `ruaudit authenticate`", result.left,
                                result.left == 1 ? "mail waits" : "mails wait"));
  return lines;
}

model::Result<StepResult> judge_waiting(jobs::AuthenticatePlan plan, store::Database& database, const OpenDns& open,
                                        const verify::suffix::PublicSuffixList& list,
                                        const std::function<bool()>& stop) {
  plan.give_up_after = patience_of_a_step;
  StepResult result;
  TRY(const auto waiting, store::count_carriers(database, plan.request));
  if (waiting == 0) return result;
  std::optional<DnsSource> source;
  if (open) {
    TRY(source, open());
    if (!source->is_answering()) source.reset();
  }
  TRY(result.counts, jobs::authenticate(plan, database, source ? &source->resolver() : nullptr, list, stop));
  if (open && !source) result.left = waiting - result.counts.mails;
  return result;
}

model::Result<jobs::AuthenticatePlan> authenticate_plan(const Options& options) {
  jobs::AuthenticatePlan plan;
  plan.now = jobs::epoch_now();
  plan.trust.hosts = options.list("trusted-authserv-id");
  if (plan.trust.hosts.empty()) {
    TRY(const auto loaded, load_configuration(options));
    plan.trust.hosts = trusted_names(loaded.configuration);
  }
  for (const auto& text : options.list("same-organization")) {
    TRY(auto pair, pair_of(text));
    plan.same.push_back(std::move(pair));
  }
  return plan;
}

model::Result<std::string> configured_server(const Options& options) {
  if (const auto server = options.value("resolver")) return *server;
  TRY(const auto loaded, load_configuration(options));
  return loaded.configuration.general.resolver;
}

void authenticate_new(const Options& options, jobs::Console& console, store::Database& database,
                      const verify::suffix::PublicSuffixList& list) {
  const auto done = step(options, database, list);
  if (!done) return jobs::print_error(console, done.error());
  if (options.has("quiet")) return;
  for (const auto& line : lines_of(*done)) console.err << line << '\n';
}

}  // namespace ruaudit::cli
