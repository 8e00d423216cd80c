// What TLS reports of a period add up to, per policy domain, for the summary.
#pragma once
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "store/sqlite/read_connection.hpp"
#include "store/summary/queries.hpp"

namespace ruaudit::store {

// Counted reports whose midpoint lies in the period; most failed sessions first, then by name.
model::Result<std::vector<model::TlsSum>> tls_sums(const ReadConnection& connection, const SummaryRequest& request);

}  // namespace ruaudit::store
