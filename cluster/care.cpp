#include "cluster/care.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/answer.hpp"

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

model::Result<void> set_dead(Client& client, const Place& place, const std::vector<std::uint64_t>& batches) {
  return each_list(batches, [&](const std::string& list) {
    return client.run(
        fmt::format("INSERT INTO {0}.batch_local (batch, month, state, ingester, reports, records) SELECT batch,"
                    " 0, 2, 0, 0, 0 FROM (SELECT arrayJoin([{1}]) AS batch)",
                    place.database, list));
  });
}

}  // namespace

model::Result<std::uint64_t> collect_dead(Client& client, const Place& place, std::int64_t older_than_seconds) {
  const std::string& db = place.database;
  TRY(const auto unknown,
      client.ask(
          fmt::format("SELECT batch FROM (SELECT batch, max(at) AS last FROM (SELECT batch, made_at AS at FROM"
                      " {0}.record_local UNION ALL SELECT batch, made_at AS at FROM {0}.report_local UNION ALL SELECT"
                      " batch, made_at AS at FROM {0}.tls_report_local UNION ALL SELECT"
                      " batch, made_at AS at FROM {0}.by_identity_local) GROUP BY batch) WHERE last < now() - {1} AND"
                      " batch NOT IN (SELECT batch FROM {0}.batch_local)",
                      db, older_than_seconds),
          1));
  std::vector<std::uint64_t> batches;
  for (const auto& row : unknown.rows) batches.push_back(number_of(row[0]));
  TRY_VOID(set_dead(client, place, batches));
  // Also what was set dead by a run that was killed here, and what find_lost() found.
  TRY(const auto dead,
      client.ask(
          fmt::format("SELECT batch FROM (SELECT batch FROM {0}.batch_local GROUP BY batch HAVING max(state) = 2) WHERE"
                      " batch IN (SELECT batch FROM {0}.record_local) OR batch IN (SELECT batch FROM {0}.report_local)"
                      " OR batch IN (SELECT batch FROM {0}.tls_report_local) OR batch IN (SELECT batch FROM"
                      " {0}.by_identity_local)",
                      db),
          1));
  batches.clear();
  for (const auto& row : dead.rows) batches.push_back(number_of(row[0]));
  TRY_VOID(each_list(batches, [&](const std::string& list) -> model::Result<void> {
    for (const char* table : {"record_local", "report_local", "tls_report_local", "by_identity_local"})
      TRY_VOID(client.run(fmt::format("ALTER TABLE {}.{} DELETE WHERE batch IN ({})", db, table, list)));
    return {};
  }));
  return batches.size();
}

model::Result<std::vector<LostBatch>> find_lost(Client& client, const Place& place) {
  TRY(const auto found,
      client.ask(
          fmt::format(
              "SELECT batch, ingester_name, reports, records, found_reports, found_records FROM (SELECT batch, name AS"
              " ingester_name, reports, records, found_reports, found_records FROM (SELECT batch, ingester, reports, "
              "records,"
              " found_reports, found_records FROM (SELECT batch, ingester, reports, records, found_reports FROM "
              "(SELECT "
              "batch,"
              " max(ingester) AS ingester, max(reports) AS reports, max(records) AS records FROM {0}.batch_local GROUP "
              "BY "
              "batch"
              " HAVING max(state) = 1) ANY LEFT JOIN (SELECT batch, count() AS found_reports FROM (SELECT batch FROM "
              "{0}.report_local UNION ALL SELECT batch FROM {0}.tls_report_local) GROUP BY batch) USING batch) ANY "
              "LEFT JOIN (SELECT batch, count() AS found_records FROM {0}.record_local GROUP "
              "BY "
              "batch)"
              " USING batch) ANY LEFT JOIN (SELECT ingester, max(name) AS name FROM {0}.ingester_local GROUP BY "
              "ingester) "
              "USING"
              " ingester) WHERE found_reports < reports OR found_records < records",
              place.database),
          6));
  std::vector<LostBatch> lost;
  lost.reserve(found.rows.size());
  for (const auto& row : found.rows)
    lost.push_back({number_of(row[0]), row[1].value_or(""), number_of(row[2]), number_of(row[3]), number_of(row[4]),
                    number_of(row[5])});
  return lost;
}

model::Result<void> revoke(Client& client, const Place& place, const std::vector<LostBatch>& lost) {
  std::vector<std::uint64_t> batches;
  batches.reserve(lost.size());
  for (const auto& one : lost) batches.push_back(one.batch);
  return set_dead(client, place, batches);
}

}  // namespace ruaudit::cluster
