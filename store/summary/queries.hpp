// Reads what a summary shows from the database: totals from the roll-up by day, sources from the roll-up by month,
// and rows of records only for the few top sources and for the parts of a period that no roll-up covers (a time zone's
// partial days, partial months, reports that overlap). One consistent snapshot; the database is not written.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "model/result.hpp"

namespace ruaudit::store {

// midpoint: a report belongs to the one period that holds its midpoint, so that periods add up. overlap: to every
// period it touches: begin < :end AND max(end, begin + 1) > :begin.
enum class Membership : std::uint8_t { midpoint, overlap };

// authenticated: only reports whose mail proved where they come from take part in sums.
enum class Admission : std::uint8_t { all, authenticated };

struct SummaryRequest {
  std::vector<std::string> domains;  // policy domains, lower-case A-labels; empty = all
  model::Period period;
  Membership membership = Membership::midpoint;
  Admission admission = Admission::all;
  std::size_t top_sources = 10;       // per domain and list
  std::int64_t detail_rows = 20'000;  // rows of records read for the details of all listed sources together
};

// Errors: "database-open", "database".
model::Result<model::SummaryFacts> read_summary_facts(const std::string& database_path, const SummaryRequest& request);

}  // namespace ruaudit::store
