// A stored SMTP TLS report with all that it says, for a store elsewhere. It is read whole: such a report is small.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/content/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct ShippedTlsPolicy {  // a row of tls_policy
  std::int64_t number = 0;
  std::string domain, type, raw_type, strings, mx_hosts;  // the last two: JSON lists
  std::optional<std::int64_t> successful, failed;
};
struct ShippedTlsFailure {  // a row of tls_failure
  std::int64_t policy = 0;
  std::string result_type, raw_result_type;
  std::optional<std::string> sending_ip, mx_host, mx_helo, receiving_ip, information, reason_code;
  std::optional<std::int64_t> sessions;
};
struct ShippedTlsDefect {
  std::int64_t policy = 0, line = 0;  // 0: the report as a whole, not known
  std::string code, detail;
};

// A row of tls_report; see schema.sql. What reports are versions of one follows from all of a group: its key is what a
// cluster knows the report by.
struct ShippedTlsReport {
  std::int64_t tls_key = 0;
  Digest group_key{};
  ContentHash content_hash{};
  std::int64_t hash_version = 0;
  std::string reporter, report_id, day, organization_name, contact_info, authenticity;
  std::optional<std::string> authenticated_as, authenticity_reason;
  std::optional<std::int64_t> date_begin, date_end;
  std::int64_t received = 0, unknown_members = 0;
  std::int64_t first_seen = 0;  // of the item that brought it first
  bool is_damaged = false;
  std::vector<ShippedTlsPolicy> policies;
  std::vector<ShippedTlsFailure> failures;
  std::vector<ShippedTlsDefect> defects;
};

class TlsReader {
 public:
  static model::Result<TlsReader> create(const Database& database);
  TlsReader(TlsReader&&) noexcept;
  ~TlsReader();

  // Nothing where there is no such report (any more). Between begin() and end() of a ReportReader of the same database
  // it sees that moment.
  model::Result<std::optional<ShippedTlsReport>> report(std::int64_t tls_key, const Digest& group_key);

 private:
  struct State;
  explicit TlsReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
