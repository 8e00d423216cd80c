// Which rows count, as conditions for the tables of one shard: those of committed batches, and of several versions of a
// report those of the one that docs/identity.md chooses. Versions of a report lie on one shard, so the subqueries ask
// that shard's own tables, also inside a query over a Distributed table.
//
//   committed   the batch has a row with state 1 and none with a higher one
//   current     of an ingester's versions of one key the header with the greatest serial
//   copies      current headers of equal content are one version, authenticated where one is, seen first when the first
//               of them was; its rows are those of any header that has them, current ones before others
//   winner      undamaged before damaged, authenticated before not, of damaged ones the longest, then the first (in the
//               same second that of the lower ingester number, then that of the lower report key)
//
// Only identities in contested_local are looked at: where there are several headers they are in it before the batch of
// the later one is committed (cluster/ship/ship.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace ruaudit::cluster {

// Several subqueries of one question each look at the commits; `until` makes them look at the same ones: those of this
// second (epoch) and before. A server that has not fetched everything of that time refuses
// (cluster/replica/replica.hpp).
using Moment = std::optional<std::uint64_t>;

// "batch IN (...)"
std::string committed_condition(const std::string& database, Moment until = {});

// "committed AND (identity_key, batch) NOT IN (...)": rows that count.
std::string counted_condition(const std::string& database, Moment until = {});

// The same for rows of versions that are kept: each content once, whether it counts or not.
std::string kept_condition(const std::string& database);

// "(SELECT identity_key ...)": reports of which several contents are kept.
std::string several_versions(const std::string& database);

// "(SELECT identity_key, ... b, b_origin, first, first_ingester, first_version ...)": the copies that are kept of the
// reports whose headers `headers` selects, "(SELECT * FROM ...)": b is the batch of the rows, b_origin the one with
// which they came, and in the order of the other three they were seen.
std::string copies_of(const std::string& headers);

}  // namespace ruaudit::cluster
