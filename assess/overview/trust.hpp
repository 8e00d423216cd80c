// How much of a domain's figures rests on reports that do not prove where they come from, on rows that contradict
// themselves, and on reports of which two versions differ; and what helps.
#pragma once
#include <string>
#include <vector>

#include "model/overview.hpp"

namespace ruaudit::assess {

std::vector<std::string> trust_remedies(const model::TrustShare& trust);

}  // namespace ruaudit::assess
