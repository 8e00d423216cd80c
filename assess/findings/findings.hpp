// All findings of one moment: a pure function of the situation. Ordered by severity, then by harm to the owner's own
// mail, then by messages; the ids are unique.
#pragma once
#include <vector>

#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

std::vector<model::Finding> findings(const Situation& situation);

}  // namespace ruaudit::assess
