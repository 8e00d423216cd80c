#include "report/overview/finding_details.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model/calendar.hpp"
#include "report/overview/fitted_screen.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

using DetailsJson = nlohmann::ordered_json;

std::string day_span(const std::string& first, const std::string& last) {
  return first == last ? first : first + " to " + last;
}

std::string row_text(const model::FindingRow& row) {
  std::string text =
      fmt::format("{}  {}, {} by {}: From {}", row.address, day_span(row.first_day, row.last_day),
                  count_text(row.messages, "message"), count_text(row.reporters, "reporter"), row.header_from);
  if (!row.envelope_from.empty()) text += fmt::format(", envelope {}", row.envelope_from);
  text += fmt::format("; DMARC says dkim {}, spf {}, disposition {}", row.dkim, row.spf, row.disposition);
  return row.results.empty() ? text : fmt::format("{}; found {}", text, row.results);
}

std::string record_text(const model::FindingRecord& record) {
  const auto until = record.is_current ? std::string("until now") : "to " + model::day_text(record.last_seen);
  std::string said = record.text.empty() ? std::string("no record") : record.text;
  for (char& c : said)
    if (c == '\n') c = ' ';
  if (!record.fault.empty()) said += fmt::format(" ({})", record.fault);
  return fmt::format("{}  {} {}: {}", record.name, model::day_text(record.first_seen), until, said);
}

std::string sample_text(const model::FindingSample& sample) {
  return fmt::format("{}  {} From {}: {}{} (ruaudit failures show {})", sample.address, sample.day, sample.header_from,
                     sample.conclusion, sample.reason.empty() ? "" : ", " + sample.reason, sample.failure_key);
}

template <class List, class Say>
std::string part_of_details(std::string_view title, const List& list, const Say& say, std::size_t columns) {
  if (list.empty()) return {};
  std::string text = fmt::format("{}\n", title);
  for (const auto& one : list)
    for (const auto& line : wrapped_lines("  ", "    ", harmless(say(one)), columns)) text += line + "\n";
  return text;
}

}  // namespace

std::string finding_details_text(const model::FindingDetails& details, std::size_t columns) {
  return part_of_details("rows", details.rows, row_text, columns) +
         part_of_details("DNS", details.records, record_text, columns) +
         part_of_details("samples of failure reports", details.samples, sample_text, columns);
}

std::string with_details(const std::string& findings_json, const model::FindingDetails& details) {
  auto json = DetailsJson::parse(findings_json);
  auto& item = json["items"].at(0);
  item["rows"] = DetailsJson::array();
  for (const auto& row : details.rows)
    item["rows"].push_back({{"address", row.address},
                            {"header_from", row.header_from},
                            {"envelope_from", row.envelope_from},
                            {"disposition", row.disposition},
                            {"dkim", row.dkim},
                            {"spf", row.spf},
                            {"results", row.results},
                            {"first_day", row.first_day},
                            {"last_day", row.last_day},
                            {"messages", row.messages},
                            {"reporters", row.reporters}});
  item["records"] = DetailsJson::array();
  for (const auto& record : details.records)
    item["records"].push_back({{"type", record.type},
                               {"name", record.name},
                               {"status", record.status},
                               {"fault", record.fault.empty() ? DetailsJson(nullptr) : DetailsJson(record.fault)},
                               {"text", record.text},
                               {"first_seen", record.first_seen},
                               {"last_seen", record.last_seen},
                               {"current", record.is_current}});
  item["samples"] = DetailsJson::array();
  for (const auto& sample : details.samples)
    item["samples"].push_back({{"failure_key", sample.failure_key},
                               {"day", sample.day},
                               {"header_from", sample.header_from},
                               {"address", sample.address},
                               {"conclusion", sample.conclusion},
                               {"reason", sample.reason}});
  return json.dump(2, ' ', false, DetailsJson::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::report
