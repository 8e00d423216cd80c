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
  std::vector<std::string> used_terms;      // sorted; of senders, as `enrich` found them
  std::int64_t days = 0;                    // with a report
  std::int64_t evaluated_sources = 0;       // of senders, for which SPF was asked
  std::int64_t tls_reports = 0;
  std::string last_tls_day{};         // "" where there is none
  std::string last_tls_policy_day{};  // of those that saw an MTA-STS policy
};
struct KnownSince {         // 'YYYY-MM-DD'
  std::string selectors{};  // signatures
  std::string senders{};    // all else
};
model::Result<KnownDomain> known_domain(Database& database, const std::string& domain, const KnownSince& since);

}  // namespace ruaudit::store
