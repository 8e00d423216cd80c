#include "cluster/read/pull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "cluster/read/shard_pull.hpp"
#include "cluster/server/answer.hpp"
#include "store/pulled/pulled_writer.hpp"

namespace ruaudit::cluster {
namespace {

using store::Digest;

class Pull {
 public:
  Pull(store::Database& database, const PullOrder& order, store::PulledWriter& writer, bool is_first)
      : database_(database), order_(order), writer_(writer), is_first_(is_first) {}

  model::Result<void> take(ShardNow& shard) {
    TRY(const auto numbers, store::pulled_batches(database_, shard.number));
    const std::set<std::uint64_t> held(numbers.begin(), numbers.end());
    TRY_VOID(take_gone(shard, held));
    std::vector<std::pair<unsigned, std::uint64_t>> fresh;  // by month: their reports lie together
    for (const auto& [batch, facts] : shard.committed)
      if (!held.contains(batch)) fresh.emplace_back(facts.month, batch);
    std::sort(fresh.begin(), fresh.end());
    for (std::size_t at = 0; at < fresh.size();) {
      if (order_.stop && order_.stop())
        return model::failure("cluster-stopped", "stopped before everything was pulled", "the next run goes on");
      std::set<std::uint64_t> batches;
      std::uint64_t records = 0;
      while (at < fresh.size() && batches.size() < order_.limits.batches &&
             (batches.empty() || records + shard.committed[fresh[at].second].records <= order_.limits.batch_records)) {
        records += shard.committed[fresh[at].second].records;
        batches.insert(fresh[at++].second);
      }
      std::set<std::uint64_t> remembered = batches;
      if (at == fresh.size()) {
        TRY(const auto origins, origins_to_remember(shard, fresh));
        remembered.insert(origins.begin(), origins.end());
      }
      TRY_VOID(transact(shard, {batches, held, {}}, remembered, {}));
    }
    return {};
  }

  [[nodiscard]] const PullCounts& counts() const { return counts_; }

 private:
  using Batches = std::set<std::uint64_t>;

  // What was pulled out of a sealed month is known in the batches of a later sealing, too, also where it was pruned
  // since. Several batches share an origin: not before the last of them is here.
  model::Result<Batches> origins_to_remember(ShardNow& shard,
                                             const std::vector<std::pair<unsigned, std::uint64_t>>& fresh) {
    const auto is_of_sealing = [&shard](const auto& one) { return shard.committed[one.second].is_of_sealing; };
    if (std::none_of(fresh.begin(), fresh.end(), is_of_sealing)) return Batches();
    Batches all;
    for (const auto& [batch, facts] : shard.committed)
      if (facts.is_of_sealing) all.insert(batch);
    return origins_of(shard.client, order_.place.database, all);
  }

  // Batches that were committed once and are not any more. Of sealed ones nothing changes, and they stay in mind: their
  // reports come again with other batches. Those out of the sums (`cluster audit --repair`) are forgotten.
  model::Result<void> take_gone(ShardNow& shard, const Batches& held) {
    Batches gone, origins;
    for (const auto batch : held) {
      if (shard.committed.contains(batch) || shard.sealed.contains(batch)) continue;
      if (shard.may_lack)
        return model::failure("cluster-read-only",
                              shard.client.url() + ": it does not reach ZooKeeper, and lacks what was pulled before",
                              "another server of the shard has it: pull again when this one reaches ZooKeeper");
      gone.insert(batch);
      origins.insert(batch);
      if (const auto seal = shard.revoked_seals.find(batch); seal != shard.revoked_seals.end())
        for (const auto& [sealed, month] : shard.sealed)
          if (month == seal->second) origins.insert(sealed);
    }
    if (gone.empty()) return {};
    TRY(const auto reports, store::reports_of_batches(database_, origins));
    return transact(shard, {{}, held, reports}, {}, gone);
  }

  model::Result<void> transact(ShardNow& shard, const WantedReports& wanted, const Batches& remembered,
                               const Batches& forgotten) {
    TRY_VOID(writer_.begin());
    const auto done = write(shard, wanted, remembered, forgotten);
    if (!done) {
      writer_.rollback();
      return done;
    }
    TRY_VOID(writer_.commit());
    counts_.batches += static_cast<std::int64_t>(wanted.batches.size() + forgotten.size());
    return {};
  }

  model::Result<void> write(ShardNow& shard, const WantedReports& wanted, const Batches& remembered,
                            const Batches& forgotten) {
    TRY_VOID(pull_from_shard({shard, order_, writer_, is_first_}, wanted, counts_));
    for (const auto batch : remembered) TRY_VOID(writer_.remember(shard.number, batch));
    for (const auto batch : forgotten) TRY_VOID(writer_.forget(shard.number, batch));
    return {};
  }

  store::Database& database_;
  const PullOrder& order_;
  store::PulledWriter& writer_;
  bool is_first_;
  PullCounts counts_;
};

}  // namespace

std::string cluster_text(const Place& place) {
  return fmt::format("database {} on {}", place.database,
                     fmt::join(place.shards | std::views::transform([](const auto& servers) {
                                 return fmt::format("{}", fmt::join(servers, " "));
                               }),
                               ", "));
}

model::Result<PullCounts> pull(store::Database& database, const PullOrder& order) {
  TRY_VOID(store::begin_judging(database, cluster_text(order.place)));
  TRY(const auto state, store::pulled_state(database));
  TRY(auto shards, read_shards(order.place));
  TRY(auto writer, store::PulledWriter::create(database));
  Pull pull(database, order, writer, state.pulled_at == 0);
  for (auto& shard : shards) TRY_VOID(pull.take(shard));
  TRY_VOID(store::set_pulled(database, order.now));
  return pull.counts();
}

}  // namespace ruaudit::cluster
