#include "store/tls/rows.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "model/fail_point.hpp"
#include "store/aggregate/calendar.hpp"
#include "store/tls/day_sums.hpp"

namespace ruaudit::store {
namespace {

// ?1: the report.
#define RUAUDIT_TLS_DAYS RUAUDIT_TLS_DAY_SUMS("r.id = ?1")
#define RUAUDIT_TLS_FAILURE_DAYS RUAUDIT_TLS_FAILURE_DAY_SUMS("r.id = ?1")

constexpr std::array<std::string_view, 27> tls_statements = {
    "INSERT INTO tls_policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (report_id, n) DO NOTHING",
    "INSERT INTO tls_failure (report_id, policy, result_type, raw_result_type, sending_ip, mx_host, mx_helo,"
    " receiving_ip, sessions, information, reason_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO tls_defect VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM tls_defect WHERE report_id = ?1),"
    " ?2, ?3, ?4, ?5)",
    "INSERT INTO tls_report SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, count(*), (SELECT count(*) FROM tls_failure"
    " WHERE report_id = ?1), CAST(min(1e12, total(p.successful)) AS INTEGER), CAST(min(1e12, total(" RUAUDIT_TLS_FAILED
    ")) AS INTEGER), ?10, ?11, ?12, ?13, ?14, 0, 0, ?15, 'unchecked', NULL, NULL FROM tls_policy p WHERE p.report_id ="
    " ?1",
    "DELETE FROM tls_failure WHERE report_id = ?1 AND policy > ?2",
    "SELECT identity_key FROM tls_report r WHERE group_key = ?1 AND id <> ?2 AND (content_hash = ?3 OR EXISTS (SELECT"
    " 1 FROM tls_policy a JOIN tls_policy b ON b.policy_domain = a.policy_domain AND b.report_id = ?2 WHERE"
    " a.report_id = r.id)) ORDER BY id LIMIT 1",
    "SELECT id, content_hash, policies, damaged FROM tls_report WHERE identity_key = ? AND id <> ? ORDER BY id",
    // ?1: the part, ?2: the whole.
    "SELECT 1 FROM tls_policy a LEFT JOIN tls_policy b ON b.report_id = ?2 AND b.n = a.n WHERE a.report_id = ?1 AND"
    " (b.n IS NULL OR a.policy_domain <> b.policy_domain OR a.type <> b.type OR a.raw_type <> b.raw_type OR a.strings"
    " <> b.strings OR a.mx_hosts <> b.mx_hosts OR a.successful IS NOT b.successful OR a.failed IS NOT b.failed) LIMIT"
    " 1",
    "SELECT 1 FROM tls_policy p WHERE p.report_id = ?1 AND (SELECT count(*), total(sessions), count(sessions) FROM"
    " tls_failure WHERE report_id = ?1 AND policy = p.n) <> (SELECT count(*), total(sessions), count(sessions) FROM"
    " tls_failure WHERE report_id = ?2 AND policy = p.n) LIMIT 1",
    "SELECT id, counted, conflict FROM tls_report WHERE identity_key = ?"
    " ORDER BY damaged, authenticity <> 'authenticated', id",
    "UPDATE tls_report SET counted = ?, conflict = ? WHERE id = ?",
    "SELECT identity_key, counted FROM tls_report WHERE id = ?", "DELETE FROM tls_policy WHERE report_id = ?",
    "DELETE FROM tls_failure WHERE report_id = ?", "DELETE FROM tls_defect WHERE report_id = ?",
    "DELETE FROM tls_report WHERE id = ?", "UPDATE ledger_part SET tls_id = nullif(?, 0) WHERE tls_id = ?",
    "UPDATE ledger_part SET outcome = 'superseded', tls_id = ? WHERE tls_id = ?",
    "UPDATE ledger SET outcome = (SELECT outcome FROM ledger_part WHERE ledger_id = ledger.id ORDER BY"
    " instr('stored conflict superseded duplicate kept rejected not_a_report', outcome) LIMIT 1)"
    " WHERE id IN (SELECT ledger_id FROM ledger_part WHERE tls_id = ?)",
    "UPDATE tls_report SET authenticity = ?, authenticated_as = nullif(?, ''), authenticity_reason = ? WHERE id = ?",
    "INSERT INTO tls_day " RUAUDIT_TLS_DAYS
    " ON CONFLICT DO UPDATE SET policies = policies + excluded.policies, successful = successful +"
    " excluded.successful, failed = failed + excluded.failed",
    "INSERT INTO tls_failure_day " RUAUDIT_TLS_FAILURE_DAYS
    " ON CONFLICT DO UPDATE SET details = details + excluded.details, sessions = sessions + excluded.sessions",
    "UPDATE tls_day SET policies = tls_day.policies - x.policies, successful = tls_day.successful - x.successful,"
    " failed = tls_day.failed - x.failed FROM (" RUAUDIT_TLS_DAYS
    ") x WHERE tls_day.policy_domain = x.policy_domain AND tls_day.day = x.day AND tls_day.reporter = x.reporter AND"
    " tls_day.type = x.type AND tls_day.authenticity = x.authenticity",
    "UPDATE tls_failure_day SET details = tls_failure_day.details - x.details, sessions = tls_failure_day.sessions -"
    " x.sessions FROM (" RUAUDIT_TLS_FAILURE_DAYS
    ") x WHERE tls_failure_day.policy_domain = x.policy_domain AND tls_failure_day.day = x.day AND"
    " tls_failure_day.reporter = x.reporter AND tls_failure_day.result_type = x.result_type AND"
    " tls_failure_day.mx_host = x.mx_host AND tls_failure_day.authenticity = x.authenticity",
    "DELETE FROM tls_day WHERE policies = 0 AND (policy_domain, day) IN (SELECT p.policy_domain, r.day FROM tls_report"
    " r JOIN tls_policy p ON p.report_id = r.id WHERE r.id = ?1)",
    "DELETE FROM tls_failure_day WHERE details = 0 AND (policy_domain, day) IN (SELECT p.policy_domain, r.day FROM"
    " tls_report r JOIN tls_policy p ON p.report_id = r.id WHERE r.id = ?1)",
    "SELECT coalesce(max(id), 0) + 1 FROM tls_report"};

#undef RUAUDIT_TLS_DAYS
#undef RUAUDIT_TLS_FAILURE_DAYS

std::string json_list(const std::vector<std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<std::string_view> text_or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

model::Result<TlsRows> TlsRows::create(sqlite3* db) {
  std::vector<Statement> s;
  for (const auto text : tls_statements) {
    TRY(auto prepared, Statement::prepare(db, text));
    s.push_back(std::move(prepared));
  }
  auto next = s.begin();
  const auto take = [&next] { return std::move(*next++); };
  // Members are initialised in their order, which is that of the texts.
  return TlsRows({take(), take(), take(), take(), take(), take(), take(), take(), take(),
                  take(), take(), take(), take(), take(), take(), take(), take(), take(),
                  take(), take(), take(), take(), take(), take(), take(), take(), take()});
}

model::Result<std::int64_t> TlsRows::next_key() {
  ResetAtEnd reset(statements_.next_key);
  TRY(const bool has_row, statements_.next_key.step());
  return has_row ? statements_.next_key.integer(0) : 1;
}

Status TlsRows::insert(std::int64_t tls_key, const TlsBatch& batch) {
  for (const auto& policy : batch.policies) TRY_VOID(insert(tls_key, policy));
  for (const auto& failure : batch.failures) TRY_VOID(insert(tls_key, failure));
  for (const auto& defect : batch.defects) {
    Statement& insert = statements_.insert_defect;
    insert.bind(1, tls_key).bind(2, static_cast<std::int64_t>(defect.row));
    insert.bind(3, static_cast<std::int64_t>(defect.line)).bind(4, defect.code).bind(5, defect.detail);
    TRY_VOID(insert.run());
  }
  return {};
}

Status TlsRows::insert(std::int64_t tls_key, const model::TlsPolicy& policy) {
  RUAUDIT_FAIL_POINT("store.insert");
  const std::string strings = json_list(policy.strings), hosts = json_list(policy.mx_hosts);
  Statement& insert = statements_.insert_policy;
  insert.bind(1, tls_key).bind(2, static_cast<std::int64_t>(policy.number)).bind(3, policy.domain);
  insert.bind(4, model::to_text(policy.type)).bind(5, policy.raw_type).bind(6, strings).bind(7, hosts);
  insert.bind_optional(8, policy.successful).bind_optional(9, policy.failed);
  return insert.run();
}

Status TlsRows::insert(std::int64_t tls_key, const model::TlsFailure& failure) {
  Statement& insert = statements_.insert_failure;
  insert.bind(1, tls_key).bind(2, static_cast<std::int64_t>(failure.policy));
  insert.bind(3, model::to_text(failure.result_type)).bind(4, failure.raw_result_type);
  insert.bind_optional(5, text_or_nothing(failure.sending_mta_ip));
  insert.bind_optional(6, text_or_nothing(failure.receiving_mx_hostname));
  insert.bind_optional(7, text_or_nothing(failure.receiving_mx_helo));
  insert.bind_optional(8, text_or_nothing(failure.receiving_ip)).bind_optional(9, failure.sessions);
  insert.bind_optional(10, text_or_nothing(failure.additional_information));
  insert.bind_optional(11, text_or_nothing(failure.failure_reason_code));
  return insert.run();
}

Status TlsRows::insert(const TlsHeader& header, const NewReport& report) {
  const auto& values = header.report.header;
  TRY_VOID(statements_.void_failures.bind(1, report.tls_key)
               .bind(2, static_cast<std::int64_t>(header.report.policies))
               .run());
  const std::string day = report_day(values.date_range, report.received);
  Statement& insert = statements_.insert_report;
  insert.bind(1, report.tls_key).bind(2, header.reporter).bind(3, values.report_id);
  insert.bind_optional(4, values.date_range.begin).bind_optional(5, values.date_range.end).bind(6, day);
  insert.bind(7, values.organization_name).bind(8, values.contact_info).bind(9, report.received);
  insert.bind(10, static_cast<std::int64_t>(header.report.unknown_members)).bind_blob(11, header.group_key);
  insert.bind_blob(12, report.identity).bind_blob(13, header.content_hash);
  insert.bind(14, static_cast<std::int64_t>(tls_hash_version));
  insert.bind(15, static_cast<std::int64_t>(header.report.is_damaged));
  return insert.run();
}

model::Result<Digest> TlsRows::identity_of(const TlsHeader& header, std::int64_t tls_key) {
  Statement& find = statements_.identity;
  ResetAtEnd reset(find);
  find.bind_blob(1, header.group_key).bind(2, tls_key).bind_blob(3, header.content_hash);
  TRY(const bool has_row, find.step());
  Digest identity{};
  const std::span<const std::uint8_t> from =
      has_row ? find.blob(0) : std::span<const std::uint8_t>(header.content_hash);
  std::copy_n(from.begin(), std::min(from.size(), identity.size()), identity.begin());
  return identity;
}

model::Result<std::vector<TlsVersion>> TlsRows::find(const Digest& identity, std::int64_t but_for) {
  Statement& find = statements_.find;
  ResetAtEnd reset(find);
  find.bind_blob(1, identity).bind(2, but_for);
  std::vector<TlsVersion> versions;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return versions;
    TlsVersion version{find.integer(0), {}, find.integer(2), find.integer(3) != 0};
    const auto hash = find.blob(1);
    std::copy_n(hash.begin(), std::min(hash.size(), version.content_hash.size()), version.content_hash.begin());
    versions.push_back(version);
  }
}

model::Result<bool> TlsRows::is_beginning(std::int64_t part, std::int64_t whole) {
  for (Statement* compare : {&statements_.compare_policies, &statements_.compare_failures}) {
    ResetAtEnd reset(*compare);
    TRY(const bool differs, compare->bind(1, part).bind(2, whole).step());
    if (differs) return false;
  }
  return true;
}

Status TlsRows::count(std::int64_t tls_key, bool is_counted) {
  auto& s = statements_;
  if (is_counted) {
    TRY_VOID(s.add_days.bind(1, tls_key).run());
    return s.add_failure_days.bind(1, tls_key).run();
  }
  for (Statement* one : {&s.take_days, &s.take_failure_days, &s.clear_days, &s.clear_failure_days})
    TRY_VOID(one->bind(1, tls_key).run());
  return {};
}

Status TlsRows::recount(const Digest& identity) {
  struct Row {
    std::int64_t key;
    bool was_counted, was_conflict;
  };
  std::vector<Row> rows;
  {
    ResetAtEnd reset(statements_.group);
    statements_.group.bind_blob(1, identity);
    while (true) {
      TRY(const bool has_row, statements_.group.step());
      if (!has_row) break;
      rows.push_back(
          {statements_.group.integer(0), statements_.group.integer(1) != 0, statements_.group.integer(2) != 0});
    }
  }
  const bool is_conflict = rows.size() > 1;
  for (const Row& row : rows) {
    const bool counts = &row == &rows.front();
    if (counts != row.was_counted) TRY_VOID(count(row.key, counts));
    if (counts == row.was_counted && is_conflict == row.was_conflict) continue;
    Statement& set = statements_.set_counted;
    set.bind(1, static_cast<std::int64_t>(counts)).bind(2, static_cast<std::int64_t>(is_conflict)).bind(3, row.key);
    TRY_VOID(set.run());
  }
  return {};
}

Status TlsRows::remove_batches(std::int64_t tls_key) {
  auto& s = statements_;
  for (Statement* one : {&s.delete_policies, &s.delete_failures, &s.delete_defects})
    TRY_VOID(one->bind(1, tls_key).run());
  return {};
}

model::Result<Digest> TlsRows::remove(std::int64_t tls_key) {
  Digest identity{};
  bool was_counted = false;
  {
    Statement& find = statements_.identity_by_key;
    ResetAtEnd reset(find);
    TRY(const bool has_row, find.bind(1, tls_key).step());
    if (!has_row) return identity;
    const auto octets = find.blob(0);
    std::copy_n(octets.begin(), std::min(octets.size(), identity.size()), identity.begin());
    was_counted = find.integer(1) != 0;
  }
  if (was_counted) TRY_VOID(count(tls_key, false));
  TRY_VOID(remove_batches(tls_key));
  TRY_VOID(statements_.delete_report.bind(1, tls_key).run());
  return identity;
}

Status TlsRows::redirect_parts(std::int64_t former, std::int64_t successor) {
  return statements_.redirect.bind(1, successor).bind(2, former).run();
}

Status TlsRows::supersede(std::int64_t former, std::int64_t complete) {
  TRY_VOID(remove(former));
  TRY_VOID(statements_.supersede_parts.bind(1, complete).bind(2, former).run());
  return statements_.supersede_items.bind(1, complete).run();
}

Status TlsRows::set_authenticity(std::int64_t tls_key, const Finding& finding) {
  Digest identity{};
  {
    Statement& find = statements_.identity_by_key;
    ResetAtEnd reset(find);
    TRY(const bool has_row, find.bind(1, tls_key).step());
    if (!has_row) return {};
    const auto octets = find.blob(0);
    std::copy_n(octets.begin(), std::min(octets.size(), identity.size()), identity.begin());
    if (find.integer(1) != 0) TRY_VOID(count(tls_key, false));
  }
  Statement& off = statements_.set_counted;
  TRY_VOID(off.bind(1, std::int64_t{0}).bind(2, std::int64_t{0}).bind(3, tls_key).run());
  Statement& set = statements_.set_authenticity;
  TRY_VOID(set.bind(1, model::to_text(finding.state))
               .bind(2, finding.authenticated_as)
               .bind(3, finding.reason)
               .bind(4, tls_key)
               .run());
  return recount(identity);
}

}  // namespace ruaudit::store
