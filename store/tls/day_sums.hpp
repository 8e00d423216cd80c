// What each TLS report adds to the sums of its day: the writer adds and takes away the same, and `db check` compares.
// Text of SQL, so that it can stand in larger statements. Columns as in tls_day and tls_failure_day. What one report
// says of one key counts for 10^12 sessions at most, so that no number of reports makes a sum overflow. A failure whose
// number of sessions is not told was one at least.
#pragma once

// One row for each report of `r` that the condition takes, policy domain and type of policy.
#define RUAUDIT_TLS_DAY_SUMS(condition)                                                                              \
  "SELECT p.policy_domain AS policy_domain, r.day AS day, r.reporter AS reporter, p.type AS type, r.authenticity AS" \
  " authenticity, count(*) AS policies, CAST(min(1e12, total(coalesce(p.successful, 0))) AS INTEGER) AS successful," \
  " CAST(min(1e12, total(" RUAUDIT_TLS_FAILED                                                                        \
  ")) AS INTEGER) AS failed FROM tls_report r JOIN tls_policy p ON"                                                  \
  " p.report_id = r.id WHERE " condition " GROUP BY r.id, p.policy_domain, p.type"

// Sessions that failed under the policy `p`.
#define RUAUDIT_TLS_FAILED                                                                                           \
  "coalesce(p.failed, (SELECT total(coalesce(f.sessions, 1)) FROM tls_failure f WHERE f.report_id = p.report_id AND" \
  " f.policy = p.n))"

// One row for each report, policy domain, result type and host.
#define RUAUDIT_TLS_FAILURE_DAY_SUMS(condition)                                                                       \
  "SELECT p.policy_domain AS policy_domain, r.day AS day, r.reporter AS reporter, iif(f.result_type = 'unknown',"     \
  " f.raw_result_type, f.result_type) AS result_type, coalesce(f.mx_host, '') AS mx_host, r.authenticity AS"          \
  " authenticity, count(*) AS details, CAST(min(1e12, total(coalesce(f.sessions, 1))) AS INTEGER) AS sessions FROM"   \
  " tls_report r JOIN tls_failure f ON f.report_id = r.id JOIN tls_policy p ON p.report_id = r.id AND p.n = f.policy" \
  " WHERE " condition " GROUP BY r.id, 1, 4, 5"
