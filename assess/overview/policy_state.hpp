// Which DMARC policy a domain has, and since when: from the states of its record in DNS, else from what reporters saw.
#pragma once
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "model/overview.hpp"

namespace ruaudit::assess {

// `seen`: policies of that domain in reports, in any order. Without both, `p` is absent.
model::PolicyState policy_state(const std::string& domain, const std::vector<model::DnsRecordState>& records,
                                const std::vector<model::PolicyFacts>& seen);

}  // namespace ruaudit::assess
