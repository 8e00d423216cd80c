#include "cluster/care/seal_runs.hpp"

#include <fmt/format.h>

#include <vector>

#include "cluster/care/care.hpp"
#include "cluster/schema/shard_map.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {

bool gives_way(const SealCoverage& one, const SealCoverage& other) {
  return one.is_covered && (!other.is_covered || other.run < one.run);
}

SealCommit::SealCommit(Client& client, const Place& place, SealOfMonth seal)
    : client_(client), place_(place), seal_(std::move(seal)) {}

void SealCommit::add(std::uint64_t batch, std::uint64_t reports, std::uint64_t records) {
  seal_.made[batch] = {batch, seal_.month, BatchState::committed, sealing_ingester, reports, records};
}

SealCommit::Batches SealCommit::made_batches() const {
  Batches batches;
  for (const auto& [batch, facts] : seal_.made) batches.insert(batch);
  return batches;
}

// One block, and so one part of the table: all of it is there, or nothing.
model::Result<void> SealCommit::run() {
  auto rows = fmt::format("arrayMap(b -> (toUInt64(b), toUInt8({}), toUInt32(0), toUInt64(0)), [{}])",
                          static_cast<int>(BatchState::sealed), seal_.old_batches);
  if (!seal_.made.empty())
    rows = fmt::format("arrayConcat({}, [{}])", rows, joined(seal_.made, [](const auto& one) {
                         return fmt::format("(toUInt64({}), toUInt8({}), toUInt32({}), toUInt64({}))", one.first,
                                            static_cast<int>(BatchState::committed), one.second.reports,
                                            one.second.records);
                       }));
  const auto made = seal_.made.empty() ? "0" : number_list(made_batches());
  return client_.run(fmt::format(R"(
    INSERT INTO {0}.batch_local (batch, month, state, ingester, reports, records)
    SELECT t.1, toUInt32({1}), t.2, toUInt64({2}), t.3, t.4 FROM (SELECT arrayJoin({3}) AS t)
    WHERE (SELECT count() FROM {0}.batch_local WHERE (batch IN ({4}) AND state > 1) OR (batch IN ({5}) AND state = 2)) = 0)",
                                 place_.database, seal_.month, sealing_ingester, rows, seal_.old_batches, made));
}

model::Result<SealCommit::Runs> SealCommit::committed_runs() {
  TRY(const auto found, client_.ask(fmt::format(R"(
    SELECT batch, max(reports) FROM {}.batch_local GROUP BY batch HAVING max(state) = 1 AND max(ingester) = {} AND max(month) = {})",
                                                place_.database, sealing_ingester, seal_.month),
                                    2));
  Runs runs;
  for (const auto& row : found.rows) {
    auto& run = runs[seal_run_of(number_of(row[0]))];
    run.batches.insert(number_of(row[0]));
    run.reports += number_of(row[1]);
  }
  return runs;
}

model::Result<bool> SealCommit::look_back() {
  if (seal_.made.empty()) return true;
  TRY(auto runs, committed_runs());
  return runs.contains(seal_run_of(seal_.made.begin()->first)) ? compare(std::move(runs)) : explain();
}

model::Result<bool> SealCommit::compare(Runs runs) {
  const auto own = seal_run_of(seal_.made.begin()->first);
  const auto mine = runs.extract(own).mapped();
  bool holds = true;
  for (const auto& [run, others] : runs) {
    SealCoverage me{own}, other{run};
    TRY(me.is_covered, is_covered(mine, others));
    TRY(other.is_covered, is_covered(others, mine));
    if (gives_way(other, me)) TRY_VOID(give_up(others));
    if (!gives_way(me, other)) continue;
    holds = false;
    TRY_VOID(give_up(mine));
  }
  return holds;
}

// By the batches with which headers came: they say of a report what it was then. What is not there says nothing.
model::Result<bool> SealCommit::is_covered(const Run& one, const Run& other) {
  TRY(const auto found, client_.ask(fmt::format(R"(
    SELECT countIf(is_other = 0), countIf(kind = 2) FROM (SELECT kind, toUInt8((identity_key, origin, kind) IN (
      SELECT identity_key, origin, kind FROM {0}.by_identity_local WHERE batch IN ({2}))) AS is_other
      FROM {0}.by_identity_local WHERE batch IN ({1})))",
                                                place_.database, number_list(one.batches), number_list(other.batches)),
                                    2));
  return found.rows.size() == 1 && number_of(found.rows[0][0]) == 0 && number_of(found.rows[0][1]) >= one.reports;
}

model::Result<bool> SealCommit::is_overtaken() {
  TRY(const auto found,
      client_.ask(fmt::format("SELECT count() FROM {}.batch_local WHERE batch IN ({}) AND state = {}", place_.database,
                              seal_.old_batches, static_cast<int>(BatchState::sealed)),
                  1));
  return !found.rows.empty() && number_of(found.rows[0][0]) > 0;
}

// Why nothing was inserted, or holds no longer. What was written stays as begun, for collect_dead().
model::Result<bool> SealCommit::explain() {
  TRY(const auto found, client_.ask(fmt::format(R"(
    SELECT countIf(s = 2), countIf(s = 3) FROM (
      SELECT batch, max(state) AS s FROM {}.batch_local WHERE batch IN ({}) GROUP BY batch))",
                                                place_.database, seal_.old_batches),
                                    2));
  const auto number = [&found](std::size_t column) {
    return found.rows.empty() ? 0 : number_of(found.rows[0][column]);
  };
  if (number(0) > 0)
    return model::failure("cluster-lost",
                          fmt::format("{}: batches of {} were taken out of the sums meanwhile; nothing was changed",
                                      client_.url(), month_text(seal_.month)),
                          "seal when the ingesters have shipped them again");
  if (number(1) > 0) return false;
  return model::failure("cluster-paused",
                        client_.url() + ": sealing took so long that it was collected as dead; nothing was changed",
                        "run it again when the server is less busy");
}

model::Result<void> SealCommit::give_up(const Run& run) {
  return set_dead(client_, place_, std::vector<std::uint64_t>(run.batches.begin(), run.batches.end()));
}

}  // namespace ruaudit::cluster
