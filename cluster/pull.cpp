#include "cluster/pull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cluster/answer.hpp"
#include "cluster/shard_pull.hpp"
#include "store/pulled/pulled_writer.hpp"

namespace ruaudit::cluster {
namespace {

using store::Digest;

class Pull {
 public:
  Pull(store::Database& database, const PullOrder& order, store::PulledWriter& writer, bool is_first)
      : database_(database), order_(order), writer_(writer), is_first_(is_first) {}

  model::Result<void> take(ShardNow& shard) {
    TRY(const auto held, store::pulled_batches(database_, shard.number));
    TRY_VOID(take_gone(shard, held));
    std::vector<std::pair<unsigned, std::uint64_t>> fresh;  // by month: their reports lie together
    for (const auto& [batch, facts] : shard.committed)
      if (!std::binary_search(held.begin(), held.end(), batch)) fresh.emplace_back(facts.month, batch);
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
      TRY_VOID(transact(shard, batches, {}, true));
    }
    return {};
  }

  [[nodiscard]] const PullCounts& counts() const { return counts_; }

 private:
  // Batches that were committed once and are not any more: sealed, or out of the sums (`cluster audit --repair`).
  model::Result<void> take_gone(ShardNow& shard, const store::BatchNumbers& held) {
    TRY_VOID(forget_sealed(shard, held));
    for (const auto batch : held) {
      if (shard.committed.contains(batch) || shard.sealed.contains(batch)) continue;
      TRY(const auto reports, store::reports_of_batch(database_, batch));
      TRY_VOID(transact(shard, {batch}, reports, false));
    }
    return {};
  }

  // Their reports come with the batches into which they were sealed, and are known then by the origin of their rows.
  model::Result<void> forget_sealed(const ShardNow& shard, const store::BatchNumbers& held) {
    TRY_VOID(writer_.begin());
    for (const auto batch : held) {
      if (!shard.sealed.contains(batch)) continue;
      if (auto done = writer_.forget(shard.number, batch); !done) {
        writer_.rollback();
        return done;
      }
    }
    return writer_.commit();
  }

  model::Result<void> transact(ShardNow& shard, const std::set<std::uint64_t>& batches,
                               const std::vector<Digest>& further, bool is_there) {
    TRY_VOID(writer_.begin());
    const auto done = write(shard, batches, further, is_there);
    if (!done) {
      writer_.rollback();
      return done;
    }
    TRY_VOID(writer_.commit());
    counts_.batches += static_cast<std::int64_t>(batches.size());
    return {};
  }

  model::Result<void> write(ShardNow& shard, const std::set<std::uint64_t>& batches, const std::vector<Digest>& further,
                            bool is_there) {
    TRY_VOID(pull_from_shard({shard, order_, writer_, is_first_}, batches, further, counts_));
    for (const auto batch : batches)
      TRY_VOID(is_there ? writer_.remember(shard.number, batch) : writer_.forget(shard.number, batch));
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
                     joined(place.shards, [](const std::string& url) { return " " + url; }).substr(1));
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
