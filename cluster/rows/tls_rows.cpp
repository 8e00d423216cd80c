#include "cluster/rows/tls_rows.hpp"

#include <array>

#include "cluster/rows/pulled_rows.hpp"
#include "cluster/rows/words.hpp"
#include "model/calendar.hpp"

namespace ruaudit::cluster {
namespace {

using store::ShippedTlsReport;

std::optional<std::string_view> tls_view(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

constexpr std::size_t tls_header_columns = 19;
constexpr std::array tls_columns = {
    WantedColumn{"identity_key", Kind::text},
    WantedColumn{"batch", Kind::number},
    WantedColumn{"ingester", Kind::number},
    WantedColumn{"content_hash", Kind::text},
    WantedColumn{"hash_version", Kind::number},
    WantedColumn{"reporter", Kind::text},
    WantedColumn{"report_id", Kind::text},
    WantedColumn{"organization_name", Kind::text},
    WantedColumn{"contact_info", Kind::text},
    WantedColumn{"authenticated_as", Kind::text},
    WantedColumn{"authenticity_reason", Kind::text},
    WantedColumn{"date_begin", Kind::number},
    WantedColumn{"date_end", Kind::number},
    WantedColumn{"received", Kind::number},
    WantedColumn{"unknown_members", Kind::number},
    WantedColumn{"first_seen", Kind::number},
    WantedColumn{"day", Kind::number},
    WantedColumn{"damaged", Kind::number},
    WantedColumn{"authenticity", Kind::number},
    WantedColumn{"policy.number", Kind::numbers},
    WantedColumn{"policy.domain", Kind::texts},
    WantedColumn{"policy.type", Kind::texts},
    WantedColumn{"policy.raw_type", Kind::texts},
    WantedColumn{"policy.strings", Kind::texts},
    WantedColumn{"policy.mx_hosts", Kind::texts},
    WantedColumn{"policy.successful", Kind::numbers},
    WantedColumn{"policy.failed", Kind::numbers},
    WantedColumn{"failure.policy", Kind::numbers},
    WantedColumn{"failure.result_type", Kind::texts},
    WantedColumn{"failure.raw_result_type", Kind::texts},
    WantedColumn{"failure.sending_ip", Kind::texts},
    WantedColumn{"failure.mx_host", Kind::texts},
    WantedColumn{"failure.mx_helo", Kind::texts},
    WantedColumn{"failure.receiving_ip", Kind::texts},
    WantedColumn{"failure.information", Kind::texts},
    WantedColumn{"failure.reason_code", Kind::texts},
    WantedColumn{"failure.sessions", Kind::numbers},
    WantedColumn{"defect.policy", Kind::numbers},
    WantedColumn{"defect.line", Kind::numbers},
    WantedColumn{"defect.code", Kind::texts},
    WantedColumn{"defect.detail", Kind::texts},
};
constexpr std::size_t tls_policy_columns = 8, tls_failure_columns = 10;

// Calls take(column, element) for the elements of a row in columns of one Nested.
template <class Take>
void each_element(const ReadBlock& block, std::size_t first_column, std::size_t row, const Take& take) {
  const ReadColumn* const columns = &block.columns[first_column];
  for (std::size_t i = columns->first_of(row); i < columns->ends[row]; ++i) take(columns, i);
}

void read_tls_lists(const ReadBlock& block, std::size_t row, ShippedTlsReport& report) {
  constexpr std::size_t failures = tls_header_columns + tls_policy_columns, defects = failures + tls_failure_columns;
  each_element(block, tls_header_columns, row, [&report](const ReadColumn* c, std::size_t i) {
    auto& policy = report.policies.emplace_back();
    policy.number = c[0].numbers[i];
    std::size_t column = 1;
    for (auto* const text : {&policy.domain, &policy.type, &policy.raw_type, &policy.strings, &policy.mx_hosts})
      *text = c[column++].texts[i];
    policy.successful = c[6].number(i);
    policy.failed = c[7].number(i);
  });
  each_element(block, failures, row, [&report](const ReadColumn* c, std::size_t i) {
    auto& failure = report.failures.emplace_back();
    failure.policy = c[0].numbers[i];
    failure.result_type = c[1].texts[i];
    failure.raw_result_type = c[2].texts[i];
    std::size_t column = 3;
    for (auto* const text : {&failure.sending_ip, &failure.mx_host, &failure.mx_helo, &failure.receiving_ip,
                             &failure.information, &failure.reason_code})
      *text = owned_at(c[column++], i);
    failure.sessions = c[9].number(i);
  });
  each_element(block, defects, row, [&report](const ReadColumn* c, std::size_t i) {
    report.defects.push_back(
        {c[0].numbers[i], c[1].numbers[i], std::string(c[2].texts[i]), std::string(c[3].texts[i])});
  });
}

PulledTlsReport tls_report_of(const ReadBlock& block, std::size_t at) {
  RowReader row(block, at);
  PulledTlsReport pulled;
  auto& r = pulled.report;
  r.group_key = row.octets<store::Digest>();
  pulled.batch = static_cast<std::uint64_t>(row.number());
  pulled.ingester = static_cast<std::uint64_t>(row.number());
  r.content_hash = row.octets<store::ContentHash>();
  r.hash_version = row.number();
  for (auto* const text : {&r.reporter, &r.report_id, &r.organization_name, &r.contact_info}) *text = row.text();
  for (auto* const text : {&r.authenticated_as, &r.authenticity_reason}) *text = row.optional_text();
  for (auto* const number : {&r.date_begin, &r.date_end}) *number = row.optional_number();
  for (auto* const number : {&r.received, &r.unknown_members, &r.first_seen}) *number = row.number();
  r.day = model::day_text(row.number() * model::seconds_per_day);
  r.is_damaged = row.number() != 0;
  r.authenticity = word_at(authenticity_words, row.number());
  read_tls_lists(block, at, r);
  return pulled;
}

}  // namespace

model::Result<void> TlsReportRows::add(const ShippedTlsReport& report, const Header& header) {
  TRY(const auto authenticity, place_of_word(authenticity_words, report.authenticity));
  authenticity_.add(authenticity);
  identity_.add(report.group_key);
  content_.add(report.content_hash);
  batch_.add(header.batch);
  ingester_.add(header.ingester);
  version_.add(header.version);
  day_.add(day_number_of(report.day));
  hash_version_.add(report.hash_version);
  received_.add(report.received);
  first_seen_.add(report.first_seen);
  unknown_members_.add(report.unknown_members);
  damaged_.add(report.is_damaged ? 1 : 0);
  reporter_.add(report.reporter);
  report_id_.add(report.report_id);
  organization_name_.add(report.organization_name);
  contact_info_.add(report.contact_info);
  begin_.add(report.date_begin);
  end_.add(report.date_end);
  as_.add(tls_view(report.authenticated_as));
  reason_.add(tls_view(report.authenticity_reason));
  add_policies(report);
  add_failures(report);
  add_defects(report);
  ++rows_;
  entries_ += report.policies.size() + report.failures.size() + report.defects.size();
  return {};
}

void TlsReportRows::add_policies(const ShippedTlsReport& report) {
  for (const auto& policy : report.policies) {
    policy_number_.elements.add(policy.number);
    policy_domain_.elements.add(policy.domain);
    type_.elements.add(policy.type);
    raw_type_.elements.add(policy.raw_type);
    strings_.elements.add(policy.strings);
    mx_hosts_.elements.add(policy.mx_hosts);
    successful_.elements.add(policy.successful);
    failed_.elements.add(policy.failed);
  }
  const auto number = report.policies.size();
  policy_number_.end_row(number);
  for (auto* const column : {&policy_domain_, &type_, &raw_type_, &strings_, &mx_hosts_}) column->end_row(number);
  for (auto* const column : {&successful_, &failed_}) column->end_row(number);
}

void TlsReportRows::add_failures(const ShippedTlsReport& report) {
  for (const auto& failure : report.failures) {
    failure_policy_.elements.add(failure.policy);
    result_type_.elements.add(failure.result_type);
    raw_result_type_.elements.add(failure.raw_result_type);
    sending_ip_.elements.add(tls_view(failure.sending_ip));
    mx_host_.elements.add(tls_view(failure.mx_host));
    mx_helo_.elements.add(tls_view(failure.mx_helo));
    receiving_ip_.elements.add(tls_view(failure.receiving_ip));
    information_.elements.add(tls_view(failure.information));
    reason_code_.elements.add(tls_view(failure.reason_code));
    sessions_.elements.add(failure.sessions);
  }
  const auto number = report.failures.size();
  failure_policy_.end_row(number);
  for (auto* const column : {&result_type_, &raw_result_type_}) column->end_row(number);
  for (auto* const column : {&sending_ip_, &mx_host_, &mx_helo_, &receiving_ip_, &information_, &reason_code_})
    column->end_row(number);
  sessions_.end_row(number);
}

void TlsReportRows::add_defects(const ShippedTlsReport& report) {
  for (const auto& defect : report.defects) {
    defect_policy_.elements.add(defect.policy);
    defect_line_.elements.add(defect.line);
    code_.elements.add(defect.code);
    detail_.elements.add(defect.detail);
  }
  const auto number = report.defects.size();
  for (auto* const column : {&defect_policy_, &defect_line_}) column->end_row(number);
  for (auto* const column : {&code_, &detail_}) column->end_row(number);
}

Block TlsReportRows::block() const {
  Block block(rows_);
  add_header(block);
  add_lists(block);
  return block;
}

void TlsReportRows::add_header(Block& block) const {
  block.add("day", "Date", day_.octets());
  block.add("identity_key", "FixedString(16)", identity_.octets());
  block.add("batch", "UInt64", batch_.octets());
  block.add("ingester", "UInt64", ingester_.octets());
  block.add("version_key", "UInt64", version_.octets());
  block.add("content_hash", "FixedString(32)", content_.octets());
  block.add("hash_version", "Int64", hash_version_.octets());
  block.add("first_seen", "Int64", first_seen_.octets());
  block.add("received", "Int64", received_.octets());
  block.add("reporter", "LowCardinality(String)", reporter_.octets());
  block.add("report_id", "String", report_id_.octets());
  block.add("date_begin", "Nullable(Int64)", begin_.octets());
  block.add("date_end", "Nullable(Int64)", end_.octets());
  block.add("organization_name", "String", organization_name_.octets());
  block.add("contact_info", "String", contact_info_.octets());
  block.add("unknown_members", "Int64", unknown_members_.octets());
  block.add("damaged", "UInt8", damaged_.octets());
  block.add("authenticity", enum_type(authenticity_words), authenticity_.octets());
  block.add("authenticated_as", "Nullable(String)", as_.octets());
  block.add("authenticity_reason", "Nullable(String)", reason_.octets());
}

void TlsReportRows::add_lists(Block& block) const {
  constexpr std::string_view numbers = "Array(Int64)", texts = "Array(String)";
  constexpr std::string_view some_numbers = "Array(Nullable(Int64))", some_texts = "Array(Nullable(String))";
  block.add("policy.number", numbers, policy_number_.octets());
  block.add("policy.domain", texts, policy_domain_.octets());
  block.add("policy.type", texts, type_.octets());
  block.add("policy.raw_type", texts, raw_type_.octets());
  block.add("policy.strings", texts, strings_.octets());
  block.add("policy.mx_hosts", texts, mx_hosts_.octets());
  block.add("policy.successful", some_numbers, successful_.octets());
  block.add("policy.failed", some_numbers, failed_.octets());
  block.add("failure.policy", numbers, failure_policy_.octets());
  block.add("failure.result_type", texts, result_type_.octets());
  block.add("failure.raw_result_type", texts, raw_result_type_.octets());
  block.add("failure.sending_ip", some_texts, sending_ip_.octets());
  block.add("failure.mx_host", some_texts, mx_host_.octets());
  block.add("failure.mx_helo", some_texts, mx_helo_.octets());
  block.add("failure.receiving_ip", some_texts, receiving_ip_.octets());
  block.add("failure.information", some_texts, information_.octets());
  block.add("failure.reason_code", some_texts, reason_code_.octets());
  block.add("failure.sessions", some_numbers, sessions_.octets());
  block.add("defect.policy", numbers, defect_policy_.octets());
  block.add("defect.line", numbers, defect_line_.octets());
  block.add("defect.code", texts, code_.octets());
  block.add("defect.detail", texts, detail_.octets());
}

model::Result<std::vector<PulledTlsReport>> pull_tls_reports(Client& client, const std::string& database,
                                                             const std::string& condition) {
  TRY(const auto octets, client.fetch("SELECT " + select_list(tls_columns) + " FROM " + database +
                                      ".tls_report_local WHERE " + condition));
  TRY(const auto blocks, read_native(octets, tls_columns.size()));
  TRY_VOID(check_kinds(client, blocks, tls_columns));
  std::vector<PulledTlsReport> reports;
  for (const auto& block : blocks)
    for (std::size_t row = 0; row < block.rows; ++row) reports.push_back(tls_report_of(block, row));
  return reports;
}

}  // namespace ruaudit::cluster
