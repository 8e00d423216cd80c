// The facts of the page: reads what is judged, classes the sources, finds, and sums up some days of it. The findings
// are those of `show` at the same moment. Saves nothing. Error: page-days (the first day is yet to come).
#pragma once
#include <cstdint>
#include <optional>

#include "jobs/digest/make_digest.hpp"
#include "model/facts/page_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct PageRequest {
  JudgeRequest judge{};  // domains: those to show; empty: all
  // The days end with the last complete one before `judge.now`; where nobody reported on any of them and no first day
  // is asked for, with the last that was reported on.
  std::int32_t days = 90;
  std::optional<std::int32_t> first_day{};  // days since 1970-01-01
};
model::Result<model::PageFacts> make_page(store::Database& database, const PageRequest& request);

}  // namespace ruaudit::jobs
