// SMTP TLS reports as rows of the table tls_report_local, one each, and back. By identity_key they have the key of
// their group (docs/identity.md): whatever may be a version of one report lies on one shard.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cluster/rows/rows.hpp"
#include "cluster/server/client.hpp"
#include "store/outbox/tls_reader.hpp"

namespace ruaudit::cluster {

class TlsReportRows {
 public:
  // Errors: "cluster-word".
  model::Result<void> add(const store::ShippedTlsReport& report, const Header& header);
  [[nodiscard]] std::uint64_t size() const { return rows_; }
  // Of policies, failures and defects.
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  [[nodiscard]] Block block() const;

 private:
  void add_policies(const store::ShippedTlsReport& report);
  void add_failures(const store::ShippedTlsReport& report);
  void add_defects(const store::ShippedTlsReport& report);
  void add_header(Block& block) const;
  void add_lists(Block& block) const;

  std::uint64_t rows_ = 0, entries_ = 0;
  Fixed identity_{16}, content_{32};
  Numbers<std::uint16_t> day_;
  Numbers<std::uint64_t> batch_, ingester_, version_;
  Numbers<std::int64_t> hash_version_, received_, first_seen_, unknown_members_;
  Numbers<std::uint8_t> damaged_;
  Numbers<std::int8_t> authenticity_;
  Dictionary reporter_;
  Texts report_id_, organization_name_, contact_info_;
  OptionalNumbers begin_, end_;
  OptionalTexts as_, reason_;
  Array<Numbers<std::int64_t>> policy_number_, failure_policy_, defect_policy_, defect_line_;
  Array<Texts> policy_domain_, type_, raw_type_, strings_, mx_hosts_, result_type_, raw_result_type_, code_, detail_;
  Array<OptionalNumbers> successful_, failed_, sessions_;
  Array<OptionalTexts> sending_ip_, mx_host_, mx_helo_, receiving_ip_, information_, reason_code_;
};

struct PulledTlsReport {
  store::ShippedTlsReport report;
  std::uint64_t batch = 0, ingester = 0;
};
// Rows of tls_report_local for which `condition` holds. A row that was sent twice may come twice.
model::Result<std::vector<PulledTlsReport>> pull_tls_reports(Client& client, const std::string& database,
                                                             const std::string& condition);

}  // namespace ruaudit::cluster
