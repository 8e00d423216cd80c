// What `enrich` works with besides the database and DNS, as the configuration says it: the owner's domains, the files
// of networks, the lists of services.
#pragma once
#include "config/configuration.hpp"
#include "jobs/enrich/enrich.hpp"

namespace ruaudit::jobs {

struct EnrichTools {
  EnrichPlan plan;
  NetworkFiles networks;
  assess::ServiceTable services;
};
// Errors: network-file, services.
model::Result<EnrichTools> enrich_tools(const config::General& general, std::int64_t now);

}  // namespace ruaudit::jobs
