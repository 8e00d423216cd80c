#include "jobs/enrich/tools.hpp"

#include <fstream>
#include <sstream>

namespace ruaudit::jobs {

model::Result<assess::ServiceTable> services_with(const std::vector<std::string>& paths) {
  auto table = assess::ServiceTable::built_in();
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    if (file) text << file.rdbuf();
    if (!file) return model::failure("services", path + ": cannot be read", "service_files names lists of services");
    const auto own = assess::ServiceTable::parse(text.str());
    if (!own) return model::failure(own.error().in(path));
    table = table.joined_with(*own);
  }
  return table;
}

model::Result<EnrichTools> enrich_tools(const config::General& general, std::int64_t now) {
  EnrichPlan plan{.now = now, .domains = {}};
  for (const auto* list : {&general.domains, &general.parked})
    for (const auto& domain : *list) plan.domains.push_back(domain.text());
  TRY(auto networks, NetworkFiles::open(general.network_files));
  TRY(auto services, services_with(general.service_files));
  return EnrichTools{std::move(plan), std::move(networks), std::move(services)};
}

}  // namespace ruaudit::jobs
