#include "store/outbox/report_reader.hpp"

#include <algorithm>
#include <unordered_map>

#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t max_kept_verdicts = 20'000;

constexpr std::string_view shipped_report_sql =
    "SELECT p.id, p.identity_key, p.content_hash, p.hash_version, rp.name, p.report_id, d.name, p.day, p.org_name,"
    " p.email, p.xml_namespace, p.authenticity, p.extra_contact_info, p.extra_contact_lang, p.generator, p.version, "
    "o.p,"
    " o.sp, o.np, o.adkim, o.aspf, o.fo, o.discovery_method, p.authenticated_as, p.authenticity_reason,"
    " p.alignment_method, p.suffix_list, p.date_begin, p.date_end, o.pct, o.testing, p.received, p.records, p.messages,"
    " p.unknown_elements, coalesce((SELECT min(l.first_seen) FROM ledger_part q JOIN ledger l ON l.id = q.ledger_id "
    "WHERE"
    " q.report_id = p.id), p.received), p.damaged FROM report p JOIN reporter rp ON rp.id = p.reporter_id JOIN domain "
    "d ON"
    " d.id = p.domain_id JOIN policy o ON o.id = p.policy_id WHERE p.id = ? AND p.identity_key = ?";

constexpr std::string_view shipped_records_sql =
    "SELECT r.id & 16777215, s.key, r.count, i.header_from, i.envelope_from, t.name, r.self_check, r.verdict_id FROM"
    " record r JOIN identifier_set i ON i.id = r.identifier_id LEFT JOIN source s ON s.id = r.source_id LEFT JOIN"
    " recipient t ON t.id = r.recipient_id WHERE r.id BETWEEN ?1 * 16777216 AND ?1 * 16777216 + 16777215 ORDER BY r.id";

std::optional<std::string> shipped_text(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional<std::string>(row.text(column));
}
std::optional<std::string_view> shipped_view(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional<std::string_view>(row.text(column));
}
std::optional<std::int64_t> shipped_number(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional<std::int64_t>(row.integer(column));
}

template <class Octets>
Octets shipped_octets(const Statement& row, int column) {
  Octets out{};
  const auto blob = row.blob(column);
  std::copy_n(blob.begin(), std::min(blob.size(), out.size()), out.begin());
  return out;
}

ShippedReport shipped_report_of(const Statement& row) {
  ShippedReport r;
  r.report_key = row.integer(0);
  r.identity_key = shipped_octets<Digest>(row, 1);
  r.content_hash = shipped_octets<ContentHash>(row, 2);
  r.hash_version = row.integer(3);
  int column = 4;
  for (auto* const text :
       {&r.reporter, &r.report_id, &r.policy_domain, &r.day, &r.org_name, &r.email, &r.xml_namespace, &r.authenticity})
    *text = row.text(column++);
  for (auto* const text :
       {&r.extra_contact_info, &r.extra_contact_lang, &r.generator, &r.version, &r.p, &r.sp, &r.np, &r.adkim, &r.aspf,
        &r.fo, &r.discovery_method, &r.authenticated_as, &r.authenticity_reason, &r.alignment_method, &r.suffix_list})
    *text = shipped_text(row, column++);
  for (auto* const number : {&r.date_begin, &r.date_end, &r.pct, &r.testing}) *number = shipped_number(row, column++);
  for (auto* const number : {&r.received, &r.records, &r.messages, &r.unknown_elements, &r.first_seen})
    *number = row.integer(column++);
  r.is_damaged = row.integer(column) != 0;
  return r;
}

// Calls take() for each row of a statement with one key.
template <class Take>
Status each_shipped_row(Statement& statement, std::int64_t key, const Take& take) {
  ResetAtEnd reset(statement);
  statement.bind(1, key);
  while (true) {
    TRY(const bool has_row, statement.step());
    if (!has_row) return {};
    TRY_VOID(take(statement));
  }
}

}  // namespace

struct ReportReader::State {
  sqlite3* db;
  Statement report, errors, defects, records, verdict, results, overrides;
  std::unordered_map<std::int64_t, ShippedVerdict> verdicts{};
  bool is_open = false;

  model::Result<const ShippedVerdict*> find_verdict(std::int64_t id);
  Status read_verdict(std::int64_t id, ShippedVerdict& into);
};

ReportReader::ReportReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReportReader::ReportReader(ReportReader&&) noexcept = default;
ReportReader::~ReportReader() {
  if (state_) end();
}

model::Result<ReportReader> ReportReader::create(const Database& database) {
  sqlite3* const db = database.handle();
  TRY(auto report, Statement::prepare(db, shipped_report_sql));
  TRY(auto errors, Statement::prepare(db, "SELECT text, lang FROM report_error WHERE report_id = ? ORDER BY n"));
  TRY(auto defects,
      Statement::prepare(db, "SELECT row_number, line, code, detail FROM defect WHERE report_id = ? ORDER BY id"));
  TRY(auto records, Statement::prepare(db, shipped_records_sql));
  TRY(auto verdict,
      Statement::prepare(db,
                         "SELECT disposition, dkim, spf, dkim_auth, spf_auth, overridden FROM verdict WHERE id = ?"));
  TRY(auto results,
      Statement::prepare(db,
                         "SELECT mechanism, domain, result, selector, scope, human_result, human_lang FROM"
                         " auth_result WHERE verdict_id = ? ORDER BY n"));
  TRY(auto overrides, Statement::prepare(db,
                                         "SELECT type, raw_type, comment, comment_lang, arc, arc_chain, arc_remote_ip"
                                         " FROM policy_override WHERE verdict_id = ? ORDER BY n"));
  return ReportReader(
      std::make_unique<State>(State{db, std::move(report), std::move(errors), std::move(defects), std::move(records),
                                    std::move(verdict), std::move(results), std::move(overrides)}));
}

model::Result<void> ReportReader::begin() {
  TRY_VOID(execute(state_->db, "BEGIN"));
  state_->is_open = true;
  state_->verdicts.clear();  // ids may have been given again
  return {};
}

void ReportReader::end() {
  if (!state_->is_open) return;
  sqlite3_exec(state_->db, "ROLLBACK", nullptr, nullptr, nullptr);  // nothing was written
  state_->is_open = false;
}

model::Result<std::optional<ShippedReport>> ReportReader::report(std::int64_t report_key, const Digest& identity_key) {
  State& s = *state_;
  std::optional<ShippedReport> found;
  {
    ResetAtEnd reset(s.report);
    TRY(const bool has_row, s.report.bind(1, report_key).bind_blob(2, identity_key).step());
    if (!has_row) return found;
    found = shipped_report_of(s.report);
  }
  TRY_VOID(each_shipped_row(s.errors, report_key, [&found](const Statement& row) -> Status {
    found->errors.push_back({std::string(row.text(0)), std::string(row.text(1))});
    return {};
  }));
  TRY_VOID(each_shipped_row(s.defects, report_key, [&found](const Statement& row) -> Status {
    found->defects.push_back({row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))});
    return {};
  }));
  return found;
}

Status ReportReader::State::read_verdict(std::int64_t id, ShippedVerdict& into) {
  TRY_VOID(each_shipped_row(verdict, id, [&into](const Statement& row) -> Status {
    int column = 0;
    for (auto* const text : {&into.disposition, &into.dkim, &into.spf, &into.dkim_auth, &into.spf_auth})
      *text = row.text(column++);
    into.is_overridden = row.integer(column) != 0;
    return {};
  }));
  TRY_VOID(each_shipped_row(results, id, [&into](const Statement& row) -> Status {
    into.results.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                            shipped_text(row, 3), shipped_text(row, 4), shipped_text(row, 5), shipped_text(row, 6)});
    return {};
  }));
  return each_shipped_row(overrides, id, [&into](const Statement& row) -> Status {
    into.overrides.push_back({std::string(row.text(0)), std::string(row.text(1)), shipped_text(row, 2),
                              shipped_text(row, 3), shipped_text(row, 4), shipped_text(row, 5), shipped_text(row, 6)});
    return {};
  });
}

model::Result<const ShippedVerdict*> ReportReader::State::find_verdict(std::int64_t id) {
  if (const auto known = verdicts.find(id); known != verdicts.end()) return &known->second;
  if (verdicts.size() >= max_kept_verdicts) verdicts.clear();
  ShippedVerdict found;
  TRY_VOID(read_verdict(id, found));
  return &verdicts.emplace(id, std::move(found)).first->second;
}

model::Result<void> ReportReader::records(std::int64_t report_key, const TakeRecord& take) {
  State& s = *state_;
  return each_shipped_row(s.records, report_key, [&s, &take](const Statement& row) -> Status {
    ShippedRecord record;
    record.row_number = row.integer(0);
    record.source = row.blob(1);
    if (!row.is_null(2)) record.count = row.integer(2);
    record.header_from = row.text(3);
    record.envelope_from = shipped_view(row, 4);
    record.envelope_to = shipped_view(row, 5);
    record.self_check = row.integer(6);
    TRY(record.verdict, s.find_verdict(row.integer(7)));
    return take(record);
  });
}

}  // namespace ruaudit::store
