#include "store/summary/tls_sums.hpp"

#include <algorithm>

namespace ruaudit::store {
namespace {

// ?1, ?2: seconds; ?3: 1 for authenticated reports alone. total() cannot overflow, whatever strangers claim.
constexpr std::string_view tls_sums_sql =
    "SELECT p.policy_domain, count(DISTINCT r.id), count(DISTINCT r.reporter),"
    " CAST(min(1e15, total(p.successful)) AS INTEGER), CAST(min(1e15, total(coalesce(p.failed, (SELECT"
    " total(coalesce(f.sessions, 1)) FROM tls_failure f WHERE f.report_id = r.id AND f.policy = p.n)))) AS INTEGER) AS"
    " failed FROM tls_report r JOIN tls_policy p ON p.report_id = r.id WHERE r.counted = 1 AND"
    " coalesce((r.date_begin + r.date_end) / 2, r.date_end, r.date_begin, r.received) BETWEEN ?1 AND ?2"
    " AND (?3 = 0 OR r.authenticity = 'authenticated') GROUP BY p.policy_domain ORDER BY failed DESC, 1";

}  // namespace

model::Result<std::vector<model::TlsSum>> tls_sums(const ReadConnection& connection, const SummaryRequest& request) {
  TRY(auto rows, ReadStatement::prepare(connection, tls_sums_sql));
  rows.bind(1, request.period.begin).bind(2, request.period.is_all() ? request.period.end : request.period.end - 1);
  rows.bind(3, static_cast<std::int64_t>(request.admission == Admission::authenticated));
  std::vector<model::TlsSum> sums;
  TRY_VOID(for_each_row(rows, [&](const ReadStatement& row) {
    model::TlsSum sum{std::string(row.text(0)), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
    const auto& wanted = request.domains;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), sum.domain) != wanted.end())
      sums.push_back(std::move(sum));
  }));
  return sums;
}

}  // namespace ruaudit::store
