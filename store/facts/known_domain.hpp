// Of a domain whose records are checked: selectors of its signatures that passed lately, and the terms of its SPF
// record that let reported senders pass.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct KnownDomain {
  std::vector<std::string> seen_selectors;  // sorted
  std::vector<std::string> used_terms;      // sorted; of senders since first_day, as `enrich` found them
  std::int64_t days = 0;                    // with a report since first_day
  std::int64_t evaluated_sources = 0;       // of senders since first_day, for which SPF was asked
};
model::Result<KnownDomain> known_domain(Database& database, const std::string& domain, const std::string& first_day);

}  // namespace ruaudit::store
