#include "store/page/page_queries.hpp"

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

std::string text_of(std::int32_t day) { return model::day_text(std::int64_t{day} * model::seconds_per_day); }

std::int32_t day_of(std::string_view text) {
  return static_cast<std::int32_t>(model::day_number(model::parse_day(text).value_or(0)));
}

constexpr std::string_view policies_sql =
    "SELECT coalesce(o.p, ''), coalesce(o.sp, ''), min(p.day), max(p.day), count(DISTINCT p.reporter_id)"
    " FROM domain d JOIN report p ON p.domain_id = d.id JOIN policy o ON o.id = p.policy_id"
    " WHERE d.name = ?1 AND p.day BETWEEN ?2 AND ?3 AND p.counted = 1 GROUP BY 1, 2 ORDER BY 3, 1, 2";

// Names below a domain end in a dot and the domain.
constexpr std::string_view samples_sql =
    "SELECT f.id, coalesce(f.source_ip, ''), f.reporter, coalesce(r.conclusion, 'unverified'),"
    " coalesce(r.confidence, ''), coalesce(r.summary, ''), f.day FROM failure_report f"
    " LEFT JOIN failure_result r ON r.failure_id = f.id AND r.is_current = 1"
    " WHERE f.kind = 'auth-failure' AND f.day BETWEEN ?2 AND ?3 AND (f.header_from = ?1 OR"
    " substr(f.header_from, -length(?1) - 1) = '.' || ?1) ORDER BY f.at DESC, f.id DESC";

constexpr std::string_view tls_days_sql =
    "SELECT day, type, sum(successful), sum(failed) FROM tls_day WHERE policy_domain = ?1 AND day BETWEEN ?2 AND ?3"
    " GROUP BY day, type ORDER BY day, type";
constexpr std::string_view tls_failures_sql =
    "SELECT result_type, mx_host, sum(sessions), count(DISTINCT reporter), min(day), max(day) FROM tls_failure_day"
    " WHERE policy_domain = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY result_type, mx_host ORDER BY 3 DESC, 1, 2";
constexpr std::string_view tls_reporters_sql =
    "SELECT count(DISTINCT reporter) FROM tls_day WHERE policy_domain = ?1 AND day BETWEEN ?2 AND ?3";

model::Result<std::vector<model::PageTlsDay>> tls_days(Statement find) {
  std::vector<model::PageTlsDay> days;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return days;
    const auto day = day_of(find.text(0));
    if (days.empty() || days.back().day != day) days.push_back({.day = day});
    days.back().policies.emplace_back(find.text(1));
    days.back().successful += find.integer(2);
    days.back().failed += find.integer(3);
  }
}

model::Result<std::vector<model::PageTlsFailure>> tls_failures(Statement find) {
  std::vector<model::PageTlsFailure> failures;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return failures;
    failures.push_back({.result = std::string(find.text(0)),
                        .host = std::string(find.text(1)),
                        .sessions = find.integer(2),
                        .reporters = find.integer(3),
                        .first_day = day_of(find.text(4)),
                        .last_day = day_of(find.text(5))});
  }
}

}  // namespace

model::Result<model::PageTls> page_tls(Database& database, const std::string& domain, PageDays days) {
  const std::string first = text_of(days.first), last = text_of(days.last);
  const auto prepared = [&](std::string_view sql) -> model::Result<Statement> {
    TRY(auto find, Statement::prepare(database.handle(), sql));
    find.bind(1, domain).bind(2, first).bind(3, last);
    return find;
  };
  model::PageTls tls;
  TRY(auto by_day, prepared(tls_days_sql));
  TRY(tls.days, tls_days(std::move(by_day)));
  TRY(auto by_result, prepared(tls_failures_sql));
  TRY(tls.failures, tls_failures(std::move(by_result)));
  TRY(auto reporters, prepared(tls_reporters_sql));
  TRY_VOID(reporters.step());
  tls.reporters = reporters.integer(0);
  return tls;
}

model::Result<std::vector<model::PagePolicy>> page_policies(Database& database, const std::string& domain,
                                                            PageDays days) {
  const std::string first = text_of(days.first), last = text_of(days.last);
  TRY(auto find, Statement::prepare(database.handle(), policies_sql));
  find.bind(1, domain).bind(2, first).bind(3, last);
  std::vector<model::PagePolicy> policies;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return policies;
    policies.push_back({.p = std::string(find.text(0)),
                        .sp = std::string(find.text(1)),
                        .first_day = day_of(find.text(2)),
                        .last_day = day_of(find.text(3)),
                        .reporters = find.integer(4)});
  }
}

model::Result<PageSamples> page_samples(Database& database, const std::string& domain, PageDays days,
                                        std::size_t most) {
  const std::string first = text_of(days.first), last = text_of(days.last);
  TRY(auto find, Statement::prepare(database.handle(), samples_sql));
  find.bind(1, domain).bind(2, first).bind(3, last);
  PageSamples out;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return out;
    if (out.samples.size() == most) {
      ++out.left_out;
      continue;
    }
    out.samples.push_back({.key = find.integer(0),
                           .address = std::string(find.text(1)),
                           .reporter = std::string(find.text(2)),
                           .conclusion = std::string(find.text(3)),
                           .confidence = std::string(find.text(4)),
                           .summary = std::string(find.text(5)),
                           .day = day_of(find.text(6))});
  }
}

}  // namespace ruaudit::store
