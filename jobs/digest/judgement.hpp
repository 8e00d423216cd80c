// One moment as judgement sees it: the facts read, the classes of all sources, the situation made of them, and its
// findings. Kept together, since each points into the one before.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "assess/class_index.hpp"
#include "assess/findings/situation.hpp"
#include "jobs/digest/judge_request.hpp"
#include "model/facts/intake_facts.hpp"
#include "model/facts/tls_facts.hpp"
#include "model/finding.hpp"
#include "store/facts/sender_facts.hpp"

namespace ruaudit::jobs {

struct Judgement {
  store::ReceivedFacts sources;  // received: where it was asked for
  model::IntakeFacts intake;
  model::TlsFacts tls;
  assess::ClassIndex classes;
  assess::Situation situation;
  std::vector<model::Finding> findings;  // of all domains, whatever was asked for
};

model::Result<std::unique_ptr<Judgement>> read_judgement(store::Database& database, const JudgeRequest& request,
                                                         std::int64_t told_until,
                                                         std::optional<std::int64_t> received_since = std::nullopt);

// The findings again, as of another last digest. Facts and classes, which cost most, are the same.
void find_anew(Judgement& judgement, std::int64_t told_until);

}  // namespace ruaudit::jobs
