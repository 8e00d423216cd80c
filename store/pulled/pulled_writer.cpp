#include "store/pulled/pulled_writer.hpp"

#include <algorithm>
#include <map>

#include "model/fail_point.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "store/aggregate/writer.hpp"
#include "store/pulled/pulled_failures.hpp"
#include "store/pulled/values.hpp"
#include "store/tls/writer.hpp"

namespace ruaudit::store {
namespace {

// The ledger rows of a report's copies, the key of the version that each became, and its own.
constexpr std::string_view held_copies_sql = R"(
  SELECT l.id, l.locator, l.first_seen, p.id FROM report p
  LEFT JOIN ledger_part q ON q.report_id = p.id LEFT JOIN ledger l ON l.id = q.ledger_id
  WHERE p.identity_key = ? ORDER BY l.id)";
constexpr std::string_view held_tls_copies_sql = R"(
  SELECT l.id, l.locator, l.first_seen, t.id FROM tls_report t
  LEFT JOIN ledger_part q ON q.tls_id = t.id LEFT JOIN ledger l ON l.id = q.ledger_id
  WHERE t.group_key = ? ORDER BY l.id)";
constexpr std::string_view insert_copy_sql = R"(
  INSERT INTO ledger (id, item_kind, source, locator, content_hash, size, outcome, received, first_seen, last_seen)
  VALUES (?1, 'file', ?2, ?3, ?4, 0, ?5, ?6, ?7, ?7))";
constexpr std::string_view insert_copy_part_sql = R"(
  INSERT INTO ledger_part (ledger_id, part, path, kind, outcome, records, messages, report_id, tls_id)
  VALUES (?1, 1, '', ?2, ?3, ?4, ?5, nullif(?6, 0), nullif(?7, 0)))";
constexpr std::string_view remember_sql = "INSERT OR IGNORE INTO pulled_batch VALUES (?, ?)";
constexpr std::string_view forget_sql = "DELETE FROM pulled_batch WHERE shard = ? AND batch = ?";

struct HeldCopy {
  std::int64_t ledger_key = 0;
  std::string key;
  std::int64_t taken_in = 0, report_key = 0, tls_key = 0;  // one of the keys is 0
};

// What the ledger says of a copy.
struct CopyRow {
  ContentHash content_hash{};
  std::int64_t received = 0, records = 0, messages = 0;
  PartKind kind = PartKind::aggregate;
  Outcome outcome = Outcome::stored;
  std::int64_t key = 0;  // of the report that it became
};

struct PulledStatements {
  Statement held, held_tls, delete_part, delete_item, insert_item, insert_part, remember, forget;
};

model::Result<PulledStatements> pulled_statements(sqlite3* db) {
  TRY(auto held, Statement::prepare(db, held_copies_sql));
  TRY(auto held_tls, Statement::prepare(db, held_tls_copies_sql));
  TRY(auto delete_part, Statement::prepare(db, "DELETE FROM ledger_part WHERE ledger_id = ?"));
  TRY(auto delete_item, Statement::prepare(db, "DELETE FROM ledger WHERE id = ?"));
  TRY(auto insert_item, Statement::prepare(db, insert_copy_sql));
  TRY(auto insert_part, Statement::prepare(db, insert_copy_part_sql));
  TRY(auto remember, Statement::prepare(db, remember_sql));
  TRY(auto forget, Statement::prepare(db, forget_sql));
  return PulledStatements{std::move(held),        std::move(held_tls),    std::move(delete_part),
                          std::move(delete_item), std::move(insert_item), std::move(insert_part),
                          std::move(remember),    std::move(forget)};
}

}  // namespace

struct PulledWriter::State {
  Database* database;
  AggregateWriter reports;
  TlsWriter tls;
  PulledFailures failures;
  ReportEncoder encoder;
  PulledStatements statements;
  bool is_open = false;
  std::int64_t next_ledger_key = 1;
  std::map<std::string, std::int64_t> former_times{};  // of the copies of the current report, by their keys
  std::int64_t former_failure = 0;                     // the number of the current one; 0: it is new
  ShippedReport report{};
  Copy copy{};
  model::Record record{};

  sqlite3* db() const { return database->handle(); }
  model::Result<std::vector<HeldCopy>> held(const Digest& identity_key);
  Status append();
  void take_up(Copy begun);
  Status insert(const CopyRow& row);
  Status insert_item(std::int64_t key, const ContentHash& content, Outcome outcome, std::int64_t received);
};

PulledWriter::PulledWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PulledWriter::PulledWriter(PulledWriter&&) noexcept = default;
PulledWriter& PulledWriter::operator=(PulledWriter&&) noexcept = default;
PulledWriter::~PulledWriter() {
  if (state_) rollback();
}

model::Result<PulledWriter> PulledWriter::create(Database& database) {
  TRY(auto reports, AggregateWriter::create(database.handle()));
  TRY(auto tls, TlsWriter::create(database.handle()));
  TRY(auto failures, PulledFailures::create(database.handle()));
  TRY(auto encoder, ReportEncoder::create());
  TRY(auto statements, pulled_statements(database.handle()));
  return PulledWriter(std::make_unique<State>(State{&database, std::move(reports), std::move(tls), std::move(failures),
                                                    std::move(encoder), std::move(statements)}));
}

Status PulledWriter::begin() {
  State& s = *state_;
  TRY_VOID(s.database->check_free_space());
  TRY_VOID(s.database->checkpoint_if_due());
  TRY_VOID(execute(s.db(), "BEGIN IMMEDIATE"));
  s.is_open = true;
  TRY_VOID(s.reports.reload());
  TRY_VOID(s.tls.reload());
  TRY(s.next_ledger_key, query_integer(s.db(), "SELECT coalesce(max(id), 0) + 1 FROM ledger"));
  return {};
}

Status PulledWriter::commit() {
  State& s = *state_;
  TRY_VOID(s.reports.settle());
  RUAUDIT_FAIL_POINT("pulled.commit");
  TRY_VOID(execute(s.db(), "COMMIT"));
  s.is_open = false;
  RUAUDIT_FAIL_POINT("pulled.committed");
  return {};
}

void PulledWriter::rollback() {
  State& s = *state_;
  if (!s.is_open) return;
  sqlite3_exec(s.db(), "ROLLBACK", nullptr, nullptr, nullptr);  // SQLite may have done so by itself
  s.is_open = false;
  s.reports.forget();
  s.tls.begin_item();
}

model::Result<std::vector<HeldCopy>> PulledWriter::State::held(const Digest& identity_key) {
  std::vector<HeldCopy> copies;
  for (Statement* const find : {&statements.held, &statements.held_tls}) {
    ResetAtEnd reset(*find);
    find->bind_blob(1, identity_key);
    while (true) {
      TRY(const bool has_row, find->step());
      if (!has_row) break;
      copies.push_back({find->integer(0), std::string(find->text(1)), find->integer(2)});
      (find == &statements.held ? copies.back().report_key : copies.back().tls_key) = find->integer(3);
    }
  }
  return copies;
}

model::Result<PulledWriter::Held> PulledWriter::held(const Digest& identity_key) {
  TRY(const auto copies, state_->held(identity_key));
  Held held;
  held.keys.reserve(copies.size());
  for (const auto& copy : copies) held.keys.push_back(copy.key);
  TRY(const auto failure, state_->failures.held(identity_key));
  held.is_failure = failure.has_value() && copies.empty();
  if (failure) held.keys.push_back(failure->key);
  return held;
}

Status PulledWriter::rewrite(const Digest& identity_key) {
  State& s = *state_;
  TRY(const auto copies, s.held(identity_key));
  s.former_times.clear();
  s.former_failure = 0;
  s.reports.begin_item();
  s.tls.begin_item();
  TRY(const auto failure, s.failures.held(identity_key));
  if (failure) {
    s.former_times.emplace(failure->key, failure->taken_in);
    s.former_failure = failure->failure_key;
    TRY_VOID(s.failures.remove(*failure));
  }
  std::vector<FormerPart> versions;
  for (const auto& copy : copies) {
    s.former_times.emplace(copy.key, copy.taken_in);
    TRY_VOID(s.statements.delete_part.bind(1, copy.ledger_key).run());
    TRY_VOID(s.statements.delete_item.bind(1, copy.ledger_key).run());
    const bool is_known = std::any_of(versions.begin(), versions.end(), [&copy](const FormerPart& one) {
      return one.report_key == copy.report_key && one.tls_key == copy.tls_key;
    });
    // Of a path that no copy has, so that each gets a new key: the order of the keys is that of the copies.
    if (!is_known)
      versions.push_back({.path = "former",
                          .outcome = Outcome::stored,
                          .target = copy.report_key,
                          .report_key = copy.report_key,
                          .tls_key = copy.tls_key});
  }
  if (versions.empty()) return {};
  return versions.front().tls_key != 0 ? s.tls.begin_again(versions) : s.reports.begin_again(std::move(versions));
}

void PulledWriter::State::take_up(Copy begun) {
  copy = std::move(begun);
  if (const auto former = former_times.find(copy.key); former != former_times.end()) copy.taken_in = former->second;
}

Status PulledWriter::begin_copy(const ShippedReport& report, Copy copy) {
  State& s = *state_;
  s.report = report;
  s.take_up(std::move(copy));
  s.encoder.begin();
  return s.reports.begin_report({PartKind::aggregate, ""});
}

Status PulledWriter::State::append() {
  auto batch = encoder.take_batch();
  TRY_VOID(reports.append(batch));
  encoder.recycle(std::move(batch));
  return {};
}

Status PulledWriter::add_record(const ShippedRecord& record) {
  State& s = *state_;
  set_record_values(s.record, record);
  s.encoder.record(s.record, check_values(record.self_check));
  return s.encoder.is_batch_full() ? s.append() : Status{};
}

Status PulledWriter::end_copy() {
  State& s = *state_;
  for (const auto& defect : s.report.defects) {
    s.encoder.defect({.code = defect.code,
                      .detail = defect.detail,
                      .row = static_cast<std::uint32_t>(defect.row_number),
                      .line = static_cast<std::uint32_t>(defect.line)});
    if (s.encoder.is_batch_full()) TRY_VOID(s.append());
  }
  auto header = s.encoder.finish(report_values(s.report), check_basis(s.report));
  TRY_VOID(s.append());
  // What it is was decided where it was read: its contents may have been hashed by an older rule.
  header.reporter = s.report.reporter;
  header.identity_key = s.report.identity_key;
  header.content_hash = s.report.content_hash;
  const auto state = model::parse_enum<Authenticity>(s.report.authenticity).value_or(Authenticity::unchecked);
  TRY(const auto added,
      s.reports.end_report(header, s.report.received,
                           {state, s.report.authenticated_as.value_or(""), s.report.authenticity_reason.value_or("")}));
  return s.insert({s.report.content_hash, s.report.received, header.records, header.messages, PartKind::aggregate,
                   added.outcome, added.report_key});
}

Status PulledWriter::copy_tls(const ShippedTlsReport& report, Copy copy) {
  State& s = *state_;
  s.take_up(std::move(copy));
  TRY_VOID(s.tls.begin_report({PartKind::tls, ""}));
  TRY(const auto rows, tls_batch(report));
  TRY_VOID(s.tls.append(rows));
  const auto state = model::parse_enum<Authenticity>(report.authenticity).value_or(Authenticity::unchecked);
  TRY(const auto added,
      s.tls.end_report(tls_header(report), report.received,
                       {state, report.authenticated_as.value_or(""), report.authenticity_reason.value_or("")}));
  return s.insert({report.content_hash, report.received, static_cast<std::int64_t>(report.policies.size()), 0,
                   PartKind::tls, added.outcome, added.tls_key});
}

Status PulledWriter::copy_failure(const ShippedFailure& failure, Copy copy) {
  State& s = *state_;
  s.take_up(std::move(copy));
  const std::int64_t key = s.next_ledger_key++;
  TRY_VOID(s.insert_item(key, failure.identity, Outcome::stored, failure.first_seen));
  return s.failures.insert(failure, key, s.former_failure);
}

Status PulledWriter::State::insert_item(std::int64_t key, const ContentHash& content, Outcome outcome,
                                        std::int64_t received) {
  const auto word = model::to_text(outcome);
  Statement& item = statements.insert_item;
  item.bind(1, key).bind(2, copy.source).bind(3, copy.key).bind_blob(4, content).bind(5, word);
  return item.bind(6, received).bind(7, copy.taken_in).run();
}

Status PulledWriter::State::insert(const CopyRow& row) {
  const std::int64_t key = next_ledger_key++;
  TRY_VOID(insert_item(key, row.content_hash, row.outcome, row.received));
  const auto outcome = model::to_text(row.outcome);
  const bool is_tls = row.kind == PartKind::tls;
  Statement& part = statements.insert_part;
  part.bind(1, key).bind(2, model::to_text(row.kind)).bind(3, outcome).bind(4, row.records).bind(5, row.messages);
  return part.bind(6, is_tls ? 0 : row.key).bind(7, is_tls ? row.key : 0).run();
}

Status PulledWriter::end_report() {
  TRY_VOID(state_->tls.end_item());
  return state_->reports.end_item();
}

Status PulledWriter::remember(std::size_t shard, std::uint64_t batch) {
  return state_->statements.remember.bind(1, static_cast<std::int64_t>(shard))
      .bind(2, static_cast<std::int64_t>(batch))
      .run();
}

Status PulledWriter::forget(std::size_t shard, std::uint64_t batch) {
  return state_->statements.forget.bind(1, static_cast<std::int64_t>(shard))
      .bind(2, static_cast<std::int64_t>(batch))
      .run();
}

}  // namespace ruaudit::store
