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

}  // namespace

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
