#include "cli/options/dns_options.hpp"

namespace ruaudit::cli {

bool is_offline(const Options& options) {
  if (options.has("offline")) return true;
  return jobs::is_offline_by_environment() && !options.has("zone") && !options.has("resolver");
}

model::Result<jobs::DnsSource> open_dns(const Options& options, const std::string& usual_server) {
  return jobs::DnsSource::open({.zone = options.value("zone"),
                                .evidence = options.value("evidence"),
                                .server = options.value("resolver"),
                                .usual_server = usual_server});
}

}  // namespace ruaudit::cli
