#include "report/failure_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/safe_text.hpp"
#include "report/table.hpp"
#include "verify/explain/details.hpp"

namespace ruaudit::report {
namespace {

using nlohmann::json;
using Text = std::optional<std::string>;

json from(const Text& text) { return text ? json(harmless(*text)) : json(); }
json from(const std::string& text) { return harmless(text); }
json from(std::optional<std::int64_t> number) { return number ? json(*number != 0) : json(); }

model::Cell text_or_null(const Text& text) { return text ? model::Cell(*text) : model::Cell(); }

model::ResultTable table_of(const std::vector<model::FailureRow>& rows) {
  model::ResultTable table;
  table.columns = {"id", "day", "conclusion", "reason", "confidence", "domain", "source_ip", "incidents", "reporter"};
  for (const auto& row : rows)
    table.rows.push_back({row.failure_key, row.day, model::conclusion_word(row),
                          row.result ? model::Cell(row.result->reason) : model::Cell(),
                          row.result ? model::Cell(row.result->confidence) : model::Cell(),
                          text_or_null(row.header_from ? row.header_from : row.reported_domain),
                          text_or_null(row.source_ip), row.incidents, row.reporter});
  return table;
}

json result_json(const model::FailureResult& r) {
  return {{"conclusion", r.conclusion},
          {"reason", r.reason},
          {"mechanism", r.mechanism},
          {"confidence", r.confidence},
          {"summary", from(r.summary)},
          {"advice", from(r.advice)},
          {"disagreement", from(r.disagreement)},
          {"dmarc", from(r.dmarc)},
          {"dmarc_rfc7489", from(r.dmarc_7489)},
          {"policy", from(r.policy)},
          {"spf", from(r.spf)},
          {"spf_domain", from(r.spf_domain)},
          {"spf_aligned", from(r.spf_aligned)},
          {"dkim", from(r.dkim)},
          {"dkim_domain", from(r.dkim_domain)},
          {"dkim_aligned", from(r.dkim_aligned)},
          {"arc", from(r.arc)},
          {"verified", verify::explain::time_text(r.verified_at)},
          {"dns_of", verify::explain::time_text(r.dns_time)},
          {"tool_version", r.tool_version}};
}

std::string counts_line(const std::vector<model::FailureRow>& rows) {
  std::vector<std::pair<std::string, int>> counts;
  for (const auto& row : rows) {
    const std::string conclusion = model::conclusion_word(row);
    const auto at =
        std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == conclusion; });
    if (at == counts.end())
      counts.emplace_back(conclusion, 1);
    else
      ++at->second;
  }
  std::string line = fmt::format("{} {}", rows.size(), rows.size() == 1 ? "failure report" : "failure reports");
  for (std::size_t i = 0; i < counts.size(); ++i)
    line += fmt::format("{}{} {}", i == 0 ? ": " : ", ", counts[i].second, counts[i].first);
  return line + "\n";
}

}  // namespace

json failure_json(const model::FailureRow& row) {
  json out = {
      {"id", row.failure_key},
      {"kind", row.kind},
      {"at", verify::explain::time_text(row.at)},
      {"day", row.day},
      {"header_from", from(row.header_from)},
      {"source_ip", from(row.source_ip)},
      {"reported_domain", from(row.reported_domain)},
      {"reporter", from(row.reporter)},
      {"dialect", row.dialect},
      {"container", row.container},
      {"copies", row.copies},
      {"incidents", row.incidents},
      {"auth_failure", from(row.auth_failure)},
      {"delivery_result", from(row.delivery_result)},
      {"item", {{"source", from(row.item_source)}, {"locator", from(row.item_locator)}, {"part", from(row.part)}}},
      {"sample",
       {{"extent", row.sample_extent},
        {"octets", row.sample_size},
        {"sha256", from(row.sample_hash)},
        {"redacted_by_reporter", row.is_redacted},
        {"policy", row.sample_policy},
        {"state", row.sample_state}}},
      {"conclusion", model::conclusion_word(row)}};
  if (row.result) out.update(result_json(*row.result));
  return out;
}

std::string failure_list(const std::vector<model::FailureRow>& rows, Format format) {
  if (format == Format::json) {
    json out = {{"version", failures_json_version}, {"failures", json::array()}};
    for (const auto& row : rows) out["failures"].push_back(failure_json(row));
    return out.dump(1) + "\n";
  }
  std::string text = render_table(table_of(rows), format);
  return format == Format::text ? text + counts_line(rows) : text;
}

}  // namespace ruaudit::report
