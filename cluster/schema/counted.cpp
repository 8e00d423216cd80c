#include "cluster/schema/counted.hpp"

#include <fmt/format.h>

#include "cluster/replica/replica.hpp"

namespace ruaudit::cluster {
namespace {

// {0}: the database; {1}: the condition "committed".
constexpr const char* contested_headers =
    "(SELECT * FROM {0}.by_identity_local WHERE identity_key IN (SELECT identity_key FROM {0}.contested_local) AND "
    "{1})";

// One row for each content that an ingester claims: b, the batch whose rows say it. They may be rows that their own
// ingester has replaced, or has no more: what is claimed is the content.
constexpr const char* copies_sql = R"(
  (SELECT identity_key, content_hash, damaged, max(is_current * authenticated) AS is_authenticated,
    if(is_authenticated = 1, argMax(batch, (kind, authenticated, is_current, -first_seen, batch)),
      argMax(batch, (kind, 1 - authenticated, is_current, -first_seen, batch))) AS b,
    if(is_authenticated = 1, argMax(origin, (kind, authenticated, is_current, -first_seen, batch)),
      argMax(origin, (kind, 1 - authenticated, is_current, -first_seen, batch))) AS b_origin,
    max(if(damaged = 1, records, 0)) AS length,
    min(if(is_current = 1, first_seen, toInt64(9223372036854775807))) AS first,
    argMin(ingester, (1 - is_current, first_seen, ingester, version)) AS first_ingester,
    argMin(version, (1 - is_current, first_seen, ingester, version)) AS first_version
  FROM (SELECT *, toUInt8((identity_key, batch) IN (SELECT identity_key, argMax(batch, (serial, batch))
      FROM {0} GROUP BY identity_key, ingester, version)) AS is_current FROM {0})
  WHERE kind > 0 GROUP BY identity_key, content_hash, damaged HAVING max(kind) = 2 AND max(is_current) = 1))";

constexpr const char* winners_sql =
    "(SELECT identity_key, argMax(b, (1 - damaged, is_authenticated, length, -first, bitNot(first_ingester), "
    "bitNot(first_version))) FROM {}"
    " GROUP BY identity_key)";

constexpr const char* others_sql =
    "{} AND (identity_key, batch) NOT IN (SELECT identity_key, batch FROM {} WHERE (identity_key, batch) NOT IN {})";

}  // namespace

std::string committed_condition(const std::string& database, Moment until) {
  const std::string where = until ? fmt::format(" WHERE toUInt32(made_at) <= {}", *until) : "";
  // Each server that a question comes to looks after itself: which of a shard's it is, the one that is asked decides.
  const std::string if_complete = until ? fmt::format(" AND throwIf({} > 0) = 0", missing_parts(database, *until)) : "";
  return fmt::format("batch IN (SELECT batch FROM {}.batch_local{} GROUP BY batch HAVING max(state) = 1{})", database,
                     where, if_complete);
}

std::string copies_of(const std::string& headers) { return fmt::format(copies_sql, headers); }

std::string counted_condition(const std::string& database, Moment until) {
  const auto headers = fmt::format(contested_headers, database, committed_condition(database, until));
  const auto winners = fmt::format(winners_sql, fmt::format(copies_sql, headers));
  return fmt::format(others_sql, committed_condition(database, until), headers, winners);
}

std::string kept_condition(const std::string& database) {
  const auto headers = fmt::format(contested_headers, database, committed_condition(database));
  const auto kept = fmt::format("(SELECT identity_key, b FROM {})", fmt::format(copies_sql, headers));
  return fmt::format(others_sql, committed_condition(database), headers, kept);
}

std::string several_versions(const std::string& database) {
  const auto headers = fmt::format(contested_headers, database, committed_condition(database));
  return fmt::format("(SELECT identity_key FROM {} GROUP BY identity_key HAVING count() > 1)",
                     fmt::format(copies_sql, headers));
}

}  // namespace ruaudit::cluster
