#include "cluster/read/shard_pull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cluster/rows/failure_rows.hpp"
#include "cluster/rows/pulled_rows.hpp"
#include "cluster/rows/tls_rows.hpp"
#include "cluster/schema/counted.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

using store::Digest;

// A copy that the cluster keeps of a report.
struct KeptCopy {
  Digest identity_key{};
  std::uint64_t batch = 0;   // of its rows
  std::uint64_t origin = 0;  // the one with which they came: it stays when they are sealed
  std::int64_t first_seen = 0;
  bool is_damaged = false;
};

std::string key_list(std::span<const Digest> keys) {
  return joined(keys, [](const Digest& key) { return unhex_text(key); });
}

model::Result<Digest> digest_of(const Client& client, const std::optional<std::string>& hex) {
  Digest key{};
  if (hex && read_hex(*hex, key)) return key;
  return model::failure("cluster-refused", client.url() + ": the keys of reports are not what was asked for",
                        "is it a ClickHouse server?");
}

class ShardPull {
 public:
  ShardPull(const ShardPullTools& tools, PullCounts& counts)
      : shard_(tools.shard),
        order_(tools.order),
        db_(tools.order.place.database),
        writer_(tools.writer),
        is_first_(tools.is_first),
        counts_(counts) {}

  model::Result<void> take(const WantedReports& wanted) {
    TRY(auto keys, named_reports(wanted));
    keys.insert(wanted.further.begin(), wanted.further.end());
    const std::vector<Digest> list(keys.begin(), keys.end());
    for (std::size_t from = 0; from < list.size(); from += order_.limits.reports)
      TRY_VOID(take_reports(std::span(list).subspan(from, std::min(order_.limits.reports, list.size() - from))));
    return {};
  }

 private:
  using Copies = std::map<Digest, std::vector<KeptCopy>>;

  model::Result<std::set<Digest>> named_reports(const WantedReports& wanted) {
    std::set<Digest> keys;
    TRY(auto origins, origins_of(shard_.client, db_, wanted.batches));
    std::erase_if(origins, [&wanted](std::uint64_t origin) { return wanted.known.contains(origin); });
    if (origins.empty()) return keys;
    TRY(const auto found,
        shard_.client.ask(fmt::format("SELECT DISTINCT hex(identity_key) FROM {}.by_identity_local WHERE batch IN ({})"
                                      " AND origin IN ({})",
                                      db_, number_list(wanted.batches), number_list(origins)),
                          1));
    for (const auto& row : found.rows) {
      TRY(const auto key, digest_of(shard_.client, row[0]));
      keys.insert(key);
    }
    return keys;
  }

  // By the batches that were committed when the pull began, in the order in which they were seen.
  model::Result<Copies> kept_copies(std::span<const Digest> keys) {
    const auto of_keys = fmt::format("identity_key IN ({})", key_list(keys));
    TRY(const auto found,
        shard_.client.ask(fmt::format("SELECT DISTINCT batch FROM {}.by_identity_local WHERE {}", db_, of_keys), 1));
    std::set<std::uint64_t> batches;
    for (const auto& row : found.rows)
      if (const auto batch = number_of(row[0]); shard_.committed.contains(batch)) batches.insert(batch);
    Copies copies;
    if (batches.empty()) return copies;
    const auto headers = fmt::format("(SELECT * FROM {}.by_identity_local WHERE {} AND batch IN ({}))", db_, of_keys,
                                     number_list(batches));
    TRY(const auto kept, shard_.client.ask(fmt::format(R"(
      SELECT hex(identity_key), b, b_origin, first, damaged FROM {} ORDER BY identity_key, first, first_ingester, first_version)",
                                                       copies_of(headers)),
                                           5));
    for (const auto& row : kept.rows) {
      TRY(const auto key, digest_of(shard_.client, row[0]));
      copies[key].push_back({key, number_of(row[1]), number_of(row[2]),
                             std::strtoll(row[3].value_or("0").c_str(), nullptr, 10), number_of(row[4]) != 0});
    }
    return copies;
  }

  // A copy with the same key has the same rows; of several ones their order counts, too. Sealing changes neither.
  model::Result<bool> is_held(const Digest& key, std::span<const KeptCopy> copies) {
    TRY(const auto held, writer_.held(key));
    if (held.is_failure && !copies.empty()) copies = copies.subspan(counting_failure(copies), 1);
    return std::equal(copies.begin(), copies.end(), held.keys.begin(), held.keys.end(),
                      [](const KeptCopy& copy, const std::string& one) {
                        return one == store::pulled_key(copy.identity_key, copy.origin);
                      });
  }

  // Of several copies of a failure report the one that counts is enough: the first that is verified, else the first.
  static std::size_t counting_failure(std::span<const KeptCopy> copies) {
    const auto verified =
        std::find_if(copies.begin(), copies.end(), [](const KeptCopy& one) { return !one.is_damaged; });
    return verified == copies.end() ? 0 : static_cast<std::size_t>(verified - copies.begin());
  }

  model::Result<void> take_reports(std::span<const Digest> keys) {
    TRY(const auto copies, kept_copies(keys));
    std::vector<KeptCopy> wanted;
    for (const auto& key : keys) {
      const auto found = copies.find(key);
      const auto kept = found == copies.end() ? std::vector<KeptCopy>() : found->second;
      TRY(const bool is_known, is_held(key, kept));
      if (is_known) continue;
      if (kept.empty()) {
        TRY_VOID(writer_.rewrite(key));
        TRY_VOID(writer_.end_report());
        ++counts_.gone;
      }
      wanted.insert(wanted.end(), kept.begin(), kept.end());
    }
    return wanted.empty() ? model::Result<void>{} : write_copies(wanted);
  }

  using Reports = std::map<std::pair<Digest, std::uint64_t>, PulledReport>;

  model::Result<Reports> reports_of(std::span<const KeptCopy> copies) {
    TRY(auto rows, pull_reports(shard_.client, db_, copies_condition(copies)));
    Reports reports;
    for (auto& one : rows) reports.insert_or_assign({one.report.identity_key, one.batch}, std::move(one));
    return reports;
  }

  static std::string copies_condition(std::span<const KeptCopy> copies) {
    std::set<Digest> keys;
    std::set<std::uint64_t> batches;
    for (const auto& copy : copies) {
      keys.insert(copy.identity_key);
      batches.insert(copy.batch);
    }
    return fmt::format("batch IN ({}) AND identity_key IN ({})", number_list(batches),
                       joined(keys, [](const Digest& key) { return unhex_text(key); }));
  }

  [[nodiscard]] model::Error incomplete(const KeptCopy& copy) const {
    return {"cluster-incomplete",
            fmt::format("{}: not all rows of the committed batch {} are there", shard_.client.url(), copy.batch),
            "run it again; if that stays, `ruaudit cluster audit` tells what is lost, and how it comes again"};
  }

  // What is in no row of an aggregate report is a TLS report or a failure report.
  model::Result<void> write_copies(std::span<const KeptCopy> wanted) {
    TRY(const auto reports, reports_of(wanted));
    std::vector<KeptCopy> copies, others;
    for (const auto& copy : wanted)
      (reports.contains({copy.identity_key, copy.batch}) ? copies : others).push_back(copy);
    if (!others.empty()) TRY_VOID(write_others(others));
    return write_aggregates(copies, reports);
  }

  model::Result<void> write_others(std::span<const KeptCopy> copies) {
    TRY(auto rows, pull_failures(shard_.client, db_, copies_condition(copies)));
    Failures failures;
    for (auto& one : rows) failures.insert_or_assign({one.failure.key, one.batch}, std::move(one));
    std::vector<KeptCopy> of_failures, tls;
    for (const auto& copy : copies)
      (failures.contains({copy.identity_key, copy.batch}) ? of_failures : tls).push_back(copy);
    TRY_VOID(write_failures(of_failures, failures));
    return tls.empty() ? model::Result<void>{} : write_tls(tls);
  }

  using Failures = std::map<std::pair<Digest, std::uint64_t>, PulledFailure>;

  model::Result<void> write_failures(std::span<const KeptCopy> copies, const Failures& failures) {
    for (std::size_t from = 0; from < copies.size();) {
      std::size_t to = from + 1;
      while (to < copies.size() && copies[to].identity_key == copies[from].identity_key) ++to;
      const auto& copy = copies[from + counting_failure(copies.subspan(from, to - from))];
      const auto& pulled = failures.at({copy.identity_key, copy.batch});
      TRY_VOID(writer_.rewrite(copy.identity_key));
      TRY_VOID(writer_.copy_failure(pulled.failure, row_of(copy, pulled.ingester)));
      TRY_VOID(writer_.end_report());
      ++counts_.reports;
      from = to;
    }
    return {};
  }

  model::Result<void> write_tls(std::span<const KeptCopy> copies) {
    TRY(auto rows, pull_tls_reports(shard_.client, db_, copies_condition(copies)));
    std::map<std::pair<Digest, std::uint64_t>, PulledTlsReport> reports;
    for (auto& one : rows) reports.insert_or_assign({one.report.group_key, one.batch}, std::move(one));
    return each_copy(copies, [&](const KeptCopy& copy) -> model::Result<void> {
      const auto found = reports.find({copy.identity_key, copy.batch});
      if (found == reports.end()) return model::failure(incomplete(copy));
      ++counts_.reports;
      return writer_.copy_tls(found->second.report, row_of(copy, found->second.ingester));
    });
  }

  // The copies of one report lie one behind the other.
  template <class Write>
  model::Result<void> each_copy(std::span<const KeptCopy> copies, const Write& write) {
    for (std::size_t i = 0; i < copies.size(); ++i) {
      const auto& key = copies[i].identity_key;
      if (i == 0 || copies[i - 1].identity_key != key) TRY_VOID(writer_.rewrite(key));
      TRY_VOID(write(copies[i]));
      if (i + 1 == copies.size() || copies[i + 1].identity_key != key) TRY_VOID(writer_.end_report());
    }
    return {};
  }

  // What comes later than it was seen is news when it comes: nobody has judged it before.
  [[nodiscard]] store::PulledWriter::Copy row_of(const KeptCopy& copy, std::uint64_t ingester) const {
    return {.key = store::pulled_key(copy.identity_key, copy.origin),
            .source = source_text(ingester),
            .taken_in = is_first_ ? std::min(copy.first_seen, order_.now) : order_.now};
  }

  // Copies of one report are asked for together.
  model::Result<void> write_aggregates(std::span<const KeptCopy> copies, const Reports& reports) {
    for (std::size_t from = 0; from < copies.size();) {
      std::size_t to = from;
      std::int64_t records = 0;
      while (to < copies.size() && (to == from || copies[to].identity_key == copies[to - 1].identity_key ||
                                    records < static_cast<std::int64_t>(order_.limits.question_records)))
        records += reports.at({copies[to].identity_key, copies[to].batch}).report.records, ++to;
      TRY_VOID(write_some(copies.subspan(from, to - from), reports, records));
      from = to;
    }
    return {};
  }

  // The days of the reports let a shard leave out the months that it need not look at.
  static std::string rows_condition(std::span<const KeptCopy> copies, const Reports& reports) {
    std::string first = "9999-12-31", last = "0000-01-01";
    for (const auto& copy : copies) {
      const auto& day = reports.at({copy.identity_key, copy.batch}).report.day;
      first = std::min(first, day);
      last = std::max(last, day);
    }
    return fmt::format("day >= toDate('{}') AND day <= toDate('{}') AND {}", first, last, copies_condition(copies));
  }

  model::Result<void> write_some(std::span<const KeptCopy> copies, const Reports& reports, std::int64_t records) {
    std::optional<PulledRecords> together;
    if (records <= 2 * static_cast<std::int64_t>(order_.limits.question_records)) {
      TRY(together, PulledRecords::read(shard_.client, db_, rows_condition(copies, reports), 0));
    }
    return each_copy(copies,
                     [&](const KeptCopy& copy) { return write_copy(copy, reports, together ? &*together : nullptr); });
  }

  model::Result<void> write_copy(const KeptCopy& copy, const Reports& reports, const PulledRecords* together) {
    const auto& pulled = reports.at({copy.identity_key, copy.batch});
    TRY_VOID(writer_.begin_copy(pulled.report, row_of(copy, pulled.ingester)));
    std::int64_t written = 0;
    const auto take = [this, &written](const store::ShippedRecord& record) {
      ++written;
      return writer_.add_record(record);
    };
    if (together != nullptr) {
      TRY_VOID(together->each(copy.identity_key, copy.batch, take));
    } else {
      TRY_VOID(take_pages(copy, reports, take));
    }
    if (written != pulled.report.records) return model::failure(incomplete(copy));
    TRY_VOID(writer_.end_copy());
    ++counts_.reports;
    counts_.records += written;
    return {};
  }

  // A report that is too large for one answer.
  model::Result<void> take_pages(const KeptCopy& copy, const Reports& reports, const PulledRecords::Take& take) {
    const auto condition = rows_condition(std::span(&copy, 1), reports);
    std::int64_t last = 0;
    while (true) {
      TRY(const auto page,
          PulledRecords::read(shard_.client, db_, fmt::format("{} AND row_number > {}", condition, last),
                              order_.limits.question_records));
      TRY(const auto reached, page.each(copy.identity_key, copy.batch, take));
      if (reached == 0) return {};
      last = reached;
    }
  }

  [[nodiscard]] std::string source_text(std::uint64_t ingester) const {
    const auto name = shard_.ingesters.find(ingester);
    const bool is_named = name != shard_.ingesters.end() && !name->second.empty();
    return fmt::format("cluster {}, ingester {}", db_,
                       is_named ? printable_answer(name->second) : fmt::format("{:016x}", ingester));
  }

  ShardNow& shard_;
  const PullOrder& order_;
  const std::string& db_;
  store::PulledWriter& writer_;
  bool is_first_;
  PullCounts& counts_;
};

}  // namespace

model::Result<void> pull_from_shard(const ShardPullTools& tools, const WantedReports& wanted, PullCounts& counts) {
  return ShardPull(tools, counts).take(wanted);
}

model::Result<std::set<std::uint64_t>> origins_of(Client& client, const std::string& database,
                                                  const std::set<std::uint64_t>& batches) {
  std::set<std::uint64_t> origins;
  if (batches.empty()) return origins;
  TRY(const auto found, client.ask(fmt::format("SELECT DISTINCT origin FROM {}.by_identity_local WHERE batch IN ({})",
                                               database, number_list(batches)),
                                   1));
  for (const auto& row : found.rows) origins.insert(number_of(row[0]));
  return origins;
}

}  // namespace ruaudit::cluster
