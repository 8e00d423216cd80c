#include "store/pulled/pulled_writer.hpp"

#include <algorithm>
#include <map>

#include "model/fail_point.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "store/aggregate/writer.hpp"
#include "store/pulled/values.hpp"

namespace ruaudit::store {
namespace {

// The ledger rows of a report's copies, the key of the version that each became, and its own.
constexpr std::string_view held_copies_sql = R"(
  SELECT l.id, l.locator, l.first_seen, p.id FROM report p
  LEFT JOIN ledger_part q ON q.report_id = p.id LEFT JOIN ledger l ON l.id = q.ledger_id
  WHERE p.identity_key = ? ORDER BY l.id)";
constexpr std::string_view insert_copy_sql = R"(
  INSERT INTO ledger (id, item_kind, source, locator, content_hash, size, outcome, received, first_seen, last_seen)
  VALUES (?1, 'file', ?2, ?3, ?4, 0, ?5, ?6, ?7, ?7))";
constexpr std::string_view insert_copy_part_sql = R"(
  INSERT INTO ledger_part (ledger_id, part, path, kind, outcome, records, messages, report_id)
  VALUES (?1, 1, '', 'aggregate', ?2, ?3, ?4, ?5))";
constexpr std::string_view remember_sql = "INSERT OR IGNORE INTO pulled_batch VALUES (?, ?)";
constexpr std::string_view forget_sql = "DELETE FROM pulled_batch WHERE shard = ? AND batch = ?";

struct HeldCopy {
  std::int64_t ledger_key = 0;
  std::string key;
  std::int64_t taken_in = 0, report_key = 0;
};

struct PulledStatements {
  Statement held, delete_part, delete_item, insert_item, insert_part, remember, forget;
};

model::Result<PulledStatements> pulled_statements(sqlite3* db) {
  TRY(auto held, Statement::prepare(db, held_copies_sql));
  TRY(auto delete_part, Statement::prepare(db, "DELETE FROM ledger_part WHERE ledger_id = ?"));
  TRY(auto delete_item, Statement::prepare(db, "DELETE FROM ledger WHERE id = ?"));
  TRY(auto insert_item, Statement::prepare(db, insert_copy_sql));
  TRY(auto insert_part, Statement::prepare(db, insert_copy_part_sql));
  TRY(auto remember, Statement::prepare(db, remember_sql));
  TRY(auto forget, Statement::prepare(db, forget_sql));
  return PulledStatements{std::move(held),        std::move(delete_part), std::move(delete_item),
                          std::move(insert_item), std::move(insert_part), std::move(remember),
                          std::move(forget)};
}

}  // namespace

struct PulledWriter::State {
  Database* database;
  AggregateWriter reports;
  ReportEncoder encoder;
  PulledStatements statements;
  bool is_open = false;
  std::int64_t next_ledger_key = 1;
  std::map<std::string, std::int64_t> former_times{};  // of the copies of the report in hand, by their keys
  ShippedReport report{};
  Copy copy{};
  model::Record record{};

  sqlite3* db() const { return database->handle(); }
  model::Result<std::vector<HeldCopy>> held(const Digest& identity_key);
  Status append();
  Status insert(const AggregateWriter::Added& added, const EncodedHeader& header);
};

PulledWriter::PulledWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PulledWriter::PulledWriter(PulledWriter&&) noexcept = default;
PulledWriter& PulledWriter::operator=(PulledWriter&&) noexcept = default;
PulledWriter::~PulledWriter() {
  if (state_) rollback();
}

model::Result<PulledWriter> PulledWriter::create(Database& database) {
  TRY(auto reports, AggregateWriter::create(database.handle()));
  TRY(auto encoder, ReportEncoder::create());
  TRY(auto statements, pulled_statements(database.handle()));
  return PulledWriter(
      std::make_unique<State>(State{&database, std::move(reports), std::move(encoder), std::move(statements)}));
}

Status PulledWriter::begin() {
  State& s = *state_;
  TRY_VOID(s.database->check_free_space());
  TRY_VOID(s.database->checkpoint_if_due());
  TRY_VOID(execute(s.db(), "BEGIN IMMEDIATE"));
  s.is_open = true;
  TRY_VOID(s.reports.reload());
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
}

model::Result<std::vector<HeldCopy>> PulledWriter::State::held(const Digest& identity_key) {
  Statement& find = statements.held;
  ResetAtEnd reset(find);
  find.bind_blob(1, identity_key);
  std::vector<HeldCopy> copies;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return copies;
    copies.push_back({find.integer(0), std::string(find.text(1)), find.integer(2), find.integer(3)});
  }
}

model::Result<std::vector<std::string>> PulledWriter::held(const Digest& identity_key) {
  TRY(const auto copies, state_->held(identity_key));
  std::vector<std::string> keys;
  keys.reserve(copies.size());
  for (const auto& copy : copies) keys.push_back(copy.key);
  return keys;
}

Status PulledWriter::rewrite(const Digest& identity_key) {
  State& s = *state_;
  TRY(const auto copies, s.held(identity_key));
  s.former_times.clear();
  s.reports.begin_item();
  std::vector<FormerPart> versions;
  for (const auto& copy : copies) {
    s.former_times.emplace(copy.key, copy.taken_in);
    TRY_VOID(s.statements.delete_part.bind(1, copy.ledger_key).run());
    TRY_VOID(s.statements.delete_item.bind(1, copy.ledger_key).run());
    const bool is_known = std::any_of(versions.begin(), versions.end(),
                                      [&copy](const FormerPart& one) { return one.report_key == copy.report_key; });
    // Of a path that no copy has, so that each gets a new key: the order of the keys is that of the copies.
    if (!is_known)
      versions.push_back(
          {.path = "former", .outcome = Outcome::stored, .target = copy.report_key, .report_key = copy.report_key});
  }
  return versions.empty() ? Status{} : s.reports.begin_again(std::move(versions));
}

Status PulledWriter::begin_copy(const ShippedReport& report, Copy copy) {
  State& s = *state_;
  s.report = report;
  s.copy = std::move(copy);
  if (const auto former = s.former_times.find(s.copy.key); former != s.former_times.end())
    s.copy.taken_in = former->second;
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
  return s.insert(added, header);
}

Status PulledWriter::State::insert(const AggregateWriter::Added& added, const EncodedHeader& header) {
  const std::int64_t key = next_ledger_key++;
  const auto outcome = model::to_text(added.outcome);
  Statement& item = statements.insert_item;
  item.bind(1, key).bind(2, copy.source).bind(3, copy.key).bind_blob(4, report.content_hash).bind(5, outcome);
  TRY_VOID(item.bind(6, report.received).bind(7, copy.taken_in).run());
  Statement& part = statements.insert_part;
  part.bind(1, key).bind(2, outcome).bind(3, header.records).bind(4, header.messages);
  return part.bind(5, added.report_key).run();
}

Status PulledWriter::end_report() { return state_->reports.end_item(); }

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
