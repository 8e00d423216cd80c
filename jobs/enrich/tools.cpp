#include "jobs/enrich/tools.hpp"

#include "jobs/judge/service_lists.hpp"

namespace ruaudit::jobs {

model::Result<EnrichTools> enrich_tools(const config::General& general, std::int64_t now) {
  EnrichPlan plan{.now = now, .domains = {}};
  for (const auto* list : {&general.domains, &general.parked})
    for (const auto& domain : *list) plan.domains.push_back(domain.text());
  TRY(auto networks, NetworkFiles::open(general.network_files));
  TRY(auto services, services_with(general.service_files));
  return EnrichTools{std::move(plan), std::move(networks), std::move(services)};
}

}  // namespace ruaudit::jobs
