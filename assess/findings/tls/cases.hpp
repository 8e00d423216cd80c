// Failures of SMTP TLS reports, one case for each domain and result type that is not over.
#pragma once
#include <vector>

#include "assess/findings/tls/tls.hpp"

namespace ruaudit::assess::tls {

std::vector<Case> open_cases(const Situation& situation, const Belief& belief);

}  // namespace ruaudit::assess::tls
