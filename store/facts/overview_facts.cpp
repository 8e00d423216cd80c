#include "store/facts/overview_facts.hpp"

#include <optional>

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view policies_sql =
    "SELECT d.name, o.p, o.sp, o.np, o.adkim, o.aspf, o.pct, o.testing, min(p.day), max(p.day), count(*)"
    " FROM report p JOIN domain d ON d.id = p.domain_id JOIN policy o ON o.id = p.policy_id WHERE p.counted = 1"
    " GROUP BY p.domain_id, p.policy_id ORDER BY 1, 9, 10";

// reporter.name is folded: lower case, blanks squeezed. Enterprise Outlook reports for business tenants, to which the
// demands of Outlook.com do not apply. CROSS JOIN keeps the order of the tables: SQLite took each address with each
// report.
constexpr std::string_view receiver_rows_sql =
    "SELECT CASE WHEN rp.name LIKE 'yahoo%' OR rp.name = 'aol' THEN 1 WHEN rp.name = 'outlook.com' THEN 2 ELSE 0 END,"
    " d.name, s.text, p.day,"
    " CASE p.authenticity WHEN 'unchecked' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'unauthenticated' THEN 2 ELSE 3 END,"
    " v.dkim_auth = 'passed' OR v.dkim = 'pass', v.spf_auth = 'passed' OR v.spf = 'pass',"
    " v.dkim = 'pass' OR v.spf = 'pass', v.dkim_auth <> 'not_verified' OR v.dkim = 'pass',"
    " v.spf_auth NOT IN ('absent', 'not_verified') OR v.spf = 'pass',"
    " v.dkim = 'pass' OR v.spf = 'pass' OR (v.dkim = 'fail' AND v.spf = 'fail'), sum(r.count),"
    " (r.identifier_id << 32) | r.verdict_id FROM report p CROSS "
    "JOIN reporter rp ON rp.id = p.reporter_id"
    " CROSS JOIN record r ON r.id BETWEEN p.id * 16777216 AND p.id * 16777216 + 16777215"
    " CROSS JOIN verdict v ON v.id = r.verdict_id CROSS JOIN source s ON s.id = r.source_id CROSS JOIN domain d ON"
    " d.id = p.domain_id WHERE (rp.name IN ('google.com', 'google inc.', 'google', 'aol', 'outlook.com') OR rp.name "
    "LIKE 'yahoo%')"
    " AND p.day BETWEEN ?1 AND ?2 AND p.counted = 1 AND r.count > 0 GROUP BY 1, 2, 3, 4, 5, r.identifier_id, "
    "r.verdict_id";

// By the index of records without a source: they are few.
constexpr std::string_view unaddressed_sql =
    "SELECT d.name, p.day, sum(r.count) FROM record r CROSS JOIN report p ON p.id = r.id >> 24 JOIN domain d ON"
    " d.id = p.domain_id WHERE r.source_id IS NULL AND r.count > 0 AND p.counted = 1 GROUP BY 1, 2";

constexpr std::string_view contradictions_sql =
    "SELECT d.name, t.day, sum(t.messages) FROM domain_day t JOIN result_class c ON c.id = t.class_id"
    " JOIN domain d ON d.id = t.domain_id WHERE c.contradiction <> 0 AND t.day BETWEEN ?1 AND ?2 GROUP BY 1, 2";

template <class E>
std::optional<E> word(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(model::parse_enum<E>(row.text(column)).value_or(E{}));
}

std::int32_t number_of(std::string_view day) {
  return static_cast<std::int32_t>(model::day_number(model::parse_day(day).value_or(0)));
}

model::Result<std::vector<model::CountedRow>> counted_rows(Statement& find) {
  std::vector<model::CountedRow> rows;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return rows;
    rows.push_back({std::string(find.text(0)), number_of(find.text(1)), find.integer(2)});
  }
}

}  // namespace

model::Result<std::map<std::string, std::vector<model::PolicyFacts>>> read_seen_policies(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), policies_sql));
  std::map<std::string, std::vector<model::PolicyFacts>> policies;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return policies;
    model::PolicyFacts policy;
    policy.p = word<model::Policy>(find, 1);
    policy.sp = word<model::Policy>(find, 2);
    policy.np = word<model::Policy>(find, 3);
    policy.adkim = word<model::AlignmentMode>(find, 4);
    policy.aspf = word<model::AlignmentMode>(find, 5);
    if (!find.is_null(6)) policy.pct = find.integer(6);
    if (!find.is_null(7)) policy.testing = find.integer(7) != 0;
    policy.first_day = find.text(8);
    policy.last_day = find.text(9);
    policy.reports = find.integer(10);
    policies[std::string(find.text(0))].push_back(std::move(policy));
  }
}

model::Result<std::vector<model::ReceiverRow>> read_receiver_rows(Database& database, const std::string& first_day,
                                                                  const std::string& last_day) {
  TRY(auto find, Statement::prepare(database.handle(), receiver_rows_sql));
  find.bind(1, first_day).bind(2, last_day);
  std::vector<model::ReceiverRow> rows;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return rows;
    rows.push_back({.receiver = static_cast<model::BigReceiver>(find.integer(0)),
                    .domain = std::string(find.text(1)),
                    .address = std::string(find.text(2)),
                    .pattern_key = find.integer(12),
                    .pattern = {},
                    .day = number_of(find.text(3)),
                    .trust = static_cast<model::ReportTrust>(find.integer(4)),
                    .passes_dkim = find.integer(5) != 0,
                    .passes_spf = find.integer(6) != 0,
                    .is_aligned = find.integer(7) != 0,
                    .knows_dkim = find.integer(8) != 0,
                    .knows_spf = find.integer(9) != 0,
                    .knows_alignment = find.integer(10) != 0,
                    .messages = find.integer(11)});
  }
}

model::Result<std::vector<model::CountedRow>> read_contradictions(Database& database, const std::string& first_day,
                                                                  const std::string& last_day) {
  TRY(auto find, Statement::prepare(database.handle(), contradictions_sql));
  find.bind(1, first_day).bind(2, last_day);
  return counted_rows(find);
}

model::Result<std::vector<model::CountedRow>> read_unaddressed(Database& database) {
  TRY(auto find, Statement::prepare(database.handle(), unaddressed_sql));
  return counted_rows(find);
}

}  // namespace ruaudit::store
