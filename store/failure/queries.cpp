#include "store/failure/queries.hpp"

#include <algorithm>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

using Text = std::optional<std::string>;

Text optional_text(const Statement& row, int column) {
  return row.is_null(column) ? Text() : Text(std::string(row.text(column)));
}
std::optional<std::int64_t> optional_integer(const Statement& row, int column) {
  return row.is_null(column) ? std::optional<std::int64_t>() : row.integer(column);
}

template <class Take>
model::Result<void> each(Statement& rows, Take take) {
  const ResetAtEnd reset(rows);
  while (true) {
    TRY(const bool has_row, rows.step());
    if (!has_row) return {};
    take(rows);
  }
}

constexpr std::string_view list_sql =
    "SELECT f.id, f.kind, f.dialect, f.container, f.reporter, l.source, l.locator, f.part, "
    "(SELECT count(*) FROM ledger_part q WHERE q.failure_id = f.id), f.incidents, "
    "f.received, f.at, f.day, f.header_from, f.source_ip, f.auth_failure, f.delivery_result, f.original_mail_from, "
    "f.reported_domain, f.identity_alignment, f.user_agent, f.reporting_mta, f.sample_extent, f.sample_policy, "
    "f.sample_state, lower(hex(f.sample_hash)), f.sample_size, f.redacted, "
    "r.id, r.verified_at, r.judged_at, r.dns_time, r.tool_version, r.dmarc, r.dmarc_7489, r.policy, r.spf, "
    "r.spf_domain, "
    "r.spf_aligned, r.dkim, r.dkim_domain, r.dkim_aligned, r.arc, r.conclusion, r.mechanism, r.confidence, r.reason, "
    "r.summary, r.advice, r.disagreement, r.details, f.sample_hash IS NULL, "
    // Aggregate reports know the source: one mail cannot tell it from a forger (views.sql).
    "iif(r.conclusion = 'forgery', (SELECT k.class FROM known_failing_source k WHERE k.failure_id = f.id), NULL) "
    "FROM failure_report f JOIN ledger l ON l.id = f.ledger_id "
    "LEFT JOIN failure_result r ON r.failure_id = f.id AND r.is_current = 1 "
    "WHERE (?1 IS NULL OR f.id = ?1) AND (?2 IS NULL OR f.at >= ?2) ORDER BY f.at DESC, f.id DESC";

FailureResult result_of(const Statement& row) {
  FailureResult r;
  r.failure_key = row.integer(0);
  r.verified_at = row.integer(29);
  r.judged_at = row.integer(30);
  r.dns_time = row.integer(31);
  r.tool_version = row.text(32);
  Text* const texts[] = {&r.dmarc, &r.dmarc_7489, &r.policy, &r.spf, &r.spf_domain};
  for (int i = 0; i < 5; ++i) *texts[i] = optional_text(row, 33 + i);
  r.spf_aligned = optional_integer(row, 38);
  r.dkim = optional_text(row, 39);
  r.dkim_domain = optional_text(row, 40);
  r.dkim_aligned = optional_integer(row, 41);
  r.arc = optional_text(row, 42);
  std::string* const words[] = {&r.conclusion, &r.mechanism, &r.confidence, &r.reason, &r.summary};
  for (int i = 0; i < 5; ++i) *words[i] = row.text(43 + i);
  r.advice = optional_text(row, 48);
  r.disagreement = optional_text(row, 49);
  r.details = row.text(50);
  return r;
}

// What aggregate reports know of a source wins over what one mail looks like: docs/failure-conclusions.md.
void weigh_class(FailureResult& result, std::string_view known_class) {
  const bool is_own = known_class == "own_failing", is_service = known_class == "service_not_aligned";
  result.conclusion = "indeterminate";
  result.confidence = "low";
  result.reason = "source-known";
  result.summary = is_own       ? "Nothing in this mail passes, but aggregate reports show its source to be yours."
                   : is_service ? "Nothing in this mail passes, but its source is a service that sends in your name."
                                : "Nothing in this mail passes, but its source sends steadily and is not known yet.";
  result.advice = is_own       ? "Find out why mail of this server fails: ruaudit show lists what is known."
                  : is_service ? "Set up the service for your domain: ruaudit show says how."
                               : "Say who it belongs to: ruaudit label ADDRESS mine|service|unwanted.";
}

FailureRow row_of(const Statement& row) {
  FailureRow f;
  f.failure_key = row.integer(0);
  std::string* const front[] = {&f.kind,        &f.dialect,      &f.container, &f.reporter,
                                &f.item_source, &f.item_locator, &f.part};
  for (int i = 0; i < 7; ++i) *front[i] = row.text(1 + i);
  f.copies = row.integer(8);
  f.incidents = row.integer(9);
  f.received = row.integer(10);
  f.at = row.integer(11);
  f.day = row.text(12);
  Text* const claims[] = {&f.header_from,        &f.source_ip,          &f.auth_failure,
                          &f.delivery_result,    &f.original_mail_from, &f.reported_domain,
                          &f.identity_alignment, &f.user_agent,         &f.reporting_mta};
  for (int i = 0; i < 9; ++i) *claims[i] = optional_text(row, 13 + i);
  f.sample_extent = row.text(22);
  f.sample_policy = row.text(23);
  f.sample_state = row.text(24);
  if (row.integer(51) == 0) f.sample_hash = row.text(25);
  f.sample_size = row.integer(26);
  f.is_redacted = row.integer(27) != 0;
  f.result_key = optional_integer(row, 28);
  if (f.result_key) f.result = result_of(row);
  if (f.result && !row.is_null(52) && !row.text(52).empty()) weigh_class(*f.result, row.text(52));
  return f;
}

bool is_below(const Text& name, const std::string& domain) {
  if (!name) return false;
  if (*name == domain) return true;
  return name->size() > domain.size() && name->ends_with(domain) && (*name)[name->size() - domain.size() - 1] == '.';
}

bool is_wanted(const FailureRow& row, const FailureFilter& filter) {
  const auto& domains = filter.domains;
  const bool in_domain = domains.empty() || std::any_of(domains.begin(), domains.end(), [&row](const auto& domain) {
                           return is_below(row.header_from ? row.header_from : row.reported_domain, domain);
                         });
  const auto& wanted = filter.conclusions;
  return in_domain && (wanted.empty() || std::find(wanted.begin(), wanted.end(), conclusion_word(row)) != wanted.end());
}

}  // namespace

model::Result<std::optional<std::int64_t>> next_failure(Database& database, std::int64_t failure_key,
                                                        std::int64_t arrived_since) {
  TRY(auto rows,
      Statement::prepare(database.handle(),
                         "SELECT id FROM failure_report WHERE id > ?1 AND at >= ?2 AND kind = 'auth-failure' "
                         "ORDER BY id LIMIT 1"));
  std::optional<std::int64_t> found;
  TRY_VOID(each(rows.bind(1, failure_key).bind(2, arrived_since),
                [&found](const Statement& row) { found = row.integer(0); }));
  return found;
}

model::Result<std::int64_t> last_failure_key(Database& database) {
  return query_integer(database.handle(), "SELECT coalesce(max(id), 0) FROM failure_report");
}

namespace {

// g: rows of the question with what counts of each; a return path is known by its field, else by what SPF was asked of.
constexpr std::string_view source_days_sql =
    "WITH g AS (SELECT r.count AS messages, p.authenticity = 'unauthenticated' AS unproved, v.spf = 'pass' AS spf,"
    " v.dkim = 'pass' AS dkim, p.day AS day, p.reporter_id AS reporter,"
    " coalesce(i.envelope_from, (SELECT a.domain FROM auth_result a WHERE a.verdict_id = v.id AND a.mechanism = 'spf'"
    " AND coalesce(a.scope, 'mfrom') <> 'helo' LIMIT 1), '') AS path"
    " FROM source s JOIN record r ON r.source_id = s.id JOIN report p ON p.id = r.report_id"
    " JOIN verdict v ON v.id = r.verdict_id JOIN identifier_set i ON i.id = r.identifier_id"
    " WHERE s.text = ?1 AND i.header_from = ?2 AND p.counted = 1 AND r.count > 0 AND p.day BETWEEN ?4 AND ?5),"
    " o AS (SELECT * FROM g WHERE path = ?3 OR substr(path, -length(?3) - 1) IN ('.' || ?3, '@' || ?3))"
    " SELECT coalesce(sum(iif(unproved, 0, messages)), 0), coalesce(sum(iif(NOT unproved AND spf, messages, 0)), 0),"
    " coalesce(sum(iif(NOT unproved AND dkim, messages, 0)), 0), max(iif(NOT unproved AND (spf OR dkim), day, NULL)),"
    " coalesce(sum(iif(unproved, messages, 0)), 0), coalesce(sum(iif(unproved AND (spf OR dkim), messages, 0)), 0),"
    " (SELECT count(DISTINCT day) FROM o), (SELECT coalesce(sum(messages), 0) FROM o),"
    " (SELECT count(DISTINCT reporter) FROM o) FROM g";

}  // namespace

model::Result<SourceDays> source_days(Database& database, const SourceQuestion& question) {
  TRY(auto rows, Statement::prepare(database.handle(), source_days_sql));
  SourceDays days;
  rows.bind(1, question.source).bind(2, question.header_from).bind(3, question.organizational);
  rows.bind(4, question.first_day).bind(5, question.last_day);
  TRY_VOID(each(rows, [&days](const Statement& row) {
    days = {row.integer(0), row.integer(1), row.integer(2), std::string(row.text(3)), row.integer(4), row.integer(5),
            row.integer(6), row.integer(7), row.integer(8)};
  }));
  return days;
}

model::Result<std::optional<StoredAnswers>> stored_answers(Database& database, std::int64_t failure_key) {
  TRY(auto first,
      Statement::prepare(database.handle(),
                         "SELECT id, dns_time FROM failure_result WHERE failure_id = ?1 ORDER BY id LIMIT 1"));
  std::optional<std::int64_t> result_key;
  StoredAnswers out;
  TRY_VOID(each(first.bind(1, failure_key), [&](const Statement& row) {
    result_key = row.integer(0);
    out.dns_time = row.integer(1);
  }));
  if (!result_key) return std::optional<StoredAnswers>();
  TRY(out.answers, read_failure_dns(database, *result_key));
  return std::optional<StoredAnswers>(std::move(out));
}

model::Result<std::vector<KeptBodyHash>> kept_body_hashes(Database& database, std::int64_t failure_key) {
  TRY(auto rows, Statement::prepare(database.handle(),
                                    "SELECT domain, selector, value, body_hash FROM failure_signature "
                                    "WHERE failure_id = ?1 AND field = 'dkim-signature' ORDER BY n"));
  std::vector<KeptBodyHash> out;
  TRY_VOID(each(rows.bind(1, failure_key), [&out](const Statement& row) {
    KeptBodyHash kept{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), {}};
    const auto octets = row.blob(3);
    if (!row.is_null(3)) kept.body_hash = std::string(octets.begin(), octets.end());
    out.push_back(std::move(kept));
  }));
  return out;
}

model::Result<std::vector<FailureRow>> read_failures(Database& database, const FailureFilter& filter) {
  TRY(auto rows, Statement::prepare(database.handle(), list_sql));
  rows.bind_optional(1, filter.failure_key).bind_optional(2, filter.since);
  std::vector<FailureRow> out;
  TRY_VOID(each(rows, [&](const Statement& row) {
    auto read = row_of(row);
    if (is_wanted(read, filter)) out.push_back(std::move(read));
  }));
  return out;
}

model::Result<std::vector<FailureClaimRow>> read_failure_claims(Database& database, std::int64_t failure_key) {
  TRY(auto rows,
      Statement::prepare(database.handle(), "SELECT name, value FROM failure_claim WHERE failure_id = ?1 ORDER BY n"));
  std::vector<FailureClaimRow> out;
  TRY_VOID(each(rows.bind(1, failure_key), [&out](const Statement& row) {
    out.push_back({std::string(row.text(0)), std::string(row.text(1))});
  }));
  return out;
}

model::Result<std::vector<KeptEvidenceLine>> read_failure_evidence(Database& database, std::int64_t result_key) {
  TRY(auto rows, Statement::prepare(database.handle(),
                                    "SELECT kind, text FROM failure_evidence_line WHERE result_id = ?1 ORDER BY n"));
  std::vector<KeptEvidenceLine> out;
  TRY_VOID(each(rows.bind(1, result_key), [&out](const Statement& row) {
    out.push_back({std::string(row.text(0)), std::string(row.text(1))});
  }));
  return out;
}

model::Result<std::vector<std::string>> read_failure_dns(Database& database, std::int64_t result_key) {
  TRY(auto rows, Statement::prepare(database.handle(),
                                    "SELECT e.evidence FROM failure_dns d JOIN dns_evidence e ON e.id = d.evidence_id "
                                    "WHERE d.result_id = ?1 ORDER BY d.n"));
  std::vector<std::string> out;
  TRY_VOID(each(rows.bind(1, result_key), [&out](const Statement& row) { out.emplace_back(row.text(0)); }));
  return out;
}

}  // namespace ruaudit::store
