// Who the listed sources are: the domains that did authenticate, senders, reporters and override reasons of their
// latest rows, read through the index by source and bounded in number. Part of summary_queries; see there.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "store/sqlite/read_connection.hpp"
#include "store/summary/selection.hpp"

namespace ruaudit::store {

class SourceDetailReader {
 public:
  // At most `rows_per_source` rows of the selection are used of each source, out of four times as many looked at.
  static model::Result<SourceDetailReader> create(const ReadConnection& connection, const Selection& selection,
                                                  std::int64_t rows_per_source);
  model::Result<model::SourceDetails> read(std::size_t domain, std::int64_t source_id);
  model::Result<std::string> address(std::int64_t source_id);

 private:
  struct Verdict {  // what of a row's results the details tell
    std::vector<std::string> dkim_domains, spf_domains, failed_dkim_domains, overrides, arc_domains;
  };
  struct Statements {
    ReadStatement rows, auth_results, overrides, source;
  };
  SourceDetailReader(const Selection& selection, std::int64_t rows, Statements statements)
      : selection_(&selection), rows_per_source_(rows), statements_(std::move(statements)) {}
  model::Result<const Verdict*> verdict(std::int64_t id);

  const Selection* selection_;
  std::int64_t rows_per_source_;
  Statements statements_;
  std::unordered_map<std::int64_t, Verdict> verdicts_;
};

}  // namespace ruaudit::store
