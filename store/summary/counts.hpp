// ClassSum of a summary: result classes and sources per selected domain, from roll-ups where they cover the period and
// from rows of records elsewhere. Part of summary_queries; see there.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "store/sqlite/read_connection.hpp"
#include "store/summary/selection.hpp"
#include "store/summary/source_table.hpp"

namespace ruaudit::store {

struct ClassSum {
  std::int64_t records = 0, messages = 0;
};
using ClassSums = std::map<model::ResultClass, ClassSum>;

// What rows of records add to the roll-ups, per domain of the selection.
struct RowSums {
  std::vector<ClassSums> classes;
  std::vector<SourceTable> sources;
};
model::Result<RowSums> sum_rows(const ReadConnection& connection, const Selection& selection);

// Adds the roll-ups of one domain.
model::Result<void> add_day_rollup(const ReadConnection& connection, const Selection& selection, std::size_t domain,
                                   ClassSums& sums);
model::Result<void> add_month_rollup(const ReadConnection& connection, const Selection& selection, std::size_t domain,
                                     SourceTable& sources);

}  // namespace ruaudit::store
