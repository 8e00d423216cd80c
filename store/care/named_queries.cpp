#include <algorithm>
#include <array>

#include "store/care/query.hpp"

namespace ruaudit::store {
namespace {

constexpr std::array<NamedQuery, 10> queries{{
    {"domains", "messages, DMARC pass rate and policy of each domain",
     "SELECT policy_domain, sum(messages) AS messages, sum(passed) AS passed, "
     "round(100.0 * sum(passed) / sum(messages), 1) AS pass_percent, "
     "(SELECT h.p FROM v_policy_history h WHERE h.policy_domain = s.policy_domain ORDER BY h.last_day DESC, h.reports "
     "DESC "
     "LIMIT 1) AS p, count(DISTINCT source_ip) AS sources, min(day) AS first_day, max(day) AS last_day "
     "FROM v_source_daily s GROUP BY policy_domain ORDER BY messages DESC"},
    {"failing-sources", "addresses whose messages fail DMARC, the most first",
     "SELECT policy_domain, source_ip, sum(failed) AS failed, sum(messages) AS messages, max(reporters) AS reporters, "
     "min(day) AS first_day, max(day) AS last_day FROM v_source_daily WHERE failed > 0 "
     "GROUP BY policy_domain, source_ip ORDER BY failed DESC LIMIT 100"},
    {"unaligned", "domains that authenticate mail in your name without being aligned",
     "SELECT a.policy_domain, a.mechanism, a.domain AS authenticated_as, sum(a.message_count) AS messages, "
     "count(DISTINCT a.source_ip) AS sources FROM v_auth_result a JOIN v_record r ON r.record_key = a.record_key "
     "WHERE a.counted AND a.result = 'pass' AND r.dmarc_dkim <> 'pass' AND r.dmarc_spf <> 'pass' "
     "GROUP BY 1, 2, 3 ORDER BY messages DESC LIMIT 100"},
    {"daily", "messages and failures of each domain and day",
     "SELECT policy_domain, day, sum(messages) AS messages, sum(passed) AS passed, sum(failed) AS failed "
     "FROM v_source_daily GROUP BY policy_domain, day ORDER BY policy_domain, day"},
    {"reporters", "who reports, how much and until when",
     "SELECT policy_domain, reporter, count(*) AS reports, sum(messages) AS messages, min(day) AS first_day, "
     "max(day) AS last_day FROM v_report WHERE counted = 1 GROUP BY policy_domain, reporter "
     "ORDER BY policy_domain, messages DESC"},
    {"policy-changes", "each policy that reporters saw, and when",
     "SELECT policy_domain, p, sp, np, adkim, aspf, pct, testing, first_day, last_day, reports FROM v_policy_history "
     "ORDER BY policy_domain, first_day"},
    {"selectors", "DKIM selectors in use and how their signatures fare",
     "SELECT policy_domain, domain, selector, sum(CASE WHEN result = 'pass' THEN message_count ELSE 0 END) AS passed, "
     "sum(CASE WHEN result = 'pass' THEN 0 ELSE message_count END) AS not_passed, min(day) AS first_day, "
     "max(day) AS last_day FROM v_auth_result WHERE mechanism = 'dkim' AND counted GROUP BY 1, 2, 3 "
     "ORDER BY policy_domain, passed + not_passed DESC LIMIT 200"},
    {"overrides", "why receivers did not apply the policy, with the sealer of passing ARC chains",
     "SELECT policy_domain, type, arc, arc_domain, sum(message_count) AS messages, count(DISTINCT source_ip) AS "
     "sources "
     "FROM v_override WHERE counted GROUP BY 1, 2, 3, 4 ORDER BY messages DESC LIMIT 100"},
    {"contradictions", "reporters whose rows contradict themselves",
     "SELECT reporter, contradiction_reason, count(*) AS records, sum(message_count) AS messages, "
     "min(report_id) AS example_report, max(day) AS last_day FROM v_record WHERE contradiction AND counted "
     "GROUP BY reporter, contradiction_reason ORDER BY records DESC"},
    {"rejected", "inputs that could not be read, and why",
     "SELECT source, locator, path, code, place, reason, last_seen FROM v_ledger WHERE outcome = 'rejected' "
     "ORDER BY last_seen DESC, ledger_key DESC LIMIT 100"},
}};

}  // namespace

std::span<const NamedQuery> named_queries() { return queries; }

model::Result<std::string_view> named_query(std::string_view name) {
  const auto* at = std::find_if(queries.begin(), queries.end(), [name](const NamedQuery& q) { return q.name == name; });
  if (at != queries.end()) return at->sql;
  std::string names;
  for (const auto& query : queries) names += (names.empty() ? "" : ", ") + std::string(query.name);
  return model::failure("query-name", "there is no query named '" + std::string(name.substr(0, 80)) + "'",
                        "the names are: " + names);
}

}  // namespace ruaudit::store
