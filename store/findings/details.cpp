#include "store/findings/details.hpp"

#include "model/calendar.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

constexpr std::string_view finding_rows_sql =
    "SELECT s.text, i.header_from, coalesce(i.envelope_from, ''), v.disposition, v.dkim, v.spf,"
    " coalesce((SELECT group_concat(a.mechanism || ' ' || a.domain || coalesce('/' || a.selector, '') || ' ' || "
    "a.result,"
    " ', ') FROM auth_result a WHERE a.verdict_id = v.id), ''), min(p.day), max(p.day), sum(r.count),"
    " count(DISTINCT p.reporter_id) FROM source s JOIN record r ON r.source_id = s.id JOIN report p ON p.id = r.id >> "
    "24"
    " JOIN domain d ON d.id = p.domain_id JOIN verdict v ON v.id = r.verdict_id JOIN identifier_set i ON"
    " i.id = r.identifier_id WHERE s.text = ?1 AND d.name = ?2 AND p.day >= ?3 AND p.counted = 1 AND r.count > 0"
    " GROUP BY i.id, v.id ORDER BY 10 DESC, 2, 3, 7 LIMIT 5";

constexpr std::string_view finding_samples_sql =
    "SELECT failure_key, day, coalesce(header_from, ''), source_ip, coalesce(conclusion, 'unverified'),"
    " coalesce(reason, '') FROM v_failure WHERE source_ip = ?1 AND day >= ?2 AND"
    " substr('.' || coalesce(header_from, reported_domain, ''), -length(?3) - 1) = '.' || ?3"
    " ORDER BY at DESC, failure_key DESC LIMIT 5";

// Names of the cause; of the mechanism; of the selector.
constexpr std::string_view finding_records_sql =
    "SELECT type, name, status, fault, text, first_seen, last_seen, is_current FROM dns_record WHERE domain = ?1 AND"
    " (name = ?2 OR (type = ?3 AND type <> 'dkim') OR (type = 'dkim' AND ?4 <> '' AND"
    " substr(name, 1, length(?4) + 12) = ?4 || '._domainkey.')) ORDER BY name, first_seen DESC LIMIT 12";

std::string first_day_of(const model::Finding& finding) {
  return finding.since ? model::day_text(std::int64_t{*finding.since} * model::seconds_per_day)
                       : std::string("0000-01-01");
}

Status read_rows(sqlite3* db, const model::Finding& finding, const std::string& address,
                 model::FindingDetails& details) {
  TRY(auto find, Statement::prepare(db, finding_rows_sql));
  const auto first_day = first_day_of(finding);  // bound by place: it must live as long as the rows are read
  find.bind(1, address).bind(2, finding.domain).bind(3, first_day);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    model::FindingRow row;
    std::string* const texts[] = {&row.address, &row.header_from, &row.envelope_from, &row.disposition, &row.dkim,
                                  &row.spf,     &row.results,     &row.first_day,     &row.last_day};
    for (int i = 0; i < 9; ++i) *texts[i] = find.text(i);
    row.messages = find.integer(9);
    row.reporters = find.integer(10);
    details.rows.push_back(std::move(row));
  }
}

Status read_samples(sqlite3* db, const model::Finding& finding, const std::string& address,
                    model::FindingDetails& details) {
  TRY(auto find, Statement::prepare(db, finding_samples_sql));
  const auto first_day = first_day_of(finding);
  find.bind(1, address).bind(2, first_day).bind(3, finding.domain);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    details.samples.push_back({find.integer(0), std::string(find.text(1)), std::string(find.text(2)),
                               std::string(find.text(3)), std::string(find.text(4)), std::string(find.text(5))});
  }
}

Status read_records(sqlite3* db, const model::Finding& finding, model::FindingDetails& details) {
  TRY(auto find, Statement::prepare(db, finding_records_sql));
  const std::string name = finding.cause ? finding.cause->name : std::string();
  find.bind(1, finding.domain).bind(2, name).bind(3, finding.subject.mechanism).bind(4, finding.subject.selector);
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return {};
    model::FindingRecord record;
    std::string* const texts[] = {&record.type, &record.name, &record.status, &record.fault, &record.text};
    for (int i = 0; i < 5; ++i) *texts[i] = find.text(i);
    record.first_seen = find.integer(5);
    record.last_seen = find.integer(6);
    record.is_current = find.integer(7) != 0;
    details.records.push_back(std::move(record));
  }
}

}  // namespace

model::Result<model::FindingDetails> read_finding_details(Database& database, const model::Finding& finding) {
  model::FindingDetails details;
  for (const auto& address : finding.subject.sources) {
    TRY_VOID(read_rows(database.handle(), finding, address, details));
    TRY_VOID(read_samples(database.handle(), finding, address, details));
  }
  TRY_VOID(read_records(database.handle(), finding, details));
  return details;
}

}  // namespace ruaudit::store
