#include "cli/options/dns_options.hpp"

#include "cli/options/configuration_options.hpp"

namespace ruaudit::cli {

bool is_offline(const Options& options) {
  if (options.has("offline")) return true;
  return jobs::is_offline_by_environment() && !options.has("zone") && !options.has("resolver");
}

model::Result<jobs::DnsSource> open_dns(const Options& options) {
  jobs::DnsRequest request{.zone = options.value("zone"),
                           .evidence = options.value("evidence"),
                           .server = options.value("resolver"),
                           .usual_server = {}};
  if (!request.zone && !request.evidence && !request.server) {
    TRY(const auto loaded, load_configuration(options));
    request.usual_server = loaded.configuration.general.resolver;
  }
  return jobs::DnsSource::open(request);
}

}  // namespace ruaudit::cli
