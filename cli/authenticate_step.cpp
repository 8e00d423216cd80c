#include "cli/authenticate_step.hpp"

#include <fmt/format.h>

#include "cli/clock.hpp"
#include "cli/configuration_options.hpp"
#include "cli/signals.hpp"

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

model::Result<void> step(const Options& options, Console& console, store::Database& database,
                         const verify::suffix::PublicSuffixList& list) {
  TRY(auto plan, authenticate_plan(options));
  plan.give_up_after = patience_of_a_step;
  TRY(const auto waiting, store::count_carriers(database, plan.request));
  if (waiting == 0) return {};
  std::optional<DnsSource> source;
  if (!is_offline(options)) {
    TRY(const auto server, configured_server(options));
    TRY(source, DnsSource::open(options, server));
    if (!source->is_answering()) source.reset();
  }
  const bool is_silent = !source && !is_offline(options);
  TRY(const auto counts, authenticate(plan, database, source ? &source->resolver() : nullptr, list, stop_requested));
  if (options.has("quiet")) return {};
  if (counts.mails > 0) console.err << closing_line(counts) << '\n';
  if (is_silent && waiting > counts.mails)
    console.err << fmt::format("DNS does not answer: {} wait for `ruaudit authenticate`\n", waiting - counts.mails);
  return {};
}

}  // namespace

model::Result<AuthenticatePlan> authenticate_plan(const Options& options) {
  AuthenticatePlan plan;
  plan.now = epoch_now();
  plan.trust.hosts = options.list("trusted-authserv-id");
  if (plan.trust.hosts.empty()) {
    TRY(const auto loaded, load_configuration(options));
    plan.trust.hosts = loaded.configuration.general.trusted_authserv_ids;
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

void authenticate_new(const Options& options, Console& console, store::Database& database,
                      const verify::suffix::PublicSuffixList& list) {
  if (const auto done = step(options, console, database, list); !done) print_error(console, done.error());
}

}  // namespace ruaudit::cli
