#include "store/findings/intake_facts.hpp"

#include <unordered_map>

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view reports_sql =
    "SELECT p.reporter_id, p.domain_id, p.day, p.authenticity, p.messages, p.counted, p.conflict,"
    " coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id"
    " WHERE q.report_id = p.id), p.received), p.org_name FROM report p ORDER BY p.id";

constexpr std::string_view rejected_sql =
    "SELECT l.first_seen, l.source, l.locator, q.path, q.code, q.reason, l.id, q.part FROM ledger l JOIN ledger_part q "
    "ON "
    "q.ledger_id = l.id"
    " WHERE q.outcome = 'rejected' AND l.first_seen >= ?1 ORDER BY l.id, q.part";

constexpr std::string_view mailboxes_sql =
    "SELECT source, last_attempt, last_success, failures, coalesce(error, '') FROM source_state ORDER BY source";

using Names = std::unordered_map<std::int64_t, std::uint32_t>;

std::uint32_t place_of(Names& names, std::vector<std::string>& texts, std::int64_t id) {
  const auto [at, is_new] = names.try_emplace(id, static_cast<std::uint32_t>(texts.size()));
  if (is_new) texts.emplace_back();
  return at->second;
}

model::ReportTrust trust_of(std::string_view text) {
  if (text == "authenticated") return model::ReportTrust::authenticated;
  if (text == "unauthenticated") return model::ReportTrust::unauthenticated;
  return text == "indeterminate" ? model::ReportTrust::indeterminate : model::ReportTrust::unchecked;
}

Status read_reports(sqlite3* db, model::IntakeFacts& facts) {
  Names reporters, domains;
  TRY(auto find, Statement::prepare(db, reports_sql));
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) break;
    const auto day = model::parse_day(find.text(2));
    if (!day) continue;
    model::ReportFact report{.reporter = place_of(reporters, facts.reporters, find.integer(0)),
                             .domain = place_of(domains, facts.domains, find.integer(1)),
                             .day = static_cast<std::int32_t>(model::day_number(*day)),
                             .taken_in = find.integer(7),
                             .trust = trust_of(find.text(3)),
                             .messages = find.integer(4),
                             .is_counted = find.integer(5) != 0,
                             .is_conflicting = find.integer(6) != 0};
    facts.reporters[report.reporter] = find.text(8);
    facts.reports.push_back(report);
  }
  TRY(auto names, Statement::prepare(db, "SELECT id, name FROM domain"));
  while (true) {
    TRY(const bool has_row, names.step());
    if (!has_row) return {};
    if (const auto at = domains.find(names.integer(0)); at != domains.end()) facts.domains[at->second] = names.text(1);
  }
}

Status read_rejected(sqlite3* db, std::int64_t since, model::IntakeFacts& facts) {
  TRY(auto find, Statement::prepare(db, rejected_sql));
  find.bind(1, since);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    std::string place(find.text(1));
    if (!find.text(2).empty()) place += ", " + std::string(find.text(2));
    if (!find.text(3).empty()) place += ", " + std::string(find.text(3));
    facts.rejected.push_back({find.integer(0),
                              find.integer(6),
                              find.integer(7),
                              std::move(place),
                              std::string(find.text(4)),
                              std::string(find.text(5)),
                              {}});
  }
}

Status read_mailboxes(sqlite3* db, model::IntakeFacts& facts) {
  TRY(auto find, Statement::prepare(db, mailboxes_sql));
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    model::MailboxVisits visits{.name = std::string(find.text(0)), .last_attempt = find.integer(1)};
    if (!find.is_null(2)) visits.last_success = find.integer(2);
    visits.failures = find.integer(3);
    visits.error = find.text(4);
    facts.mailboxes.push_back(std::move(visits));
  }
}

}  // namespace

model::Result<model::IntakeFacts> read_intake_facts(Database& database, std::int64_t rejected_since) {
  model::IntakeFacts facts;
  TRY_VOID(read_reports(database.handle(), facts));
  TRY_VOID(read_rejected(database.handle(), rejected_since, facts));
  TRY_VOID(read_mailboxes(database.handle(), facts));
  TRY(const auto is_pulled, query_integer(database.handle(), "SELECT EXISTS (SELECT 1 FROM pulled_batch)"));
  facts.is_of_cluster = is_pulled != 0;
  return facts;
}

}  // namespace ruaudit::store
