#include <fmt/format.h>

#include "report/safe_text.hpp"
#include "report/simulate/simulate.hpp"

namespace ruaudit::report {
namespace {

namespace simulation = model::simulation;

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) (out += out.empty() ? "" : "; ") += text;
  return out;
}

std::string doubts_text(simulation::Doubts doubts) {
  std::string out;
  for (std::size_t i = 0; i < simulation::doubt_count; ++i)
    if ((doubts >> i & 1U) != 0) {
      if (!out.empty()) out += ' ';
      out += model::to_text(static_cast<simulation::Doubt>(i));
    }
  return out;
}

std::string_view pass_or_fail(bool is_pass) { return is_pass ? "pass" : "fail"; }

}  // namespace

// RFC 4180: a header line, CRLF at the end of each.
std::string simulate_csv(const simulation::Simulation& result) {
  std::string out =
      "effect,policy_domain,source_ip,class,service,messages,records,quarantined,rejected,days,first_day,last_day,"
      "reporters,reporter_names,header_from,why\r\n";
  for (const auto& line : result.lines)
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", model::to_text(line.effect),
                       csv_cell(line.domain), csv_cell(line.address), model::to_text(line.sender), csv_cell(line.name),
                       line.messages, line.records, line.quarantined, line.rejected, line.days, line.first_day,
                       line.last_day, line.reporters.size(), csv_cell(joined(line.reporters)),
                       csv_cell(joined(line.header_froms)), csv_cell(joined(line.why)));
  return out;
}

std::string simulated_records_head() {
  return "report_key,row_number,day,reporter,policy_domain,source_ip,header_from,envelope_from,messages,effect,"
         "result_before,result_after,dkim_before,dkim_after,spf_before,spf_after,disposition_before,"
         "disposition_after,assumptions,why\r\n";
}

std::string simulated_record_line(const SimulatedRecord& record) {
  const auto &before = record.decision.before, &after = record.decision.after;
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", record.report_key, record.row_number,
      record.day, csv_cell(record.reporter), csv_cell(record.policy_domain), csv_cell(record.address),
      csv_cell(record.header_from), csv_cell(record.envelope_from), record.messages,
      model::to_text(record.decision.effect), model::to_text(before.verdict), model::to_text(after.verdict),
      pass_or_fail(before.is_dkim_aligned), pass_or_fail(after.is_dkim_aligned), pass_or_fail(before.is_spf_aligned),
      pass_or_fail(after.is_spf_aligned), model::to_text(before.disposition), model::to_text(after.disposition),
      doubts_text(record.decision.doubts), csv_cell(record.decision.why));
}

}  // namespace ruaudit::report
