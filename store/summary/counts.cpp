#include "store/summary/counts.hpp"

#include <algorithm>

namespace ruaudit::store {
namespace {

using model::AlignedResult;
using model::Disposition;
using model::Result;
using model::ResultClass;

constexpr std::int64_t rows_per_report = 1LL << 24;  // record id = report id * 2^24 + row number

template <class E>
E enum_at(const ReadStatement& row, int column) {
  return model::parse_enum<E>(row.text(column)).value_or(E{});
}

// The columns of verdict, and of result_class after its id, in this order.
ResultClass read_class(const ReadStatement& row) {
  ResultClass of;
  of.disposition = enum_at<Disposition>(row, 1);
  of.dkim = enum_at<AlignedResult>(row, 2);
  of.spf = enum_at<AlignedResult>(row, 3);
  of.dkim_auth = enum_at<model::AuthOutcome>(row, 4);
  of.spf_auth = enum_at<model::AuthOutcome>(row, 5);
  of.overridden = row.integer(6) != 0;
  return of;
}

// record.self_check, as store/schema.sql packs it.
void unpack_self_check(std::int64_t packed, ResultClass& of) {
  constexpr model::Alignment alignments[] = {model::Alignment::undecidable, model::Alignment::aligned,
                                             model::Alignment::not_aligned, model::Alignment::undecidable};
  of.our_dkim = alignments[packed & 3];
  of.our_spf = alignments[(packed >> 2) & 3];
  of.contradiction = static_cast<std::uint8_t>((packed >> 4) & 15);
}

void add(SourceTotals& sums, const ResultClass& of, std::int64_t messages) {
  const bool dkim = of.dkim == AlignedResult::pass;
  const bool spf = of.spf == AlignedResult::pass;
  sums.messages += messages;
  sums.passed += dkim || spf ? messages : 0;
  sums.dkim_aligned += dkim ? messages : 0;
  sums.spf_aligned += spf ? messages : 0;
  sums.rejected += of.disposition == Disposition::reject ? messages : 0;
  sums.quarantined += of.disposition == Disposition::quarantine ? messages : 0;
}

void add_times(SourceTotals& sums, std::int64_t first, std::int64_t last) {
  sums.first_seen = sums.has_times ? std::min(sums.first_seen, first) : first;
  sums.last_seen = sums.has_times ? std::max(sums.last_seen, last) : last;
  sums.has_times = true;
}

// The rows of reports, one report after the other; a verdict is looked up once.
class RowReader {
 public:
  static Result<RowReader> create(const ReadConnection& connection) {
    TRY(auto rows, ReadStatement::prepare(connection,
                                          "SELECT source_id, count, verdict_id, self_check FROM record "
                                          "WHERE id BETWEEN ?1 AND ?2 AND source_id IS NOT NULL AND count > 0"));
    TRY(auto verdicts, ReadStatement::prepare(connection,
                                              "SELECT id, disposition, dkim, spf, dkim_auth, spf_auth, overridden "
                                              "FROM verdict WHERE id = ?1"));
    return RowReader(std::move(rows), std::move(verdicts));
  }

  Result<void> read(const SelectedReport& report, ClassSums& classes, SourceTable& sources) {
    rows_.bind(1, report.id * rows_per_report).bind(2, (report.id + 1) * rows_per_report - 1);
    for (;;) {
      TRY(const bool has_row, rows_.step());
      if (!has_row) break;
      const auto messages = rows_.integer(1);
      TRY(ResultClass of, verdict(rows_.integer(2)));
      unpack_self_check(rows_.integer(3), of);
      of.authenticity = report.authenticity;
      if (report.needs_totals) {
        auto& sums = classes[of];
        ++sums.records;
        sums.messages += messages;
      }
      if (!report.needs_sources) continue;
      auto& source = sources[rows_.integer(0)];
      add(source, of, messages);
      if (report.has_dates) add_times(source, report.date_begin, report.date_end);
    }
    rows_.reset();
    return {};
  }

 private:
  static constexpr std::size_t max_cached_verdicts = 100'000;

  RowReader(ReadStatement rows, ReadStatement verdicts) : rows_(std::move(rows)), verdicts_(std::move(verdicts)) {}

  Result<ResultClass> verdict(std::int64_t id) {
    if (const auto known = cache_.find(id); known != cache_.end()) return known->second;
    ResultClass of;
    verdicts_.bind(1, id);
    TRY_VOID(for_each_row(verdicts_, [&of](const ReadStatement& row) { of = read_class(row); }));
    if (cache_.size() >= max_cached_verdicts) cache_.clear();
    cache_.emplace(id, of);
    return of;
  }

  ReadStatement rows_, verdicts_;
  std::unordered_map<std::int64_t, ResultClass> cache_;
};

}  // namespace

Result<RowSums> sum_rows(const ReadConnection& connection, const Selection& selection) {
  RowSums sums;
  sums.classes.resize(selection.domains.size());
  sums.sources.resize(selection.domains.size());
  TRY(auto reader, RowReader::create(connection));
  for (const auto& report : selection.reports)
    if (report.needs_totals || report.needs_sources)
      TRY_VOID(reader.read(report, sums.classes[report.domain], sums.sources[report.domain]));
  return sums;
}

Result<void> add_day_rollup(const ReadConnection& connection, const Selection& selection, std::size_t domain,
                            ClassSums& sums) {
  const auto& coverage = selection.coverage;
  if (coverage.first_day > coverage.last_day) return {};
  std::unordered_map<std::int64_t, ClassSum> by_class;
  TRY(auto rows, ReadStatement::prepare(connection,
                                        "SELECT class_id, records, messages FROM domain_day "
                                        "WHERE domain_id = ?1 AND day BETWEEN ?2 AND ?3"));
  rows.bind(1, selection.domains[domain].id).bind(2, coverage.first_day).bind(3, coverage.last_day);
  TRY_VOID(for_each_row(rows, [&](const ReadStatement& row) {
    auto& one = by_class[row.integer(0)];
    one.records += row.integer(1);
    one.messages += row.integer(2);
  }));
  TRY(auto classes,
      ReadStatement::prepare(connection,
                             "SELECT id, disposition, dkim, spf, dkim_auth, spf_auth, overridden, our_dkim,"
                             " our_spf, contradiction, authenticity FROM result_class"));
  return for_each_row(classes, [&](const ReadStatement& row) {
    const auto found = by_class.find(row.integer(0));
    if (found == by_class.end()) return;
    auto of = read_class(row);
    of.our_dkim = enum_at<model::Alignment>(row, 7);
    of.our_spf = enum_at<model::Alignment>(row, 8);
    of.contradiction = static_cast<std::uint8_t>(row.integer(9) & 15);
    of.authenticity = enum_at<model::Authenticity>(row, 10);
    if (selection.admission == Admission::authenticated && of.authenticity != model::Authenticity::authenticated)
      return;
    sums[of].records += found->second.records;
    sums[of].messages += found->second.messages;
  });
}

Result<void> add_month_rollup(const ReadConnection& connection, const Selection& selection, std::size_t domain,
                              SourceTable& sources) {
  const auto& coverage = selection.coverage;
  if (coverage.first_month > coverage.last_month) return {};
  TRY(auto rows, ReadStatement::prepare(connection,
                                        "SELECT source_id, messages, passed, dkim_aligned, spf_aligned, rejected, "
                                        "quarantined, first_seen, last_seen FROM domain_month_source "
                                        "WHERE domain_id = ?1 AND month BETWEEN ?2 AND ?3"));
  rows.bind(1, selection.domains[domain].id).bind(2, coverage.first_month).bind(3, coverage.last_month);
  return for_each_row(rows, [&](const ReadStatement& row) {
    auto& source = sources[row.integer(0)];
    source.messages += row.integer(1);
    source.passed += row.integer(2);
    source.dkim_aligned += row.integer(3);
    source.spf_aligned += row.integer(4);
    source.rejected += row.integer(5);
    source.quarantined += row.integer(6);
    if (row.integer(8) > 0) add_times(source, row.integer(7), row.integer(8));
  });
}

}  // namespace ruaudit::store
