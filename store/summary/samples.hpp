// How many samples of failure reports back a source of a summary, by conclusion. Reads through the summary's
// connection; a database without failure reports costs one look at their table. One thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "store/sqlite/read_connection.hpp"

namespace ruaudit::store {

class SourceSampleReader {
 public:
  static model::Result<SourceSampleReader> create(const ReadConnection& connection, const model::Period& period);
  // Samples of that source whose From is of the policy domain or below it, and which arrived in the period.
  model::Result<std::vector<model::SampleCount>> read(const std::string& address, const std::string& domain);

 private:
  explicit SourceSampleReader(const model::Period& period) : period_(period) {}
  model::Period period_;
  std::optional<ReadStatement> rows_;  // absent: there are no failure reports at all
};

}  // namespace ruaudit::store
