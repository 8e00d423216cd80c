#include "cluster/care/care.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

constexpr std::size_t batches_of_a_statement = 1000;

// Calls use("1, 2, 3") for some batches at a time.
template <class Use>
model::Result<void> each_list(const std::vector<std::uint64_t>& batches, const Use& use) {
  for (std::size_t from = 0; from < batches.size(); from += batches_of_a_statement) {
    std::string list;
    for (std::size_t i = from; i < std::min(batches.size(), from + batches_of_a_statement); ++i)
      list += fmt::format("{}{}", list.empty() ? "" : ", ", batches[i]);
    TRY_VOID(use(list));
  }
  return {};
}

// Rows of batches that nothing is known of.
constexpr const char* unknown_sql = R"(
  SELECT batch FROM (SELECT batch, max(at) AS last FROM (
    SELECT batch, made_at AS at FROM {0}.record_local UNION ALL SELECT batch, made_at AS at FROM {0}.report_local
    UNION ALL SELECT batch, made_at AS at FROM {0}.tls_report_local
    UNION ALL SELECT batch, made_at AS at FROM {0}.failure_local
    UNION ALL SELECT batch, made_at AS at FROM {0}.by_identity_local) GROUP BY batch)
  WHERE last < now() - {1} AND batch NOT IN (SELECT batch FROM {0}.batch_local))";
constexpr const char* begun_sql =
    "SELECT batch FROM {}.batch_local GROUP BY batch HAVING max(state) = 0 AND max(made_at) < now() - {}";
constexpr const char* with_rows_sql = R"(
  SELECT batch FROM (SELECT batch FROM {0}.batch_local GROUP BY batch HAVING {1}) WHERE
    batch IN (SELECT batch FROM {0}.record_local) OR batch IN (SELECT batch FROM {0}.report_local)
    OR batch IN (SELECT batch FROM {0}.tls_report_local) OR batch IN (SELECT batch FROM {0}.failure_local) OR batch IN (SELECT batch FROM {0}.by_identity_local))";
// Marks of reports of which there is one header with rows, and none that says it is gone (is_contested()). Who marks a
// report that is on its way does so later, or has been given up (ShipLimits::pause_seconds).
constexpr const char* marks_sql = R"(
  SELECT DISTINCT hex(identity_key) FROM {0}.contested_local WHERE toUInt32(made_at) < {1} AND identity_key NOT IN (
    SELECT identity_key FROM {0}.by_identity_local WHERE identity_key IN (SELECT identity_key FROM {0}.contested_local)
      AND batch NOT IN (SELECT batch FROM {0}.batch_local GROUP BY batch HAVING max(state) > 1)
    GROUP BY identity_key HAVING countIf(kind = 2) > 1 OR min(kind) = 0))";
constexpr std::size_t marks_of_a_statement = 10'000;  // a server takes few statements that are not done yet

model::Result<std::vector<std::uint64_t>> numbers_of(Client& client, const std::string& select) {
  TRY(const auto found, client.ask(select, 1));
  std::vector<std::uint64_t> numbers;
  for (const auto& row : found.rows) numbers.push_back(number_of(row[0]));
  return numbers;
}

model::Result<void> delete_rows(Client& client, const Place& place, const std::vector<std::uint64_t>& batches) {
  return each_list(batches, [&](const std::string& list) -> model::Result<void> {
    for (const char* table : {"record_local", "report_local", "tls_report_local", "failure_local", "by_identity_local"})
      TRY_VOID(client.run(fmt::format("ALTER TABLE {}.{} DELETE WHERE batch IN ({})", place.database, table, list)));
    return {};
  });
}

// Of each batch the rows that are there, in the column that is named; the others are 0.
std::string found_sql(std::string_view table, std::string_view column, std::string_view number = "count()",
                      std::string_view where = "1") {
  std::string sql = " UNION ALL SELECT batch, toUInt64(0) AS i";
  for (const std::string_view one : {"r", "n", "found_r", "found_n", "found_h"})
    sql += fmt::format(", {} AS {}", one == column ? number : "toUInt64(0)", one);
  return sql + fmt::format(" FROM {}_local WHERE {} GROUP BY batch", table, where);
}

std::string lost_sql(const std::string& database) {
  const auto found = [&database](std::string_view table, const auto&... rest) {
    return found_sql(fmt::format("{}.{}", database, table), rest...);
  };
  return fmt::format(R"(
    SELECT batch, name, reports, records, found_reports, found_records, found_headers FROM (
      SELECT batch, max(i) AS ingester, sum(r) AS reports, sum(n) AS records, sum(found_r) AS found_reports,
        sum(found_n) AS found_records, sum(found_h) AS found_headers FROM (
        SELECT batch, max(ingester) AS i, toUInt64(max(reports)) AS r, toUInt64(max(records)) AS n,
          toUInt64(0) AS found_r, toUInt64(0) AS found_n, toUInt64(0) AS found_h
        FROM {0}.batch_local GROUP BY batch HAVING max(state) = 1{1})
      GROUP BY batch HAVING found_reports < reports OR found_records < records OR found_headers < reports)
    ANY LEFT JOIN (SELECT ingester, max(name) AS name FROM {0}.ingester_local GROUP BY ingester) USING ingester)",
                     database,
                     found("report", "found_r") + found("tls_report", "found_r") + found("failure", "found_r") +
                         found("record", "found_n") +
                         found("by_identity", "found_h", "uniqExact(identity_key)", "kind = 2"));
}

}  // namespace

model::Result<void> set_dead(Client& client, const Place& place, const std::vector<std::uint64_t>& batches) {
  return each_list(batches, [&](const std::string& list) {
    return client.run(
        fmt::format("INSERT INTO {0}.batch_local (batch, month, state, ingester, reports, records) SELECT batch,"
                    " 0, 2, 0, 0, 0 FROM (SELECT arrayJoin([{1}]) AS batch)",
                    place.database, list));
  });
}

model::Result<Collected> collect_dead(Client& client, const Place& place, std::int64_t older_than_seconds) {
  TRY(const auto unknown, numbers_of(client, fmt::format(unknown_sql, place.database, older_than_seconds)));
  TRY_VOID(set_dead(client, place, unknown));
  TRY(const auto begun, numbers_of(client, fmt::format(begun_sql, place.database, dead_seal_seconds)));
  TRY_VOID(set_dead(client, place, begun));
  // Also what was set dead by a run that was killed here, and what find_lost() found.
  TRY(const auto dead, numbers_of(client, fmt::format(with_rows_sql, place.database, "max(state) = 2")));
  TRY_VOID(delete_rows(client, place, dead));
  TRY(const auto sealed,
      numbers_of(client, fmt::format(with_rows_sql, place.database,
                                     fmt::format("max(state) = 3 AND max(made_at) < now() - {}", older_than_seconds))));
  TRY_VOID(delete_rows(client, place, sealed));
  return Collected{dead.size(), sealed.size()};
}

model::Result<void> collect_marks(Client& client, const Place& place, std::int64_t older_than_seconds) {
  TRY(const auto now, client.ask("SELECT toUInt32(now())", 1));
  if (now.rows.size() != 1) return {};
  const auto before = static_cast<std::int64_t>(number_of(now.rows[0][0])) - older_than_seconds;
  TRY(const auto found, client.ask(fmt::format(marks_sql, place.database, before), 1));
  for (std::size_t from = 0; from < found.rows.size(); from += marks_of_a_statement) {
    const std::span rows =
        std::span(found.rows).subspan(from, std::min(marks_of_a_statement, found.rows.size() - from));
    const auto keys =
        joined(rows, [](const auto& row) { return "unhex('" + printable_answer(row[0].value_or("")) + "')"; });
    TRY_VOID(
        client.run(fmt::format("ALTER TABLE {}.contested_local DELETE WHERE toUInt32(made_at) < {} AND identity_key IN"
                               " ({})",
                               place.database, before, keys)));
  }
  return {};
}

namespace {
model::Result<std::vector<LostBatch>> look_for_lost(Client& client, const Place& place) {
  TRY(const auto found, client.ask(lost_sql(place.database), 7));
  std::vector<LostBatch> lost;
  lost.reserve(found.rows.size());
  for (const auto& row : found.rows)
    lost.push_back({number_of(row[0]), row[1].value_or(""), number_of(row[2]), number_of(row[3]), number_of(row[4]),
                    number_of(row[5]), number_of(row[6])});
  return lost;
}
}  // namespace

model::Result<std::vector<LostBatch>> find_lost(Client& client, const Place& place) {
  TRY(auto lost, look_for_lost(client, place));
  if (lost.empty()) return lost;
  TRY(const auto again, look_for_lost(client, place));
  const auto is_found_again = [&again](const LostBatch& one) {
    return std::ranges::any_of(again, [&one](const LostBatch& other) { return other.batch == one.batch; });
  };
  std::erase_if(lost, [&is_found_again](const LostBatch& one) { return !is_found_again(one); });
  return lost;
}

model::Result<void> revoke(Client& client, const Place& place, const std::vector<LostBatch>& lost) {
  std::vector<std::uint64_t> batches;
  batches.reserve(lost.size());
  for (const auto& one : lost) batches.push_back(one.batch);
  return set_dead(client, place, batches);
}

}  // namespace ruaudit::cluster
