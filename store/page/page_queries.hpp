// What the page shows beside the facts of judgement: policies that reporters saw, failure reports and TLS
// reports of some days.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/page_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct PageDays {
  std::int32_t first = 0, last = 0;  // days since 1970-01-01, both included
};

// By first day; p and sp are the tokens of the reports.
model::Result<std::vector<model::PagePolicy>> page_policies(Database& database, const std::string& domain,
                                                            PageDays days);

// Failure reports about mail in the name of the domain, or of a name below it, latest first, at most `most`.
struct PageSamples {
  std::vector<model::PageSample> samples{};
  std::int64_t left_out = 0;
};
model::Result<PageSamples> page_samples(Database& database, const std::string& domain, PageDays days, std::size_t most);

// What counted TLS reports tell of the policy domain.
model::Result<model::PageTls> page_tls(Database& database, const std::string& domain, PageDays days);

}  // namespace ruaudit::store
