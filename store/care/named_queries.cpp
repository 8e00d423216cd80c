#include <algorithm>
#include <array>

#include "store/care/query.hpp"

namespace ruaudit::store {
namespace {

// Sums come from the views over roll-ups, so that each answers at once whatever the number of records.
constexpr std::array<NamedQuery, 19> queries{{
    {"domains", "messages, DMARC pass rate and policy of each domain",
     "SELECT policy_domain, sum(messages) AS messages, sum(passed) AS passed, "
     "round(100.0 * sum(passed) / sum(messages), 1) AS pass_percent, "
     "(SELECT o.p FROM report r JOIN policy o ON o.id = r.policy_id WHERE r.domain_id = d.id AND r.counted = 1 "
     "GROUP BY r.policy_id ORDER BY max(r.day) DESC, count(*) DESC LIMIT 1) AS p, "
     "(SELECT count(DISTINCT m.source_id) FROM domain_month_source m WHERE m.domain_id = d.id) AS sources, "
     "min(day) AS first_day, max(day) AS last_day "
     "FROM v_domain_daily s JOIN domain d ON d.name = s.policy_domain GROUP BY policy_domain ORDER BY messages DESC"},
    // First who fails most, by ids and one number; then the rest of those hundred, month by month: to sort all columns
    // of a million rows takes several times as long.
    {"failing-sources", "addresses whose messages fail DMARC, most first",
     "WITH top AS MATERIALIZED (SELECT domain_id, source_id, sum(messages - passed) AS failed FROM domain_month_source "
     "WHERE messages > passed GROUP BY 1, 2 ORDER BY failed DESC LIMIT 100), "
     "month AS MATERIALIZED (SELECT DISTINCT domain_id, substr(day, 1, 7) AS name FROM report) "
     "SELECT d.name AS policy_domain, s.text AS source_ip, t.failed, sum(m.messages) AS messages, "
     "CAST(date(min(m.first_seen), 'unixepoch') AS TEXT) AS first_day, "
     "CAST(date(max(m.last_seen), 'unixepoch') AS TEXT) AS last_day "
     "FROM top t CROSS JOIN month n ON n.domain_id = t.domain_id CROSS JOIN domain_month_source m "
     "ON m.domain_id = t.domain_id AND m.month = n.name AND m.source_id = t.source_id "
     "JOIN domain d ON d.id = t.domain_id JOIN source s ON s.id = t.source_id "
     "GROUP BY t.domain_id, t.source_id ORDER BY t.failed DESC"},
    {"unaligned", "domains that authenticate mail in your name without being aligned",
     "SELECT d.name AS policy_domain, t.mechanism, t.domain AS authenticated_as, sum(t.unaligned) AS messages, "
     "max(t.sources) AS sources_a_day FROM auth_sums t JOIN domain d ON d.id = t.domain_id WHERE t.unaligned > 0 "
     "GROUP BY 1, 2, 3 ORDER BY messages DESC LIMIT 100"},
    {"daily", "messages and failures of each domain and day",
     "SELECT policy_domain, day, messages, passed, failed FROM v_domain_daily ORDER BY policy_domain, day"},
    {"weekly", "pass rate of each domain and week, weeks named by their Monday",
     "SELECT policy_domain, date(day, 'weekday 0', '-6 days') AS week, sum(messages) AS messages, sum(passed) AS "
     "passed, "
     "round(100.0 * sum(passed) / sum(messages), 1) AS pass_percent, "
     "round(100.0 * sum(dkim_aligned) / sum(messages), 1) AS dkim_percent, "
     "round(100.0 * sum(spf_aligned) / sum(messages), 1) AS spf_percent "
     "FROM v_domain_daily GROUP BY 1, 2 ORDER BY 1, 2"},
    {"reporters", "who reports, how much and until when",
     "SELECT policy_domain, reporter, count(*) AS reports, sum(messages) AS messages, min(day) AS first_day, "
     "max(day) AS last_day FROM v_report WHERE counted = 1 GROUP BY policy_domain, reporter "
     "ORDER BY policy_domain, messages DESC"},
    {"policy-changes", "each policy that reporters saw, and when",
     "SELECT policy_domain, p, sp, np, adkim, aspf, pct, testing, first_day, last_day, reports FROM v_policy_history "
     "ORDER BY policy_domain, first_day"},
    {"selectors", "DKIM selectors in use and how their signatures fare",
     "SELECT d.name AS policy_domain, t.domain, t.selector, sum(t.passed) AS passed, sum(t.not_passed) AS not_passed, "
     "min(t.first_day) AS first_day, max(t.last_day) AS last_day FROM auth_sums t JOIN domain d ON d.id = t.domain_id "
     "WHERE t.mechanism = 'dkim' GROUP BY 1, 2, 3 ORDER BY policy_domain, passed + not_passed DESC LIMIT 200"},
    {"overrides", "why receivers did not apply the policy, with the sealer of passing ARC chains",
     "SELECT d.name AS policy_domain, t.type, t.arc, t.arc_domain, sum(t.messages) AS messages, "
     "max(t.sources) AS sources_a_day FROM override_sums t JOIN domain d ON d.id = t.domain_id GROUP BY 1, 2, 3, 4 "
     "ORDER BY messages DESC LIMIT 100"},
    {"contradictions", "reporters whose rows contradict themselves",
     "SELECT reporter, contradiction_reason, count(*) AS records, sum(message_count) AS messages, "
     "min(report_id) AS example_report, max(day) AS last_day FROM v_record WHERE contradiction AND counted "
     "GROUP BY reporter, contradiction_reason ORDER BY records DESC"},
    {"rejected", "inputs that could not be read, and why",
     "SELECT source, locator, path, code, place, reason, last_seen FROM v_ledger WHERE outcome = 'rejected' "
     "ORDER BY last_seen DESC, ledger_key DESC LIMIT 100"},
    {"sources", "who sends: every sender by class and name, with what passes",
     "SELECT policy_domain, class, name, count(DISTINCT address) AS addresses, sum(messages) AS messages, "
     "sum(passed) AS passed, min(first_day) AS first_day, max(last_day) AS last_day FROM v_source "
     "WHERE class NOT IN ('stranger', 'wave') GROUP BY 1, 2, 3 ORDER BY policy_domain, messages DESC LIMIT 500"},
    {"classes", "messages of each domain by what their senders are",
     "SELECT policy_domain, class, count(DISTINCT address) AS addresses, sum(messages) AS messages, "
     "round(100.0 * sum(messages) / (SELECT sum(t.messages) FROM v_source t WHERE t.policy_domain = s.policy_domain), "
     "1) "
     "AS percent FROM v_source s GROUP BY 1, 2 ORDER BY 1, messages DESC"},
    {"unauthorised-by-country", "strangers' mail by the country of their addresses (needs network_files)",
     "SELECT policy_domain, coalesce(country, 'not known') AS country, count(DISTINCT address) AS addresses, "
     "sum(messages) AS messages, max(last_day) AS last_day FROM v_source WHERE class IN ('stranger', 'wave', "
     "'unknown_steady') GROUP BY 1, 2 ORDER BY messages DESC LIMIT 200"},
    {"forwarded-share", "how much of your mail reaches people through forwarders and lists",
     "SELECT policy_domain, sum(CASE WHEN class IN ('forwarder', 'mailing_list') THEN messages ELSE 0 END) AS "
     "forwarded, "
     "sum(messages) AS messages, round(100.0 * sum(CASE WHEN class IN ('forwarder', 'mailing_list') THEN messages ELSE "
     "0 "
     "END) / sum(messages), 1) AS percent FROM v_source WHERE class NOT IN ('stranger', 'wave', 'unknown_steady') "
     "GROUP BY 1 ORDER BY 1"},
    {"not-aligned-services", "services that send in your name and do not pass",
     "SELECT policy_domain, service, count(DISTINCT address) AS addresses, sum(messages) AS messages, "
     "min(first_day) AS first_day, max(last_day) AS last_day FROM v_source WHERE class = 'service_not_aligned' "
     "GROUP BY 1, 2 ORDER BY messages DESC LIMIT 200"},
    {"own-failing", "your own servers whose mail fails",
     "SELECT policy_domain, address, ptr, sum(messages) AS messages, min(first_day) AS first_day, max(last_day) AS "
     "last_day FROM v_source WHERE class = 'own_failing' GROUP BY 1, 2, 3 ORDER BY messages DESC LIMIT 200"},
    {"ask-yourself", "unknown addresses that send on many days: are they yours?",
     "SELECT policy_domain, address, ptr, country, network, sum(messages) AS messages, max(days) AS days, "
     "max(reporters) AS reporters, max(last_day) AS last_day FROM v_source WHERE class = 'unknown_steady' "
     "GROUP BY 1, 2, 3, 4, 5 ORDER BY messages DESC LIMIT 200"},
    {"dns-changes", "what changed in your DNS, the latest first",
     "SELECT policy_domain, type, name, status, fault, first_seen_at, last_seen_at, substr(text, 1, 200) AS text "
     "FROM v_dns_record ORDER BY first_seen DESC, name LIMIT 200"},
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
