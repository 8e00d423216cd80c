#include "store/aggregate/versions.hpp"

#include <algorithm>
#include <array>

#include "store/aggregate/calendar.hpp"
#include "store/aggregate/canonical.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t max_names = 4096;  // of each kind are remembered

constexpr std::string_view insert_report_sql =
    "INSERT INTO report (id, reporter_id, domain_id, policy_id, report_id, date_begin, date_end, day, org_name, email,"
    " extra_contact_info, extra_contact_lang, generator, version, xml_namespace, received, records, messages,"
    " unknown_elements, identity_key, content_hash, hash_version, counted, conflict, damaged, alignment_method,"
    " suffix_list, authenticity, authenticated_as, authenticity_reason) VALUES"
    " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?,?,?,?,?,?)";

// ?1 and ?2: first record ids of the part and of the whole; ?3: last record id of the part.
constexpr std::string_view compare_sql =
    "SELECT 1 FROM record a LEFT JOIN record b ON b.id = a.id - ?1 + ?2 WHERE a.id BETWEEN ?1 AND ?3 AND (b.id IS NULL "
    "OR"
    " a.source_id IS NOT b.source_id OR a.count IS NOT b.count OR a.identifier_id <> b.identifier_id OR"
    " a.recipient_id IS NOT b.recipient_id OR a.verdict_id <> b.verdict_id) LIMIT 1";

// The best outcome of its parts is an item's outcome (ledger.hpp).
constexpr std::string_view supersede_items_sql =
    "UPDATE ledger SET outcome = (SELECT outcome FROM ledger_part WHERE ledger_id = ledger.id ORDER BY"
    " instr('stored conflict superseded duplicate kept rejected not_a_report', outcome) LIMIT 1)"
    " WHERE id IN (SELECT ledger_id FROM ledger_part WHERE report_id = ?)";

constexpr std::int64_t record_shift = 24;

template <class E>
void bind_optional_enum(Statement& statement, int index, const std::optional<E>& value) {
  if (value)
    statement.bind(index, model::to_text(*value));
  else
    statement.bind_null(index);
}

}  // namespace

model::Result<Versions> Versions::create(sqlite3* db) {
  constexpr std::array<std::string_view, 24> texts = {
      "SELECT id, content_hash, records, damaged FROM report WHERE identity_key = ? ORDER BY id",
      insert_report_sql,
      "INSERT INTO report_error VALUES (?, ?, ?, ?)",
      "INSERT INTO defect (report_id, row_number, line, code, detail) VALUES (?, ?, ?, ?, ?)",
      compare_sql,
      "SELECT domain_id, day, counted FROM report WHERE id = ?",
      "UPDATE report SET counted = ?, conflict = ? WHERE id = ?",
      "SELECT id, counted, conflict FROM report WHERE identity_key = ?"
      " ORDER BY damaged, authenticity <> 'authenticated', id",
      "DELETE FROM record WHERE id BETWEEN ? AND ?",
      "DELETE FROM defect WHERE report_id = ?",
      "DELETE FROM report_error WHERE report_id = ?",
      "DELETE FROM report WHERE id = ?",
      "UPDATE ledger_part SET outcome = 'superseded', report_id = ? WHERE report_id = ?",
      supersede_items_sql,
      "UPDATE ledger_part SET report_id = nullif(?, 0) WHERE report_id = ?",
      "SELECT identity_key FROM report WHERE id = ?",
      "SELECT id FROM reporter WHERE name = ?",
      "INSERT INTO reporter (name) VALUES (?)",
      "SELECT id FROM domain WHERE name = ?",
      "INSERT INTO domain (name) VALUES (?)",
      "SELECT id FROM policy WHERE digest = ?",
      "INSERT INTO policy VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "SELECT domain_id, day, counted, authenticity, identity_key FROM report WHERE id = ?",
      "UPDATE report SET authenticity = ?, authenticated_as = nullif(?, ''), authenticity_reason = ? WHERE id = ?"};
  std::vector<Statement> s;
  for (const auto text : texts) {
    TRY(auto prepared, Statement::prepare(db, text));
    s.push_back(std::move(prepared));
  }
  auto next = s.begin();
  const auto take = [&next] { return std::move(*next++); };
  // Members are initialised in their order, which is that of the texts.
  return Versions({take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(),
                   take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take(), take()});
}

Status Versions::reload() {
  forget_names();
  TRY(next_report_key_,
      query_integer(sqlite3_db_handle(statements_.insert.handle()), "SELECT coalesce(max(id), 0) + 1 FROM report"));
  return {};
}

void Versions::forget_names() {
  reporters_.clear();
  domains_.clear();
  policies_.clear();
}

model::Result<std::vector<Version>> Versions::find(const Digest& identity_key) {
  Statement& find = statements_.find;
  ResetAtEnd reset(find);
  find.bind_blob(1, identity_key);
  std::vector<Version> versions;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return versions;
    Version version{find.integer(0), {}, find.integer(2), find.integer(3) != 0};
    const auto hash = find.blob(1);
    std::copy_n(hash.begin(), std::min(hash.size(), version.content_hash.size()), version.content_hash.begin());
    versions.push_back(version);
  }
}

model::Result<std::int64_t> Versions::intern_name(Names& names, Statement& find, Statement& insert,
                                                  const std::string& name) {
  if (const auto known = names.find(name); known != names.end()) return known->second;
  std::int64_t id = 0;
  {
    ResetAtEnd reset(find);
    TRY(const bool is_known, find.bind(1, name).step());
    if (is_known) id = find.integer(0);
  }
  if (id == 0) {
    TRY_VOID(insert.bind(1, name).run());
    id = sqlite3_last_insert_rowid(sqlite3_db_handle(insert.handle()));
  }
  if (names.size() >= max_names) names.clear();
  names.emplace(name, id);
  return id;
}

model::Result<std::int64_t> Versions::intern_policy(const model::PolicyPublished& policy) {
  std::string octets;
  write_policy(octets, policy);
  if (const auto known = policies_.find(octets); known != policies_.end()) return known->second;
  TRY(auto hasher, Hasher::create());
  const Digest digest = hasher.digest(octets);
  std::int64_t id = 0;
  {
    ResetAtEnd reset(statements_.find_policy);
    TRY(const bool is_known, statements_.find_policy.bind_blob(1, digest).step());
    if (is_known) id = statements_.find_policy.integer(0);
  }
  if (id == 0) {
    statements_.insert_policy.bind_blob(1, digest);
    TRY_VOID(insert_policy(policy));
    id = sqlite3_last_insert_rowid(sqlite3_db_handle(statements_.insert_policy.handle()));
  }
  if (policies_.size() >= max_names) policies_.clear();
  policies_.emplace(std::move(octets), id);
  return id;
}

Status Versions::insert_policy(const model::PolicyPublished& policy) {
  Statement& insert = statements_.insert_policy;
  bind_optional_enum(insert, 2, policy.p);
  bind_optional_enum(insert, 3, policy.sp);
  bind_optional_enum(insert, 4, policy.np);
  bind_optional_enum(insert, 5, policy.adkim);
  bind_optional_enum(insert, 6, policy.aspf);
  insert.bind_optional(7, policy.pct).bind_optional(8, policy.fo);
  insert.bind_optional(9, policy.testing ? std::optional<std::int64_t>(*policy.testing) : std::nullopt);
  bind_optional_enum(insert, 10, policy.discovery_method);
  return insert.run();
}

model::Result<Cell> Versions::make_cell(const EncodedHeader& header, std::int64_t received) {
  Cell cell;
  TRY(cell.domain_id, intern_name(domains_, statements_.find_domain, statements_.insert_domain,
                                  header.report.header.policy_published.domain));
  const auto& range = header.report.header.metadata.date_range;
  cell.day = report_day(range, received);
  cell.first = range.begin.value_or(range.end.value_or(received));
  cell.last = range.end.value_or(range.begin.value_or(received));
  return cell;
}

Status Versions::insert(const EncodedHeader& header, const Cell& cell, const NewReport& report) {
  const auto& values = header.report.header;
  const auto& metadata = values.metadata;
  TRY(const auto reporter_id,
      intern_name(reporters_, statements_.find_reporter, statements_.insert_reporter, header.reporter));
  TRY(const auto policy_id, intern_policy(values.policy_published));
  Statement& insert = statements_.insert;
  insert.bind(1, report.report_key).bind(2, reporter_id).bind(3, cell.domain_id).bind(4, policy_id);
  insert.bind(5, metadata.report_id).bind_optional(6, metadata.date_range.begin);
  insert.bind_optional(7, metadata.date_range.end).bind(8, cell.day).bind(9, metadata.org_name);
  insert.bind(10, metadata.email);
  const auto& contact = metadata.extra_contact_info;
  if (contact)
    insert.bind(11, contact->text).bind(12, contact->lang);
  else
    insert.bind_null(11).bind_null(12);
  insert.bind_optional(13, metadata.generator).bind_optional(14, values.version).bind(15, values.xml_namespace);
  insert.bind(16, report.received).bind(17, header.records).bind(18, header.messages);
  insert.bind(19, static_cast<std::int64_t>(header.report.unknown_elements)).bind_blob(20, header.identity_key);
  insert.bind_blob(21, header.content_hash).bind(22, hash_version);
  insert.bind(23, static_cast<std::int64_t>(report.is_counted));
  insert.bind(24, static_cast<std::int64_t>(header.report.is_damaged));
  bind_optional_enum(insert, 25, header.basis.alignment_method);
  if (header.basis.suffix_list.empty())
    insert.bind_null(26);
  else
    insert.bind(26, header.basis.suffix_list);
  const Finding& proven = report.proven;
  insert.bind(27, model::to_text(proven.state)).bind_null(28).bind_null(29);
  if (!proven.authenticated_as.empty()) insert.bind(28, proven.authenticated_as);
  if (proven.state != Authenticity::unchecked) insert.bind(29, proven.reason);
  TRY_VOID(insert.run());
  next_report_key_ = std::max(next_report_key_, report.report_key + 1);
  return insert_errors(header, report.report_key);
}

Status Versions::insert_errors(const EncodedHeader& header, std::int64_t report_key) {
  std::int64_t n = 0;
  for (const auto& error : header.report.header.metadata.errors) {
    Statement& insert = statements_.insert_error;
    TRY_VOID(insert.bind(1, report_key).bind(2, ++n).bind(3, error.text).bind(4, error.lang).run());
  }
  return {};
}

Status Versions::insert_defect(std::int64_t report_key, const model::Defect& defect) {
  Statement& insert = statements_.insert_defect;
  insert.bind(1, report_key).bind(2, static_cast<std::int64_t>(defect.row));
  insert.bind(3, static_cast<std::int64_t>(defect.line)).bind(4, defect.code).bind(5, defect.detail);
  return insert.run();
}

model::Result<bool> Versions::is_beginning(const Version& part, const Version& whole) {
  if (part.records > whole.records) return false;
  Statement& compare = statements_.compare;
  ResetAtEnd reset(compare);
  compare.bind(1, part.report_key << record_shift).bind(2, whole.report_key << record_shift);
  compare.bind(3, (part.report_key << record_shift) + max_row_number);
  TRY(const bool differs, compare.step());
  return !differs;
}

Status Versions::mark_cell(std::int64_t report_key, Rollup& rollup) {
  Statement& locate = statements_.locate;
  ResetAtEnd reset(locate);
  TRY(const bool is_there, locate.bind(1, report_key).step());
  if (is_there && locate.integer(2) != 0) rollup.mark({locate.integer(0), std::string(locate.text(1)), 0, 0, {}});
  return {};
}

Status Versions::remove(std::int64_t report_key, Rollup& rollup) {
  TRY_VOID(mark_cell(report_key, rollup));
  const std::int64_t first = report_key << record_shift;
  TRY_VOID(statements_.delete_records.bind(1, first).bind(2, first + max_row_number).run());
  TRY_VOID(statements_.delete_defects.bind(1, report_key).run());
  TRY_VOID(statements_.delete_errors.bind(1, report_key).run());
  return statements_.delete_report.bind(1, report_key).run();
}

model::Result<Digest> Versions::withdraw(std::int64_t report_key, Rollup& rollup) {
  Digest key{};
  {
    ResetAtEnd reset(statements_.identity);
    TRY(const bool is_there, statements_.identity.bind(1, report_key).step());
    if (!is_there) return key;
    const auto octets = statements_.identity.blob(0);
    std::copy_n(octets.begin(), std::min(octets.size(), key.size()), key.begin());
  }
  TRY_VOID(remove(report_key, rollup));
  TRY_VOID(recount(key, rollup));
  return key;
}

Status Versions::redirect_parts(std::int64_t former, std::int64_t successor) {
  return statements_.redirect_parts.bind(1, successor).bind(2, former).run();
}

Status Versions::supersede(std::int64_t former, std::int64_t complete, Rollup& rollup) {
  TRY_VOID(statements_.supersede_parts.bind(1, complete).bind(2, former).run());
  TRY_VOID(statements_.supersede_items.bind(1, complete).run());
  return remove(former, rollup);
}

Status Versions::set_authenticity(std::int64_t report_key, const Finding& finding, Rollup& rollup) {
  Digest key{};
  {
    Statement& find = statements_.authenticity;
    ResetAtEnd reset(find);
    TRY(const bool is_there, find.bind(1, report_key).step());
    if (!is_there) return {};
    const auto former = model::parse_enum<Authenticity>(find.text(3)).value_or(Authenticity::unchecked);
    if (find.integer(2) != 0 && former != finding.state)
      TRY_VOID(
          rollup.move_report(report_key, {find.integer(0), std::string(find.text(1)), 0, 0, finding.state}, former));
    const auto octets = find.blob(4);
    std::copy_n(octets.begin(), std::min(octets.size(), key.size()), key.begin());
  }
  Statement& set = statements_.set_authenticity;
  set.bind(1, model::to_text(finding.state)).bind(2, finding.authenticated_as).bind(3, finding.reason);
  TRY_VOID(set.bind(4, report_key).run());
  return recount(key, rollup);
}

// Undamaged before damaged, then authenticated, then first.
Status Versions::recount(const Digest& identity_key, Rollup& rollup) {
  struct Row {
    std::int64_t report_key;
    bool is_counted, is_conflict;
  };
  std::vector<Row> rows;
  {
    Statement& group = statements_.group;
    ResetAtEnd reset(group);
    group.bind_blob(1, identity_key);
    while (true) {
      TRY(const bool has_row, group.step());
      if (!has_row) break;
      rows.push_back({group.integer(0), group.integer(1) != 0, group.integer(2) != 0});
    }
  }
  const bool is_conflict = rows.size() > 1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_counted = i == 0;
    if (rows[i].is_counted == is_counted && rows[i].is_conflict == is_conflict) continue;
    if (rows[i].is_counted && !is_counted) TRY_VOID(mark_cell(rows[i].report_key, rollup));
    Statement& set = statements_.set_counted;
    set.bind(1, static_cast<std::int64_t>(is_counted)).bind(2, static_cast<std::int64_t>(is_conflict));
    TRY_VOID(set.bind(3, rows[i].report_key).run());
    if (!rows[i].is_counted && is_counted) TRY_VOID(mark_cell(rows[i].report_key, rollup));
  }
  return {};
}

}  // namespace ruaudit::store
