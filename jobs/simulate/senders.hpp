// Who each address of a replay is: as `enrich` judged it last, and judged now where it has not.
#pragma once
#include "assess/simulate/sum.hpp"
#include "jobs/simulate/simulate.hpp"
#include "model/replay.hpp"

namespace ruaudit::jobs {

model::Result<assess::simulate::Sum::Senders> senders_of(const model::Replay& replay, const SimulateRequest& request,
                                                         const assess::ServiceTable& services);

// Whether the name that an owner uses for a service ("mailchimp") means the one of this name.
bool is_service_named(const assess::ServiceTable& services, const std::string& service, const std::string& word);

}  // namespace ruaudit::jobs
