// What a judgement needs of the configuration, at the clock's time.
#pragma once
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "jobs/digest/make_digest.hpp"

namespace ruaudit::cli {

jobs::JudgeRequest judge_request(const config::General& general, std::vector<std::string> domains);

}  // namespace ruaudit::cli
