#include "store/summary/queries.hpp"

#include <algorithm>
#include <tuple>

#include "store/sqlite/read_connection.hpp"
#include "store/summary/counts.hpp"
#include "store/summary/details.hpp"
#include "store/summary/samples.hpp"
#include "store/summary/selection.hpp"
#include "store/summary/tls_sums.hpp"

namespace ruaudit::store {
namespace {

using model::DomainFacts;
using model::Result;
using model::SourceFacts;
using model::SummaryFacts;

std::vector<model::ClassTotal> class_totals(const ClassSums& sums) {
  std::vector<model::ClassTotal> totals;
  for (const auto& [of, sum] : sums) totals.push_back({of, sum.records, sum.messages});
  std::stable_sort(totals.begin(), totals.end(), [](const auto& a, const auto& b) { return a.messages > b.messages; });
  return totals;
}

// The ids of the `limit` sources with the most of what `weight` counts, none where that is zero. Of equal ones the
// address decides: not which of them was met first.
template <class Weight>
Result<std::vector<std::int64_t>> top_ids(SourceDetailReader& details, const SourceTable& sources, std::size_t limit,
                                          Weight weight) {
  struct Candidate {
    std::int64_t weight, id;
    std::string address;
  };
  std::vector<Candidate> candidates;
  for (const auto& [id, sums] : sources)
    if (weight(sums) > 0) candidates.push_back({weight(sums), id, {}});
  std::vector<std::int64_t> ids;
  const auto kept = std::min(limit, candidates.size());
  if (kept == 0) return ids;
  const auto last = candidates.begin() + static_cast<std::ptrdiff_t>(kept - 1);
  std::nth_element(candidates.begin(), last, candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
  std::erase_if(candidates, [least = last->weight](const Candidate& one) { return one.weight < least; });
  for (Candidate& one : candidates) {
    TRY(one.address, details.address(one.id));
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(b.weight, a.address) < std::tie(a.weight, b.address);
  });
  for (std::size_t i = 0; i < kept; ++i) ids.push_back(candidates[i].id);
  return ids;
}

class SummaryReader {
 public:
  SummaryReader(const ReadConnection& connection, const SummaryRequest& request, Selection& selection)
      : connection_(connection), request_(request), selection_(selection) {}

  Result<void> read() {
    TRY(auto rows, sum_rows(connection_, selection_));
    const auto lists =
        static_cast<std::int64_t>(2 * request_.top_sources * std::max<std::size_t>(1, selection_.domains.size()));
    const auto per_source = std::clamp<std::int64_t>(request_.detail_rows / std::max<std::int64_t>(lists, 1), 50, 5000);
    TRY(auto details, SourceDetailReader::create(connection_, selection_, per_source));
    TRY(auto samples, SourceSampleReader::create(connection_, request_.period));
    for (std::size_t i = 0; i < selection_.domains.size(); ++i) {
      TRY_VOID(add_day_rollup(connection_, selection_, i, rows.classes[i]));
      selection_.domains[i].facts.totals = class_totals(rows.classes[i]);
      TRY_VOID(add_month_rollup(connection_, selection_, i, rows.sources[i]));
      TRY_VOID(list_sources(details, i, rows.sources[i]));
      TRY_VOID(count_samples(samples, selection_.domains[i].facts));
      rows.sources[i] = {};
    }
    TRY_VOID(count_contradictions());
    return count_defects();
  }

 private:
  Result<void> list_sources(SourceDetailReader& details, std::size_t domain, SourceTable& sources) {
    auto& facts = selection_.domains[domain].facts;
    facts.sources = static_cast<std::int64_t>(sources.size());
    facts.failing_sources =
        std::count_if(sources.begin(), sources.end(), [](const auto& source) { return source.second.failed() > 0; });
    const auto most = request_.top_sources;
    TRY(const auto by_failed, top_ids(details, sources, most, [](const SourceTotals& s) { return s.failed(); }));
    TRY(const auto by_messages, top_ids(details, sources, most, [](const SourceTotals& s) { return s.messages; }));
    for (const auto id : by_failed) {
      TRY(auto source, describe(details, domain, id, sources[id]));
      facts.failing_top.push_back(std::move(source));
    }
    for (const auto id : by_messages) {
      const auto known = std::find(by_failed.begin(), by_failed.end(), id);
      if (known != by_failed.end()) {
        facts.top_sources.push_back(facts.failing_top[static_cast<std::size_t>(known - by_failed.begin())]);
        continue;
      }
      TRY(auto source, describe(details, domain, id, sources[id]));
      facts.top_sources.push_back(std::move(source));
    }
    return {};
  }

  static Result<void> count_samples(SourceSampleReader& reader, DomainFacts& facts) {
    for (auto* list : {&facts.failing_top, &facts.top_sources})
      for (SourceFacts& source : *list) {
        TRY(source.samples, reader.read(source.address, facts.domain));
      }
    return {};
  }

  static Result<SourceFacts> describe(SourceDetailReader& details, std::size_t domain, std::int64_t id,
                                      const SourceTotals& sums) {
    SourceFacts source;
    TRY(source.address, details.address(id));
    source.messages = sums.messages;
    source.passed = sums.passed;
    source.dkim_aligned = sums.dkim_aligned;
    source.spf_aligned = sums.spf_aligned;
    source.rejected = sums.rejected;
    source.quarantined = sums.quarantined;
    if (sums.has_times) source.first_seen = sums.first_seen;
    if (sums.has_times) source.last_seen = sums.last_seen;
    TRY(source.details, details.read(domain, id));
    return source;
  }

  // Rows that contradict themselves are few and have an index of their own.
  Result<void> count_contradictions() {
    if (selection_.reports.empty() || !has_contradictions()) return {};
    TRY(auto rows, ReadStatement::prepare(connection_,
                                          "SELECT report_id, count FROM record WHERE self_check > 15 AND count > 0 "
                                          "AND source_id IS NOT NULL"));
    return for_each_row(rows, [this](const ReadStatement& row) {
      const auto* report = selection_.find(row.integer(0));
      if (report == nullptr) return;
      auto& reporter = selection_.domains[report->domain].reporters.at(report->reporter_id);
      ++reporter.contradicting_records;
      reporter.contradicting_messages += row.integer(1);
    });
  }

  [[nodiscard]] bool has_contradictions() const {
    return std::any_of(selection_.domains.begin(), selection_.domains.end(), [](const SelectedDomain& domain) {
      return std::any_of(domain.facts.totals.begin(), domain.facts.totals.end(),
                         [](const model::ClassTotal& total) { return total.of.contradiction != 0; });
    });
  }

  Result<void> count_defects() {
    if (selection_.reports.empty()) return {};
    std::vector<std::map<std::string, model::DefectCount>> found(selection_.domains.size());
    TRY(auto rows, ReadStatement::prepare(connection_,
                                          "SELECT report_id, code, count(*) FROM defect WHERE report_id BETWEEN ?1 AND "
                                          "?2 GROUP BY report_id, code"));
    rows.bind(1, selection_.reports.front().id).bind(2, selection_.reports.back().id);
    TRY_VOID(for_each_row(rows, [&](const ReadStatement& row) {
      const auto* report = selection_.find(row.integer(0));
      if (report == nullptr) return;
      auto& defect = found[report->domain][std::string(row.text(1))];
      defect.code = row.text(1);
      ++defect.reports;
      defect.occurrences += row.integer(2);
    }));
    for (std::size_t i = 0; i < found.size(); ++i) {
      auto& list = selection_.domains[i].facts.defects;
      for (auto& [code, defect] : found[i]) list.push_back(std::move(defect));
      std::stable_sort(list.begin(), list.end(),
                       [](const auto& a, const auto& b) { return a.occurrences > b.occurrences; });
    }
    return {};
  }

  const ReadConnection& connection_;
  const SummaryRequest& request_;
  Selection& selection_;
};

Result<std::vector<model::LedgerCount>> ledger_counts(const ReadConnection& connection, const model::Period& period) {
  constexpr std::string_view all_sql = "SELECT outcome, coalesce(code, '') FROM ledger_part";
  constexpr std::string_view period_sql =
      "SELECT q.outcome, coalesce(q.code, '') FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id "
      "WHERE l.received >= ?1 AND l.received < ?2";
  TRY(auto rows, ReadStatement::prepare(connection, period.is_all() ? all_sql : period_sql));
  if (!period.is_all()) rows.bind(1, period.begin).bind(2, period.end);
  // Counted here: SQLite would sort all parts to group them, and there are few groups.
  std::vector<model::LedgerCount> counts;
  TRY_VOID(for_each_row(rows, [&counts](const ReadStatement& row) {
    const auto outcome = row.text(0), code = row.text(1);
    const auto at = std::find_if(counts.begin(), counts.end(), [&](const model::LedgerCount& count) {
      return count.outcome == outcome && count.code == code;
    });
    if (at != counts.end())
      ++at->parts;
    else
      counts.push_back({std::string(outcome), std::string(code), 1});
  }));
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.parts != b.parts ? a.parts > b.parts : std::tie(a.outcome, a.code) < std::tie(b.outcome, b.code);
  });
  return counts;
}

std::int64_t messages_of(const DomainFacts& facts) {
  std::int64_t sum = 0;
  for (const auto& total : facts.totals) sum += total.messages;
  return sum;
}

SummaryFacts collect(Selection&& selection, const model::Period& period) {
  SummaryFacts facts;
  facts.period = period;
  facts.first_day = std::move(selection.first_day);
  facts.last_day = std::move(selection.last_day);
  facts.missing_domains = std::move(selection.missing_domains);
  for (auto& domain : selection.domains) {
    for (auto& [id, reporter] : domain.reporters) domain.facts.reporters.push_back(std::move(reporter));
    std::stable_sort(domain.facts.reporters.begin(), domain.facts.reporters.end(), [](const auto& a, const auto& b) {
      return a.messages != b.messages ? a.messages > b.messages : a.name < b.name;
    });
    facts.domains.push_back(std::move(domain.facts));
  }
  std::stable_sort(facts.domains.begin(), facts.domains.end(),
                   [](const DomainFacts& a, const DomainFacts& b) { return messages_of(a) > messages_of(b); });
  return facts;
}

}  // namespace

Result<SummaryFacts> read_summary_facts(const std::string& database_path, const SummaryRequest& request) {
  TRY(auto connection, ReadConnection::open(database_path));
  TRY_VOID(connection.execute("BEGIN"));  // one snapshot for all that follows; closing ends it
  TRY(auto selection, select_reports(connection, request));
  SummaryReader reader(connection, request, selection);
  TRY_VOID(reader.read());
  auto facts = collect(std::move(selection), request.period);
  TRY(facts.ledger, ledger_counts(connection, request.period));
  TRY(facts.tls, tls_sums(connection, request));
  return facts;
}

}  // namespace ruaudit::store
