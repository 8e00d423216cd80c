// Failure samples under the change: unlike aggregate rows they name the whole envelope sender. Each is judged again
// with it, with the signatures as they were verified.
#pragma once
#include <string>

#include "jobs/simulate/policy_replay.hpp"
#include "jobs/simulate/spf_replay.hpp"
#include "model/result.hpp"
#include "model/simulation.hpp"

namespace ruaudit::jobs {

struct SampleRequest {
  std::string database{}, domain{}, first_day{}, last_day{};
  bool removes_keys = false;
};
// `spf` is null where no SPF record changes.
model::Result<model::simulation::SampleSums> replay_samples(const SampleRequest& request, PolicyReplay& policies,
                                                            const SpfReplay* spf);

}  // namespace ruaudit::jobs
