#include "cli/options/dns_options.hpp"

#include "cli/options/configuration_options.hpp"

namespace ruaudit::cli {

bool is_offline(const Options& options) {
  if (options.has("offline")) return true;
  return jobs::is_offline_by_environment() && !options.has("zone") && !options.has("resolver");
}

namespace {

jobs::DnsRequest request_of(const Options& options) {
  return {.zone = options.value("zone"),
          .evidence = options.value("evidence"),
          .server = options.value("resolver"),
          .usual_server = {}};
}

bool is_of_configuration(const jobs::DnsRequest& request) {
  return !request.zone && !request.evidence && !request.server;
}

}  // namespace

model::Result<jobs::DnsSource> open_dns(const Options& options) {
  auto request = request_of(options);
  if (is_of_configuration(request)) {
    TRY(const auto loaded, load_configuration(options));
    request.usual_server = loaded.configuration.general.resolver;
  }
  return jobs::DnsSource::open(request);
}

model::Result<jobs::DnsSource> open_dns(const Options& options, jobs::Console& console) {
  auto request = request_of(options);
  if (is_of_configuration(request)) {
    const auto loaded = load_configuration(options);
    if (loaded) {
      request.usual_server = loaded->configuration.general.resolver;
    } else if (options.has("config") || options.has("set")) {
      return model::failure(loaded.error());
    } else {
      jobs::print_error(console, {loaded.error().code, loaded.error().message,
                                  "the system's name servers are asked; --resolver or --config names others"});
    }
  }
  return jobs::DnsSource::open(request);
}

}  // namespace ruaudit::cli
