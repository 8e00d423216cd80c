#include "cli/steps/authenticate_step.hpp"

#include <fmt/format.h>

#include "cli/options/configuration_options.hpp"
#include "cli/steps/confinement.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {
namespace {

model::Result<verify::authenticity::SameOrganization> pair_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return model::failure("usage", fmt::format("--same-organization '{}' is not a pair", text),
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

model::Result<jobs::StepResult> step(const Options& options, jobs::Console& console, store::Database& database,
                                     const verify::suffix::PublicSuffixList& list) {
  TRY(auto plan, authenticate_plan(options));
  plan.judging = judging_of(options, console);
  if (is_offline(options)) return jobs::judge_waiting(std::move(plan), database, {}, list, jobs::stop_requested);
  const jobs::OpenDns open = [&options] { return open_dns(options); };
  return jobs::judge_waiting(std::move(plan), database, open, list, jobs::stop_requested);
}

}  // namespace

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

void authenticate_new(const Options& options, jobs::Console& console, store::Database& database,
                      const verify::suffix::PublicSuffixList& list) {
  const auto done = step(options, console, database, list);
  if (!done) return jobs::print_error(console, done.error());
  if (options.has("quiet")) return;
  for (const auto& line : jobs::lines_of(*done)) console.err << line << '\n';
}

}  // namespace ruaudit::cli
