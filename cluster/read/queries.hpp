// The named queries of `ruaudit query` (store/care/named_queries.cpp) as a cluster answers them: the same names,
// columns and rows. Those about judgement and the ledger are not in the cluster.
#pragma once
#include <string>
#include <string_view>

#include "cluster/schema/counted.hpp"
#include "cluster/server/client.hpp"
#include "model/result_table.hpp"

namespace ruaudit::cluster {

// Error "query-name" lists those that a cluster answers.
model::Result<std::string> cluster_query(std::string_view name, const std::string& database, Moment until = {});

// Numbers as numbers, all else as text.
model::ResultTable table_of(const Rows& rows);

// Asks one server, which asks the others, of one moment: a report that changes in the meantime counts once. Errors:
// those of connect_reader() for every shard.
model::Result<model::ResultTable> run_cluster_query(const Place& place, std::string_view name);

}  // namespace ruaudit::cluster
