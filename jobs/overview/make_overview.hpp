// Reads what an overview rests on and makes it. Nothing is written.
#pragma once
#include <cstdint>
#include <optional>

#include "assess/overview/overview.hpp"
#include "jobs/digest/judgement.hpp"
#include "model/overview.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct OverviewOrder {
  JudgeRequest judge{};  // its domains are not read: those of `overview` count
  assess::OverviewRequest overview{};
  bool has_receivers = false;  // read the rows of the big receivers, which takes longer
};

model::Result<model::Overview> make_overview(store::Database& database, const OverviewOrder& order);
// The same of what was judged already; its findings become those of a reader who was told nothing yet.
model::Result<model::Overview> make_overview(store::Database& database, Judgement& judgement,
                                             const OverviewOrder& order);

}  // namespace ruaudit::jobs
