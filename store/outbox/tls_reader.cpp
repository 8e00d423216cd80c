#include "store/outbox/tls_reader.hpp"

#include <algorithm>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view shipped_tls_sql = R"(
  SELECT t.id, t.group_key, t.content_hash, t.hash_version, t.reporter, t.report_id, t.day, t.organization_name,
         t.contact_info, t.authenticity, t.authenticated_as, t.authenticity_reason, t.date_begin, t.date_end, t.received,
         t.unknown_members, coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id
                                      WHERE q.tls_id = t.id), t.received), t.damaged
  FROM tls_report t WHERE t.id = ? AND t.group_key = ?)";
constexpr std::string_view shipped_tls_policies_sql = R"(
  SELECT n, policy_domain, type, raw_type, strings, mx_hosts, successful, failed FROM tls_policy
  WHERE report_id = ? ORDER BY n)";
constexpr std::string_view shipped_tls_failures_sql = R"(
  SELECT policy, result_type, raw_result_type, sending_ip, mx_host, mx_helo, receiving_ip, information, reason_code,
         sessions
  FROM tls_failure WHERE report_id = ? ORDER BY id)";
constexpr std::string_view shipped_tls_defects_sql =
    "SELECT policy, line, code, detail FROM tls_defect WHERE report_id = ? ORDER BY n";

std::optional<std::string> tls_text(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional<std::string>(row.text(column));
}
std::optional<std::int64_t> tls_number(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional<std::int64_t>(row.integer(column));
}
template <class Octets>
void set_tls_octets(Octets& into, const Statement& row, int column) {
  const auto blob = row.blob(column);
  std::copy_n(blob.begin(), std::min(blob.size(), into.size()), into.begin());
}

ShippedTlsReport shipped_tls_of(const Statement& row) {
  ShippedTlsReport r;
  r.tls_key = row.integer(0);
  set_tls_octets(r.group_key, row, 1);
  set_tls_octets(r.content_hash, row, 2);
  r.hash_version = row.integer(3);
  int column = 4;
  for (auto* const text : {&r.reporter, &r.report_id, &r.day, &r.organization_name, &r.contact_info, &r.authenticity})
    *text = row.text(column++);
  for (auto* const text : {&r.authenticated_as, &r.authenticity_reason}) *text = tls_text(row, column++);
  for (auto* const number : {&r.date_begin, &r.date_end}) *number = tls_number(row, column++);
  for (auto* const number : {&r.received, &r.unknown_members, &r.first_seen}) *number = row.integer(column++);
  r.is_damaged = row.integer(column) != 0;
  return r;
}

ShippedTlsPolicy shipped_policy_of(const Statement& row) {
  ShippedTlsPolicy policy;
  policy.number = row.integer(0);
  int column = 1;
  for (auto* const text : {&policy.domain, &policy.type, &policy.raw_type, &policy.strings, &policy.mx_hosts})
    *text = row.text(column++);
  policy.successful = tls_number(row, column++);
  policy.failed = tls_number(row, column);
  return policy;
}

ShippedTlsFailure shipped_failure_of(const Statement& row) {
  ShippedTlsFailure failure;
  failure.policy = row.integer(0);
  failure.result_type = row.text(1);
  failure.raw_result_type = row.text(2);
  int column = 3;
  for (auto* const text : {&failure.sending_ip, &failure.mx_host, &failure.mx_helo, &failure.receiving_ip,
                           &failure.information, &failure.reason_code})
    *text = tls_text(row, column++);
  failure.sessions = tls_number(row, column);
  return failure;
}

ShippedTlsDefect shipped_tls_defect_of(const Statement& row) {
  return {row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))};
}

template <class Row>
Status read_tls_rows(Statement& select, std::int64_t key, std::vector<Row>& into, Row (*row_of)(const Statement&)) {
  ResetAtEnd reset(select);
  select.bind(1, key);
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return {};
    into.push_back(row_of(select));
  }
}

}  // namespace

struct TlsReader::State {
  Statement report, policies, failures, defects;
};

TlsReader::TlsReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsReader::TlsReader(TlsReader&&) noexcept = default;
TlsReader::~TlsReader() = default;

model::Result<TlsReader> TlsReader::create(const Database& database) {
  sqlite3* const db = database.handle();
  TRY(auto report, Statement::prepare(db, shipped_tls_sql));
  TRY(auto policies, Statement::prepare(db, shipped_tls_policies_sql));
  TRY(auto failures, Statement::prepare(db, shipped_tls_failures_sql));
  TRY(auto defects, Statement::prepare(db, shipped_tls_defects_sql));
  return TlsReader(
      std::make_unique<State>(State{std::move(report), std::move(policies), std::move(failures), std::move(defects)}));
}

model::Result<std::optional<ShippedTlsReport>> TlsReader::report(std::int64_t tls_key, const Digest& group_key) {
  State& s = *state_;
  std::optional<ShippedTlsReport> found;
  {
    ResetAtEnd reset(s.report);
    TRY(const bool has_row, s.report.bind(1, tls_key).bind_blob(2, group_key).step());
    if (!has_row) return found;
    found = shipped_tls_of(s.report);
  }
  TRY_VOID(read_tls_rows(s.policies, tls_key, found->policies, &shipped_policy_of));
  TRY_VOID(read_tls_rows(s.failures, tls_key, found->failures, &shipped_failure_of));
  TRY_VOID(read_tls_rows(s.defects, tls_key, found->defects, &shipped_tls_defect_of));
  return found;
}

}  // namespace ruaudit::store
