// The anonymiser over an input that nobody vouches for: in a process without rights (jobs/confined/call.hpp).
#pragma once
#include <string>

#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/confined/call.hpp"

namespace ruaudit::jobs {

struct Anonymised {
  std::string octets;
  AnonymiserCounts counts;
};

model::Result<Anonymised> anonymise_confined(store::Redactor& redactor, const std::string& octets,
                                             const ConfinedWork& how);

}  // namespace ruaudit::jobs
