#include "cli/steps/judge_request.hpp"

#include "jobs/process/clock.hpp"

namespace ruaudit::cli {
namespace {

std::vector<std::string> texts_of(const std::vector<model::Domain>& domains) {
  std::vector<std::string> texts;
  for (const auto& domain : domains) texts.push_back(domain.text());
  return texts;
}

}  // namespace

jobs::JudgeRequest judge_request(const config::General& general, std::vector<std::string> domains) {
  return {.domains = std::move(domains),
          .own_domains = texts_of(general.domains),
          .parked_domains = texts_of(general.parked),
          .service_files = general.service_files,
          .report_addresses = general.rua,
          .now = jobs::epoch_now()};
}

}  // namespace ruaudit::cli
