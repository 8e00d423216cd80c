// Reads what an overview rests on and makes it. Of a large file the answer is kept beside the facts, where the file may
// be written to; nothing else is written.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "assess/overview/overview.hpp"
#include "jobs/digest/judgement.hpp"
#include "model/overview.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct OverviewOrder {
  JudgeRequest judge{};  // its domains are not read: those of `overview` count
  assess::OverviewRequest overview{};
  bool has_receivers = false;  // read the rows of the big receivers, which takes longer
  // Streams (a domain, a source, what it proves) from which on the answer is kept: judging fewer takes no time.
  std::size_t keep_from = 50'000;
};

// The current findings of all domains, for a reader without earlier digests.
model::Result<std::vector<model::Finding>> current_findings(store::Database& database, const OverviewOrder& order);

model::Result<model::Overview> make_overview(store::Database& database, const OverviewOrder& order);
// The same of what was judged already; its findings become those for a reader without earlier digests.
model::Result<model::Overview> make_overview(store::Database& database, Judgement& judgement,
                                             const OverviewOrder& order);

}  // namespace ruaudit::jobs
