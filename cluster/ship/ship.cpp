#include "cluster/ship/ship.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "cluster/schema/servers.hpp"
#include "cluster/schema/shard_map.hpp"
#include "cluster/ship/batch.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::cluster {
namespace {

struct Lot {  // rows that may share a batch
  std::vector<store::OutboxRow> rows;
  std::set<store::Digest> keys;
  std::int64_t records = 0;
  std::int64_t oldest = 0;
};

struct LotKey {
  bool is_elsewhere = false;  // after the others: where the report is now is told first
  std::size_t shard = 0;
  std::string month;
  auto operator<=>(const LotKey&) const = default;
};

class Shipping {
 public:
  struct Readers {
    store::ReportReader reports;
    store::TlsReader tls;
    store::FailureReader failures;
  };
  Shipping(store::Database& database, const ShipOrder& order, Readers readers, std::uint64_t ingester,
           std::int64_t last)
      : database_(database), order_(order), readers_(std::move(readers)), ingester_(ingester), last_(last) {
    shards_.resize(order.place.shards.size());
  }

  model::Result<ShipCounts> run() {
    TRY_VOID(ship_part(store::OutboxPart::present));
    TRY_VOID(ship_part(store::OutboxPart::gone));
    return std::move(counts_);
  }

 private:
  struct Shard {
    std::optional<Client> client;
    bool has_failed = false;
  };

  model::Result<void> ship_part(store::OutboxPart part) {
    std::int64_t behind = 0;
    while (!is_stopped()) {
      TRY(auto rows, store::outbox_rows(database_, part, behind, order_.limits.window));
      std::erase_if(rows, [&](const store::OutboxRow& row) { return row.seq > last_; });
      if (rows.empty()) break;
      behind = rows.back().seq;
      TRY_VOID(ship_window(rows));
    }
    return {};
  }

  [[nodiscard]] bool is_stopped() const { return order_.stop && order_.stop(); }

  model::Result<void> ship_window(const std::vector<store::OutboxRow>& rows) {
    find_map();
    if (map_.is_empty()) return {};  // no shard answers
    std::map<LotKey, Lot> lots;
    for (const auto& row : rows) {
      const auto shards = map_.possible_shards(row.identity_key);
      const auto home = map_.shard_of_month(row.identity_key, row.is_dated ? month_of_day(row.day) : 0);
      if (shards.size() > 1) waiting_[row.seq] = shards.size();
      // Of a report that is gone nothing but the key is known: every shard that may have it is told. So it is of one
      // that is there: it may have had another day, or none.
      for (const auto shard : shards) {
        const bool is_elsewhere = !row.is_gone && shard != home;
        const auto day = is_elsewhere ? std::string() : row.day;
        TRY_VOID(take(row, is_elsewhere, shard, lots[{is_elsewhere, shard, day.substr(0, 7)}]));
      }
    }
    for (auto& [key, lot] : lots)
      if (is_due(lot)) TRY_VOID(ship_lot(key.shard, lot));
    return {};
  }

  model::Result<void> take(const store::OutboxRow& row, bool is_elsewhere, std::size_t shard, Lot& lot) {
    if (lot.keys.contains(row.identity_key)) TRY_VOID(ship_lot(shard, lot));
    lot.rows.push_back(row);
    lot.rows.back().is_elsewhere = is_elsewhere;
    lot.keys.insert(row.identity_key);
    if (!is_elsewhere) lot.records += row.records;
    if (lot.rows.size() == 1 || row.since < lot.oldest) lot.oldest = row.since;
    return is_full(lot) ? ship_lot(shard, lot) : model::Result<void>{};
  }

  [[nodiscard]] bool is_full(const Lot& lot) const {
    return lot.records >= order_.limits.batch_records ||
           static_cast<std::int64_t>(lot.rows.size()) >= order_.limits.batch_reports;
  }
  [[nodiscard]] bool is_due(const Lot& lot) const {
    // Rows are noted by the machine's clock, which `now` need not be.
    return !lot.rows.empty() && (order_.delay_seconds == 0 || lot.oldest <= order_.now - order_.delay_seconds);
  }

  // Of the database alone an error is returned; what a server says is kept.
  model::Result<void> ship_lot(std::size_t shard, Lot& lot) {
    const Lot taken = std::exchange(lot, {});
    if (is_stopped() || shards_[shard].has_failed) return {};
    auto sent = send(shard, taken);
    if (!sent) {
      shards_[shard].has_failed = true;
      counts_.errors.push_back(sent.error());
      return {};
    }
    counts_.batches += sent->is_sent ? 1 : 0;
    counts_.reports += sent->reports;
    counts_.records += sent->records;
    counts_.headers += sent->headers;
    counts_.known += sent->known;
    std::erase_if(sent->told, [this](std::int64_t seq) { return !is_told_everywhere(seq); });
    TRY_VOID(store::forget_outbox_rows(database_, sent->told));
    RUAUDIT_FAIL_POINT("cluster.forgotten");
    return {};
  }

  bool is_told_everywhere(std::int64_t seq) {
    const auto waiting = waiting_.find(seq);
    return waiting == waiting_.end() || --waiting->second == 0;
  }

  // That of the first shard that answers. Where one has another, or is none of this list, no shard gets anything: by
  // one of the two maps a report would lie on two shards, and count twice.
  void find_map() {
    for (std::size_t shard = 0; shard < shards_.size() && !is_stopped(); ++shard) {
      if (shards_[shard].has_failed || shards_[shard].client) continue;
      const auto client = connected(shard);
      if (client) continue;
      shards_[shard].has_failed = true;
      counts_.errors.push_back(client.error());
      if (client.error().code != "cluster-map" && client.error().code != "cluster-shards") continue;
      for (auto& other : shards_) other.has_failed = true;
    }
  }

  model::Result<BatchResult> send(std::size_t shard, const Lot& lot) {
    TRY(Client * client, connected(shard));
    return send_batch(
        {*client, readers_.reports, readers_.tls, readers_.failures, order_.place, order_.limits, ingester_}, lot.rows);
  }

  model::Result<Client*> connected(std::size_t shard) {
    Shard& s = shards_[shard];
    if (!s.client) {
      TRY(auto client, connect_writer(order_.place, shard));
      TRY(const auto map, read_map(client, order_.place));
      if (!map_.is_empty()) TRY_VOID(check_map(client, map_, map));
      map_ = map;
      TRY_VOID(name_ingester(client, order_, ingester_));
      s.client = std::move(client);
    }
    return &*s.client;
  }

  static model::Result<void> name_ingester(Client& client, const ShipOrder& order, std::uint64_t ingester) {
    Block block(1);
    Numbers<std::uint64_t> number;
    Texts name;
    number.add(ingester);
    name.add(order.ingester_name);
    block.add("ingester", "UInt64", number.octets());
    block.add("name", "String", name.octets());
    return client.insert(order.place.database + ".ingester_local (" + block.names() + ")", block.octets());
  }

  store::Database& database_;
  const ShipOrder& order_;
  Readers readers_;
  std::uint64_t ingester_;
  std::int64_t last_;  // seq: what comes while this runs is for the next run
  std::vector<Shard> shards_;
  ShardMap map_;
  std::map<std::int64_t, std::size_t> waiting_;  // by seq: rows that several shards are told, and how many not yet
  ShipCounts counts_;
};

}  // namespace

model::Result<ShipCounts> ship(store::Database& database, const ShipOrder& order) {
  TRY(const auto ingester, store::ingester_number(database));
  TRY(auto reports, store::ReportReader::create(database));
  TRY(auto tls, store::TlsReader::create(database));
  TRY(auto failures, store::FailureReader::create(database));
  TRY(const auto last, store::last_outbox_seq(database));
  return Shipping(database, order, {std::move(reports), std::move(tls), std::move(failures)}, ingester, last).run();
}

}  // namespace ruaudit::cluster
