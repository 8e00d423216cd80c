#include "cluster/care/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "cluster/care/care.hpp"
#include "cluster/care/seal_plan.hpp"
#include "cluster/care/seal_runs.hpp"
#include "cluster/replica/writer.hpp"
#include "cluster/rows/batch_rows.hpp"
#include "cluster/rows/failure_rows.hpp"
#include "cluster/rows/rows.hpp"
#include "cluster/rows/tls_rows.hpp"
#include "cluster/schema/shard_map.hpp"
#include "cluster/server/answer.hpp"
#include "cluster/ship/attempt.hpp"
#include "cluster/ship/probe.hpp"
#include "model/counted.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::cluster {
namespace {

struct OldBatch {
  std::uint64_t reports = 0, records = 0;
};
struct Month {
  std::uint32_t number = 0;  // 202609
  std::map<std::uint64_t, OldBatch> batches{};
  std::uint64_t records = 0, reports = 0;
  std::int64_t last_commit = 0;
  bool has_shipped = false;        // since the last sealing
  std::set<std::uint64_t> runs{};  // of sealing, whose batches are there
};
// Also where two sealings at once have left their batches beside each other: the next one takes both.
bool is_sealed(const Month& month) { return !month.has_shipped && month.runs.size() == 1; }

struct Months {
  std::map<std::uint32_t, Month> months;
  std::int64_t now = 0;  // the server's
};

model::Result<Months> read_months(Client& client, const Place& place) {
  TRY(const auto found, client.ask(fmt::format(R"(
    SELECT max(month), batch, max(reports), max(records), toUInt32(max(made_at)), max(ingester), toUInt32(now())
    FROM {}.batch_local GROUP BY batch HAVING max(state) = 1 AND max(month) > 0)",
                                               place.database),
                                   7));
  Months all;
  for (const auto& row : found.rows) {
    const auto number = static_cast<std::uint32_t>(number_of(row[0]));
    Month& month = all.months[number];
    month.number = number;
    const OldBatch batch{number_of(row[2]), number_of(row[3])};
    month.batches[number_of(row[1])] = batch;
    month.reports += batch.reports;
    month.records += batch.records;
    month.last_commit = std::max(month.last_commit, static_cast<std::int64_t>(number_of(row[4])));
    if (number_of(row[5]) == sealing_ingester)
      month.runs.insert(seal_run_of(number_of(row[1])));
    else
      month.has_shipped = true;
    all.now = static_cast<std::int64_t>(number_of(row[6]));
  }
  return all;
}

// A batch that this sealing writes.
struct NewBatch {
  std::uint64_t number = 0;
  std::uint64_t headers_with_rows = 0;
  std::uint64_t reports = 0, records = 0;  // counted when they were copied
};

class MonthSeal {
 public:
  MonthSeal(Client& client, const Place& place, const Month& month, const SealLimits& limits)
      : client_(client), place_(place), db_(place.database), month_(month), limits_(limits) {
    std::set<std::uint64_t> old;
    for (const auto& [batch, facts] : month.batches) old.insert(batch);
    old_ = number_list(old);
  }

  // Nothing where another sealing of the month came first.
  model::Result<std::optional<std::vector<NewBatch>>> run() {
    TRY(chunks_, count_chunks());
    for (std::uint64_t chunk = 0; chunk < chunks_; ++chunk) TRY_VOID(seal_chunk(chunk));
    SealCommit commit(client_, place_, {month_.number, old_, {}});
    if (headers_seen_ < month_.reports) {
      TRY(const bool is_overtaken, commit.is_overtaken());
      if (is_overtaken) return std::optional<std::vector<NewBatch>>();
      return model::failure(lost_headers());
    }
    if (seconds_since_boot() - begun_at_ > limits_.deadline_seconds)
      return model::failure("cluster-paused", client_.url() + ": sealing took too long, and nothing was changed",
                            "run it again when the server is less busy");
    RUAUDIT_FAIL_POINT("cluster.seal_rows");
    TRY_VOID(check_writer(client_, place_));
    for (const auto& batch : made_) commit.add(batch.number, batch.reports, batch.records);
    TRY_VOID(commit.run());
    RUAUDIT_FAIL_POINT("cluster.sealed");
    TRY(const bool holds, commit.look_back());
    if (!holds) return std::optional<std::vector<NewBatch>>();
    return std::optional(std::move(made_));
  }

 private:
  static constexpr std::uint64_t most_chunks = 256;

  // Headers of TLS and failure reports, and those without rows, have no records.
  model::Result<std::uint64_t> count_chunks() {
    TRY(const auto found,
        client_.ask(fmt::format("SELECT count() FROM {}.by_identity_local WHERE batch IN ({})", db_, old_), 1));
    const auto headers = found.rows.empty() ? 0 : number_of(found.rows[0][0]);
    const auto chunks = std::max(month_.records / limits_.batch_records, headers / limits_.chunk_headers) + 1;
    return std::min(chunks, most_chunks);
  }

  // What has no header would not be copied.
  [[nodiscard]] model::Error lost_headers() const {
    return {"cluster-lost",
            fmt::format("{}: of {} in {} only {} have a header; nothing was changed", client_.url(),
                        model::counted(month_.reports, "report"), month_text(month_.number), headers_seen_),
            "run `ruaudit cluster audit --repair`, and seal when the ingesters have shipped them again"};
  }

  model::Result<void> seal_chunk(std::uint64_t chunk) {
    TRY(const auto seen,
        headers_where(client_, db_, fmt::format("batch IN ({})", old_),
                      fmt::format("identity_key IN (SELECT identity_key FROM {}.by_identity_local"
                                  " WHERE batch IN ({}) AND cityHash64(identity_key) % {} = {}) AND {}",
                                  db_, old_, chunks_, chunk, committed_headers())));
    std::vector<NewBatch> batches;
    HeaderRows headers;
    for (const auto& [key, of_report] : seen) plan(of_report, batches, headers);
    if (batches.empty()) return {};
    TRY_VOID(note(batches));
    TRY_VOID(client_.insert(into("by_identity_local", headers.block()), headers.block().octets()));
    RUAUDIT_FAIL_POINT("cluster.seal_headers");
    TRY_VOID(mark_contested(batches));
    for (auto& batch : batches) TRY_VOID(copy_rows(batch));
    made_.insert(made_.end(), batches.begin(), batches.end());
    return {};
  }

  [[nodiscard]] std::string committed_headers() const {
    return fmt::format("batch IN (SELECT batch FROM {}.batch_local GROUP BY batch HAVING max(state) = 1)", db_);
  }

  // The first header of a report goes into the first batch, the second into the second: a batch has one of each report.
  void plan(const std::vector<SeenHeader>& seen, std::vector<NewBatch>& batches, HeaderRows& headers) {
    std::vector<SealedHeader> all;
    for (const auto& one : seen) {
      all.push_back({one.header, one.is_committed});
      if (one.is_committed && one.header.kind == HeaderKind::rows) ++headers_seen_;
    }
    const auto kept = headers_to_keep(all);
    while (batches.size() < kept.size()) batches.push_back({.number = numbers_.next()});
    for (std::size_t i = 0; i < kept.size(); ++i) {
      Header header = kept[i];
      header.sealed_from = std::exchange(header.batch, batches[i].number);
      if (header.kind == HeaderKind::rows) ++batches[i].headers_with_rows;
      headers.add(header);
    }
  }

  [[nodiscard]] std::string into(std::string_view table, const Block& block) const {
    return fmt::format("{}.{} ({})", db_, table, block.names());
  }

  // By it collect_dead() knows that they are on their way, however long that takes.
  model::Result<void> note(const std::vector<NewBatch>& batches) {
    BatchRows rows;
    for (const auto& batch : batches) rows.add({batch.number, month_.number, BatchState::begun, sealing_ingester});
    return client_.insert(into("batch_local", rows.block()), rows.block().octets());
  }

  static std::string numbers_of(const std::vector<NewBatch>& batches) {
    return joined(batches, [](const NewBatch& batch) { return fmt::format("{}", batch.number); });
  }

  model::Result<void> mark_contested(const std::vector<NewBatch>& batches) {
    return client_.run(fmt::format(
        "INSERT INTO {0}.contested_local (identity_key) SELECT identity_key FROM {0}.by_identity_local WHERE"
        " identity_key IN (SELECT identity_key FROM {0}.by_identity_local WHERE batch IN ({1})) AND batch NOT IN ({2})"
        " GROUP BY identity_key HAVING countIf(kind = 2) > 1 OR min(kind) = 0",
        db_, numbers_of(batches), old_));
  }

  // Partitions are months, but of days that a Date does not hold (cluster/rows/rows.hpp).
  [[nodiscard]] std::string of_month() const {
    constexpr std::uint32_t first = 197'002, last = 210'511;
    return month_.number < first || month_.number > last ? "1" : fmt::format("toYYYYMM(day) = {}", month_.number);
  }

  model::Result<void> copy_rows(NewBatch& batch) {
    if (batch.headers_with_rows == 0) return {};
    TRY_VOID(copy_table("record_local", RecordRows().block(), batch.number));
    TRY_VOID(copy_table("report_local", ReportRows().block(), batch.number));
    TRY_VOID(copy_table("tls_report_local", TlsReportRows().block(), batch.number));
    TRY_VOID(copy_table("failure_local", FailureFactRows().block(), batch.number));
    return count_rows(batch);
  }

  model::Result<void> copy_table(std::string_view table, const Block& columns, std::uint64_t number) {
    std::string values = columns.names();
    constexpr std::string_view batch_column = "`batch`";
    values.replace(values.find(batch_column), batch_column.size(), fmt::format("toUInt64({})", number));
    return client_.run(fmt::format(
        "INSERT INTO {0}.{1} ({2}, origin) SELECT {3}, origin FROM {0}.{1} WHERE {4} AND (identity_key, batch) IN"
        " (SELECT identity_key, sealed_from FROM {0}.by_identity_local WHERE batch = {5} AND kind = 2)",
        db_, table, columns.names(), values, of_month(), number));
  }

  model::Result<void> count_rows(NewBatch& batch) {
    TRY(const auto reports, client_.ask(fmt::format(R"(
      SELECT count(), sum(n) FROM (SELECT identity_key, max(r) AS n FROM (
        SELECT identity_key, toUInt64(records) AS r FROM {0}.report_local WHERE batch = {1} AND {2} UNION ALL
        SELECT identity_key, toUInt64(0) AS r FROM {0}.tls_report_local WHERE batch = {1} AND {2} UNION ALL
        SELECT identity_key, toUInt64(0) AS r FROM {0}.failure_local WHERE batch = {1} AND {2}) GROUP BY identity_key))",
                                                    db_, batch.number, of_month()),
                                        2));
    TRY(const auto records,
        client_.ask(
            fmt::format("SELECT uniqExact(identity_key, row_number) FROM {}.record_local WHERE batch = {} AND {}", db_,
                        batch.number, of_month()),
            1));
    if (reports.rows.size() == 1 && records.rows.size() == 1) {
      batch.reports = number_of(reports.rows[0][0]);
      batch.records = number_of(records.rows[0][0]);
      if (batch.reports == batch.headers_with_rows && batch.records == number_of(reports.rows[0][1])) return {};
    }
    const auto wanted = reports.rows.size() == 1 ? number_of(reports.rows[0][1]) : 0;
    return model::failure(
        "cluster-incomplete",
        fmt::format("{}: of {} with {} in {} only {} with {} could be copied; nothing was changed", client_.url(),
                    model::counted(batch.headers_with_rows, "report"), model::counted(wanted, "record"),
                    month_text(month_.number), batch.reports, batch.records),
        "run `ruaudit cluster audit`: it tells what is lost");
  }

  Client& client_;
  const Place& place_;
  const std::string& db_;
  const Month& month_;
  const SealLimits& limits_;
  const std::int64_t begun_at_ = seconds_since_boot();
  std::string old_;  // the batches of the month
  std::uint64_t chunks_ = 1, headers_seen_ = 0;
  SealNumbers numbers_;
  std::vector<NewBatch> made_;
};

bool is_to_be_sealed(const Month& month, const SealOrder& order, std::int64_t now) {
  if (is_sealed(month) || month.number >= order.current_month) return false;
  if (order.month) return month.number == *order.month;
  return month.last_commit <= now - order.quiet_seconds;
}

model::Result<void> check_whole(const Client& client, const Month& month, const std::vector<LostBatch>& lost) {
  const auto count = std::count_if(lost.begin(), lost.end(),
                                   [&month](const LostBatch& one) { return month.batches.contains(one.batch); });
  if (count == 0) return {};
  return model::failure(
      "cluster-lost",
      fmt::format("{}: {} of {} lost rows", client.url(),
                  model::counted(static_cast<std::uint64_t>(count), "batch", "batches"), month_text(month.number)),
      "run `ruaudit cluster audit --repair`, and seal when the ingesters have shipped them again");
}

}  // namespace

model::Result<SealCounts> seal(Client& client, const Place& place, const SealOrder& order) {
  TRY(const auto all, read_months(client, place));
  std::vector<const Month*> wanted;
  for (const auto& [number, month] : all.months)
    if (is_to_be_sealed(month, order, all.now)) wanted.push_back(&month);
  SealCounts counts;
  if (wanted.empty()) return counts;
  TRY(const auto lost, find_lost(client, place));
  for (const auto* const month : wanted) {
    TRY_VOID(check_whole(client, *month, lost));
    TRY(const auto made, MonthSeal(client, place, *month, order.limits).run());
    if (!made) continue;
    ++counts.months;
    counts.batches_before += month->batches.size();
    counts.reports_before += month->reports;
    counts.records_before += month->records;
    counts.batches += made->size();
    for (const auto& batch : *made) {
      counts.reports += batch.reports;
      counts.records += batch.records;
    }
  }
  return counts;
}

}  // namespace ruaudit::cluster
