#include "store/summary/samples.hpp"

namespace ruaudit::store {

using model::Result;

Result<SourceSampleReader> SourceSampleReader::create(const ReadConnection& connection, const model::Period& period) {
  SourceSampleReader reader(period);
  TRY(auto any, ReadStatement::prepare(connection, "SELECT 1 FROM failure_report WHERE kind = 'auth-failure' LIMIT 1"));
  TRY(const bool has_any, any.step());
  if (!has_any) return reader;
  TRY(auto rows, ReadStatement::prepare(
                     connection,
                     "SELECT coalesce(r.conclusion, 'unverified') AS conclusion, count(*) AS samples "
                     "FROM failure_report f LEFT JOIN failure_result r ON r.failure_id = f.id AND r.is_current = 1 "
                     "WHERE f.source_ip = ?1 AND f.kind = 'auth-failure' AND f.at >= ?3 AND f.at < ?4 "
                     "AND (f.header_from = ?2 OR substr(f.header_from, -length(?2) - 1) = '.' || ?2) "
                     "GROUP BY 1 ORDER BY 2 DESC, 1"));
  reader.rows_.emplace(std::move(rows));
  return reader;
}

Result<std::vector<model::SampleCount>> SourceSampleReader::read(const std::string& address,
                                                                 const std::string& domain) {
  std::vector<model::SampleCount> counts;
  if (!rows_) return counts;
  rows_->bind(1, address).bind(2, domain).bind(3, period_.begin).bind(4, period_.end);
  TRY_VOID(for_each_row(*rows_, [&counts](const ReadStatement& row) {
    counts.push_back({std::string(row.text(0)), row.integer(1)});
  }));
  return counts;
}

}  // namespace ruaudit::store
