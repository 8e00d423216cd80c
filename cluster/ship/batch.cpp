#include "cluster/ship/batch.hpp"

#include <fmt/format.h>

#include "cluster/mutant.hpp"
#include "cluster/replica/writer.hpp"
#include "cluster/rows/batch_rows.hpp"
#include "cluster/rows/failure_rows.hpp"
#include "cluster/rows/tls_rows.hpp"
#include "cluster/schema/shard_map.hpp"
#include "cluster/ship/attempt.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::cluster {
namespace {

class Sender {
 public:
  Sender(const BatchTools& tools, std::span<const store::OutboxRow> rows) : tools_(tools), rows_(rows) {}

  model::Result<BatchResult> run() {
    for (const auto& row : rows_) keys_.push_back(row.identity_key);
    TRY(seen_, probe(tools_.client, tools_.place.database, keys_));
    RUAUDIT_FAIL_POINT("cluster.probed");
    batch_ = new_batch_number();
    TRY_VOID(tools_.reader.begin());  // one moment of the database
    const auto sent = send_rows();
    tools_.reader.end();
    if (!sent) return model::failure(sent.error());
    // Where nothing is sent, what the server says is there might still be out of date.
    TRY_VOID(result_.is_sent ? finish() : check_writer(tools_.client, tools_.place));
    return std::move(result_);
  }

 private:
  model::Result<void> send_rows() {
    for (const auto& row : rows_) TRY_VOID(send_row(row));
    TRY_VOID(flush_records());
    TRY_VOID(flush_tls());
    if (failures_.size() > 0) TRY_VOID(insert("failure_local", failures_.block()));
    RUAUDIT_FAIL_POINT("cluster.records");
    return {};
  }

  model::Result<void> send_row(const store::OutboxRow& row) {
    TRY(const auto report, tools_.reader.report(row.report_key, row.identity_key));
    TRY(const auto tls, tools_.tls_reader.report(row.report_key, row.identity_key));
    TRY(const auto failure, tools_.failure_reader.report(row.report_key, row.identity_key));
    if ((report || tls || failure) == row.is_gone || (!row.is_elsewhere && is_moved(row, report, tls)))
      return {};  // changed meanwhile: a newer row of the outbox says it in its turn
    Header header{.identity_key = row.identity_key,
                  .batch = batch_,
                  .ingester = tools_.ingester,
                  .version = static_cast<std::uint64_t>(row.report_key),
                  .serial = 0,
                  .kind = HeaderKind::gone,
                  .content_hash = {},
                  .origin = batch_};
    if (report && !row.is_elsewhere) fill(header, *report);
    if (tls && !row.is_elsewhere) fill(header, *tls);
    if (failure && !row.is_elsewhere) fill(header, *failure);
    const auto& seen = seen_[row.identity_key];
    // A failure report is noted again when its table is written anew (store/failure/erase.hpp).
    const auto sending = choose_sending(header, row.since == 0 || failure, seen);
    header.serial = next_serial(header, seen);
    if (sending == Sending::nothing) {
      if (!row.is_elsewhere) ++result_.known;
    } else if (sending == Sending::rows) {
      if (report) TRY_VOID(send_report(*report, header));
      if (tls) TRY_VOID(send_tls(*tls, header));
      if (failure) send_failure(*failure, header);
    } else {
      if (!row.is_gone && !row.is_elsewhere) header.kind = HeaderKind::mention;
      add(header);
      ++result_.headers;
    }
    result_.told.push_back(row.seq);
    return {};
  }

  // Shard and batch were chosen by the day that it had (cluster/ship/ship.cpp).
  static bool is_moved(const store::OutboxRow& row, const std::optional<store::ShippedReport>& report,
                       const std::optional<store::ShippedTlsReport>& tls) {
    if (report)
      return month_of_day(report->day) != month_of_day(row.day) ||
             (report->date_begin || report->date_end) != row.is_dated;
    if (tls)
      return month_of_day(tls->day) != month_of_day(row.day) || (tls->date_begin || tls->date_end) != row.is_dated;
    return false;
  }

  template <class Report>
  static void fill_any(Header& header, const Report& report) {
    header.kind = HeaderKind::rows;
    header.content_hash = report.content_hash;
    header.is_damaged = report.is_damaged;
    header.is_authenticated = report.authenticity == "authenticated";
    header.first_seen = report.first_seen;
  }
  static void fill(Header& header, const store::ShippedReport& report) {
    fill_any(header, report);
    header.records = static_cast<std::uint32_t>(report.records);
  }
  static void fill(Header& header, const store::ShippedTlsReport& report) {
    fill_any(header, report);
    header.records = static_cast<std::uint32_t>(report.policies.size());
  }
  // What is verified wins over what is not, as a whole report over a truncated one.
  static void fill(Header& header, const store::ShippedFailure& failure) {
    header.kind = HeaderKind::rows;
    header.content_hash = failure.content_hash;
    header.is_damaged = failure.is_open;
    header.first_seen = failure.first_seen;
  }

  model::Result<void> send_report(const store::ShippedReport& report, const Header& header) {
    TRY_VOID(tools_.reader.records(report.report_key, [&](const store::ShippedRecord& record) -> model::Result<void> {
      TRY_VOID(records_.add(report, batch_, record));
      ++result_.records;
      return records_.size() < tools_.limits.block_records ? model::Result<void>{} : flush_records();
    }));
    TRY_VOID(reports_.add(report, header));
    ++result_.reports;
    add(header);
    return {};
  }

  model::Result<void> send_tls(const store::ShippedTlsReport& report, const Header& header) {
    TRY_VOID(tls_.add(report, header));
    ++result_.reports;
    add(header);
    return tls_.entries() < tools_.limits.block_records ? model::Result<void>{} : flush_tls();
  }

  void send_failure(const store::ShippedFailure& failure, const Header& header) {
    failures_.add(failure, header);
    ++result_.reports;
    add(header);
  }

  void add(const Header& header) {
    headers_.add(header);
    sent_keys_.push_back(header.identity_key);
    result_.is_sent = true;
  }

  model::Result<void> flush_records() {
    if (records_.size() == 0) return {};
    TRY_VOID(insert("record_local", records_.block()));
    records_ = {};
    return {};
  }

  model::Result<void> flush_tls() {
    if (tls_.size() == 0) return {};
    TRY_VOID(insert("tls_report_local", tls_.block()));
    tls_ = {};
    return {};
  }

  // Who was held up so long may be taken for dead at any moment, and looking after the commit would be too early.
  model::Result<void> take_step() {
    const auto former = std::exchange(stepped_at_, seconds_since_boot());
    if (former == 0 || stepped_at_ - former <= tools_.limits.pause_seconds) return {};
    return model::failure("cluster-paused", tools_.client.url() + ": a batch was held up for too long",
                          "it is shipped again next time");
  }

  model::Result<void> insert(std::string_view table, const Block& block) {
    TRY_VOID(take_step());
    return tools_.client.insert(fmt::format("{}.{} ({})", tools_.place.database, table, block.names()), block.octets());
  }

  model::Result<void> finish() {
    if (reports_.size() > 0) TRY_VOID(insert("report_local", reports_.block()));
    TRY_VOID(insert("by_identity_local", headers_.block()));
    RUAUDIT_FAIL_POINT("cluster.headers");
    TRY_VOID(check_writer(tools_.client, tools_.place));
    if (is_mutant(Mutant::late_contested)) {
      TRY_VOID(commit());
      RUAUDIT_FAIL_POINT("cluster.contested");
      return mark_contested();
    }
    if (!is_mutant(Mutant::no_contested)) TRY_VOID(mark_contested());
    RUAUDIT_FAIL_POINT("cluster.contested");
    TRY_VOID(commit());
    RUAUDIT_FAIL_POINT("cluster.committed");
    return check_commit();
  }

  // Who collected this attempt as dead meanwhile wins. What is sealed already was committed.
  model::Result<void> check_commit() {
    TRY(const auto rows,
        tools_.client.ask(
            fmt::format("SELECT max(state) FROM {}.batch_local WHERE batch = {}", tools_.place.database, batch_), 1));
    TRY_VOID(take_step());
    if (rows.rows.size() == 1 && (rows.rows[0][0] == "1" || rows.rows[0][0] == "3")) return {};
    return model::failure("cluster-collected",
                          tools_.client.url() + ": a batch took so long that it was collected as dead",
                          "it is shipped again next time");
  }

  model::Result<void> mark_contested() {
    TRY(const auto seen, probe(tools_.client, tools_.place.database, sent_keys_));
    Fixed keys(16);
    std::uint64_t number = 0;
    for (const auto& [key, headers] : seen) {
      if (!is_contested(headers)) continue;
      keys.add(key);
      ++number;
    }
    if (number == 0) return {};
    Block block(number);
    block.add("identity_key", "FixedString(16)", keys.octets());
    return insert("contested_local", block);
  }

  model::Result<void> commit() {
    BatchRows row;
    row.add({batch_, rows_.front().is_elsewhere ? 0 : month_of_day(rows_.front().day), BatchState::committed,
             tools_.ingester, static_cast<std::uint64_t>(result_.reports),
             static_cast<std::uint64_t>(result_.records)});
    return insert("batch_local", row.block());
  }

  const BatchTools& tools_;
  std::span<const store::OutboxRow> rows_;
  std::vector<store::Digest> keys_, sent_keys_;
  Seen seen_;
  std::uint64_t batch_ = 0;
  std::int64_t stepped_at_ = 0;  // 0: nothing is sent yet
  RecordRows records_;
  ReportRows reports_;
  TlsReportRows tls_;
  FailureFactRows failures_;
  HeaderRows headers_;
  BatchResult result_;
};

}  // namespace

model::Result<BatchResult> send_batch(const BatchTools& tools, std::span<const store::OutboxRow> rows) {
  return Sender(tools, rows).run();
}

}  // namespace ruaudit::cluster
