#include "store/facts/known_domain.hpp"

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view selectors_sql =
    "SELECT DISTINCT selector FROM v_result_daily WHERE day >= ?2 AND mechanism = 'dkim' AND domain = ?1 AND"
    " result = 'pass' AND selector <> '' ORDER BY 1";
constexpr std::string_view days_sql =
    "SELECT count(DISTINCT p.day) FROM report p JOIN domain d ON d.id = p.domain_id WHERE p.counted = 1 AND p.day >= ?2"
    " AND (d.name = ?1 OR ?1 LIKE '%.' || d.name)";
// A month is the grain of the roll-up: the first one counts whole.
constexpr std::string_view terms_sql =
    "SELECT v.term, count(*) FROM source_spf v WHERE v.domain = ?1 AND v.result <> 'temperror' AND EXISTS (SELECT 1 "
    "FROM"
    " domain_month_source m WHERE m.source_id = v.source_id AND m.month >= substr(?2, 1, 7)) GROUP BY 1 ORDER BY 1";
// What anybody may have made up does not count for a record.
constexpr std::string_view tls_sql =
    "SELECT count(DISTINCT r.id), coalesce(max(r.day), ''), coalesce(max(iif(p.type = 'sts', r.day, NULL)), '') FROM"
    " tls_report r JOIN tls_policy p ON p.report_id = r.id WHERE p.policy_domain = ?1 AND r.day >= ?2 AND r.counted = 1"
    " AND r.authenticity <> 'unauthenticated'";

}  // namespace

model::Result<KnownDomain> known_domain(Database& database, const std::string& domain, const KnownSince& since) {
  KnownDomain known;
  TRY(auto selectors, Statement::prepare(database.handle(), selectors_sql));
  selectors.bind(1, domain).bind(2, since.selectors);
  while (true) {
    TRY(const bool has_row, selectors.step());
    if (!has_row) break;
    known.seen_selectors.emplace_back(selectors.text(0));
  }
  TRY(auto days, Statement::prepare(database.handle(), days_sql));
  days.bind(1, domain).bind(2, since.senders);
  TRY(const bool has_days, days.step());
  if (has_days) known.days = days.integer(0);
  TRY(auto tls, Statement::prepare(database.handle(), tls_sql));
  TRY(const bool has_tls, tls.bind(1, domain).bind(2, since.senders).step());
  if (has_tls) {
    known.tls_reports = tls.integer(0);
    known.last_tls_day = tls.text(1);
    known.last_tls_policy_day = tls.text(2);
  }
  TRY(auto terms, Statement::prepare(database.handle(), terms_sql));
  terms.bind(1, domain).bind(2, since.senders);
  while (true) {
    TRY(const bool has_row, terms.step());
    if (!has_row) return known;
    known.evaluated_sources += terms.integer(1);
    if (!terms.text(0).empty()) known.used_terms.emplace_back(terms.text(0));
  }
}

}  // namespace ruaudit::store
