#include "store/summary/details.hpp"

#include <algorithm>

namespace ruaudit::store {
namespace {

using model::MessageCount;
using model::Result;

constexpr std::size_t max_names = 8;       // per list
constexpr std::size_t max_reporters = 40;  // the list of those who saw it is worth more
constexpr std::size_t max_cached_verdicts = 20'000;

using Counts = std::map<std::string, std::int64_t, std::less<>>;

void add(Counts& counts, std::string_view name, std::int64_t messages) {
  const auto at = counts.find(name);
  if (at != counts.end())
    at->second += messages;
  else
    counts.emplace(std::string(name), messages);
}

void add_all(Counts& counts, const std::vector<std::string>& names, std::int64_t messages) {
  for (const auto& name : names) add(counts, name, messages);
}

std::vector<MessageCount> most(const Counts& counts, std::size_t limit) {
  std::vector<MessageCount> list;
  for (const auto& [name, messages] : counts) list.push_back({name, messages});
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.messages > b.messages; });
  if (list.size() > limit) list.resize(limit);
  return list;
}

void append_once(std::vector<std::string>& names, std::string_view name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

struct DetailCounts {
  Counts dkim, spf, failed_dkim, header_froms, envelope_froms, reporters, overrides, arc;

  [[nodiscard]] model::SourceDetails finish(std::int64_t rows, bool is_complete) const {
    model::SourceDetails details;
    details.rows = rows;
    details.is_complete = is_complete;
    details.dkim_domains = most(dkim, max_names);
    details.spf_domains = most(spf, max_names);
    details.failed_dkim_domains = most(failed_dkim, max_names);
    details.header_froms = most(header_froms, max_names);
    details.envelope_froms = most(envelope_froms, max_names);
    details.reporters = most(reporters, max_reporters);
    details.overrides = most(overrides, max_names);
    details.arc_domains = most(arc, max_names);
    return details;
  }
};

}  // namespace

Result<SourceDetailReader> SourceDetailReader::create(const ReadConnection& connection, const Selection& selection,
                                                      std::int64_t rows_per_source) {
  TRY(auto rows,
      ReadStatement::prepare(connection,
                             "SELECT r.report_id, r.count, r.verdict_id, i.header_from, i.envelope_from FROM record r "
                             "JOIN identifier_set i ON i.id = r.identifier_id WHERE r.source_id = ?1 "
                             "AND r.id BETWEEN ?2 AND ?3 AND r.count > 0 ORDER BY r.id DESC LIMIT ?4"));
  TRY(auto auth_results,
      ReadStatement::prepare(connection, "SELECT mechanism, domain, result FROM auth_result WHERE verdict_id = ?1"));
  TRY(auto overrides, ReadStatement::prepare(connection,
                                             "SELECT type, arc, json_extract(arc_chain, '$[0].d') FROM policy_override "
                                             "WHERE verdict_id = ?1"));
  TRY(auto source, ReadStatement::prepare(connection, "SELECT text FROM source WHERE id = ?1"));
  return SourceDetailReader(selection, rows_per_source,
                            {std::move(rows), std::move(auth_results), std::move(overrides), std::move(source)});
}

Result<const SourceDetailReader::Verdict*> SourceDetailReader::verdict(std::int64_t id) {
  if (const auto known = verdicts_.find(id); known != verdicts_.end()) return &known->second;
  Verdict found;
  statements_.auth_results.bind(1, id);
  TRY_VOID(for_each_row(statements_.auth_results, [&found](const ReadStatement& row) {
    const bool is_dkim = row.text(0) == "dkim";
    const bool passed = row.text(2) == "pass";
    if (passed) append_once(is_dkim ? found.dkim_domains : found.spf_domains, row.text(1));
    // RFC 8601 section 2.7.1: none is no signature, temperror no answer of DNS; neither is broken.
    const bool is_judged = row.text(2) != "none" && row.text(2) != "temperror" && row.text(2) != "unknown";
    if (!passed && is_dkim && is_judged) append_once(found.failed_dkim_domains, row.text(1));
  }));
  statements_.overrides.bind(1, id);
  TRY_VOID(for_each_row(statements_.overrides, [&found](const ReadStatement& row) {
    append_once(found.overrides, row.text(0));
    if (row.text(1) == "pass") append_once(found.arc_domains, row.text(2));
  }));
  if (verdicts_.size() >= max_cached_verdicts) verdicts_.clear();
  return &verdicts_.emplace(id, std::move(found)).first->second;
}

Result<std::string> SourceDetailReader::address(std::int64_t source_id) {
  std::string text;
  statements_.source.bind(1, source_id);
  TRY_VOID(for_each_row(statements_.source, [&text](const ReadStatement& row) { text = row.text(0); }));
  return text;
}

Result<model::SourceDetails> SourceDetailReader::read(std::size_t domain, std::int64_t source_id) {
  const auto& reports = selection_->reports;
  if (reports.empty()) return model::SourceDetails{};
  const std::int64_t looked_at_limit = 4 * rows_per_source_;
  auto& rows = statements_.rows;
  rows.bind(1, source_id).bind(2, reports.front().id << 24).bind(3, ((reports.back().id + 1) << 24) - 1);
  rows.bind(4, looked_at_limit);
  DetailCounts counts;
  std::int64_t used = 0, looked_at = 0;
  bool is_at_end = false;
  while (used < rows_per_source_) {
    TRY(const bool has_row, rows.step());
    is_at_end = !has_row;
    if (is_at_end) break;
    ++looked_at;
    const auto* report = selection_->find(rows.integer(0));
    if (report == nullptr || report->domain != domain) continue;
    ++used;
    const auto messages = rows.integer(1);
    TRY(const Verdict* results, verdict(rows.integer(2)));
    add_all(counts.dkim, results->dkim_domains, messages);
    add_all(counts.spf, results->spf_domains, messages);
    add_all(counts.failed_dkim, results->failed_dkim_domains, messages);
    add_all(counts.overrides, results->overrides, messages);
    add_all(counts.arc, results->arc_domains, messages);
    add(counts.header_froms, rows.text(3), messages);
    if (!rows.is_null(4)) add(counts.envelope_froms, rows.text(4), messages);
    add(counts.reporters, selection_->domains[domain].reporters.at(report->reporter_id).name, messages);
  }
  rows.reset();
  return counts.finish(used, is_at_end && looked_at < looked_at_limit);
}

}  // namespace ruaudit::store
