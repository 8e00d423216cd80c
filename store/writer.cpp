#include "store/writer.hpp"

#include "model/fail_point.hpp"
#include "store/aggregate/writer.hpp"
#include "store/failure/writer.hpp"
#include "store/ledger/item_writer.hpp"
#include "store/tls/writer.hpp"

namespace ruaudit::store {
struct Writer::State {
  Database* database;
  ItemWriter items;
  AggregateWriter aggregates;
  FailureWriter failures;
  TlsWriter tls;
  Statement data_version;
  std::int64_t seen_data_version = -1;  // -1: what is cached cannot be trusted
  Durability durability = Durability::consistent;
  bool is_open = false;
  PartKind kind = PartKind::aggregate;  // of the current report

  sqlite3* db() const { return database->handle(); }
  Status begin(Durability wanted);
  Status refresh();
  void undo();
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() {
  if (state_) rollback();
}

model::Result<Writer> Writer::create(Database& database) {
  sqlite3* db = database.handle();
  TRY(auto items, ItemWriter::create(db));
  TRY(auto aggregates, AggregateWriter::create(db));
  TRY(auto failures, FailureWriter::create(db));
  TRY(auto tls, TlsWriter::create(db));
  TRY(auto data_version, Statement::prepare(db, "PRAGMA data_version"));
  return Writer(std::make_unique<State>(State{&database, std::move(items), std::move(aggregates), std::move(failures),
                                              std::move(tls), std::move(data_version)}));
}

Status Writer::begin(Durability durability) { return state_->begin(durability); }

Status Writer::State::begin(Durability wanted) {
  TRY_VOID(database->check_free_space());
  TRY_VOID(database->checkpoint_if_due());
  if (wanted != durability)
    TRY_VOID(execute(db(), wanted == Durability::durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  durability = wanted;
  TRY_VOID(execute(db(), "BEGIN IMMEDIATE"));
  is_open = true;
  if (auto ready = refresh(); !ready) {
    undo();
    return ready;
  }
  return {};
}

// What is cached holds as long as no other connection has written.
Status Writer::State::refresh() {
  std::int64_t version = 0;
  {
    ResetAtEnd reset(data_version);
    TRY(const bool has_row, data_version.step());
    if (has_row) version = data_version.integer(0);
  }
  if (version == seen_data_version) return {};
  TRY_VOID(items.reload());
  TRY_VOID(aggregates.reload());
  TRY_VOID(failures.reload());
  TRY_VOID(tls.reload());
  seen_data_version = version;
  return {};
}

Status Writer::commit() {
  State& s = *state_;
  TRY_VOID(s.aggregates.settle());
  RUAUDIT_FAIL_POINT("store.commit");
  TRY_VOID(execute(s.db(), "COMMIT"));
  s.is_open = false;
  RUAUDIT_FAIL_POINT("store.committed");
  return {};
}

void Writer::rollback() { state_->undo(); }

void Writer::State::undo() {
  if (!is_open) return;
  // SQLite may have rolled back by itself (disk full); the error of a second ROLLBACK says just that.
  sqlite3_exec(db(), "ROLLBACK", nullptr, nullptr, nullptr);
  is_open = false;
  aggregates.forget();
  failures.begin_item();
  tls.begin_item();
  seen_data_version = -1;
}

model::Result<ItemState> Writer::begin_item(const Item& item) {
  state_->aggregates.begin_item();
  state_->failures.begin_item();
  state_->tls.begin_item();
  TRY(const bool is_known, state_->items.begin(item));
  return is_known ? ItemState::known : ItemState::fresh;
}

Status Writer::begin_reprocessed_item(std::int64_t ledger_key) {
  State& s = *state_;
  TRY(auto former, s.items.begin_again(ledger_key));
  TRY_VOID(s.failures.begin_again(ledger_key, former));
  TRY_VOID(s.tls.begin_again(former));
  return s.aggregates.begin_again(std::move(former));
}

Status Writer::add_chunk(Extent extent, const EncodedChunk& chunk) { return state_->items.add_chunk(extent, chunk); }
Status Writer::discard_original() { return state_->items.discard_original(); }

Status Writer::begin_report(const Part& part) {
  state_->kind = part.kind;
  return part.kind == PartKind::tls ? state_->tls.begin_report(part) : state_->aggregates.begin_report(part);
}

Status Writer::append(EncodedBatch& batch) { return state_->aggregates.append(batch); }
Status Writer::append_tls(const TlsBatch& batch) { return state_->tls.append(batch); }

model::Result<PartResult> Writer::end_tls(const TlsHeader& header) {
  State& s = *state_;
  TRY(const auto added, s.tls.end_report(header, s.items.received()));
  if (added.has_changed_parts) s.items.expect_changed_parts();
  const auto rows = static_cast<std::int64_t>(header.report.policies);
  PartRow row{s.tls.part(), added.outcome, {}, rows, 0, 0};
  row.tls_key = added.tls_key;
  TRY_VOID(s.items.add_part(row));
  return PartResult{added.outcome, added.tls_key};
}

Status Writer::reject_report(const Finding& finding) {
  State& s = *state_;
  const bool is_tls = s.kind == PartKind::tls;
  TRY_VOID(is_tls ? s.tls.drop_report() : s.aggregates.reject_report());
  return s.items.add_part({is_tls ? s.tls.part() : s.aggregates.part(), Outcome::rejected, finding, 0, 0, 0});
}

Status Writer::add_part(const Part& part, Outcome outcome, const Finding& finding) {
  return state_->items.add_part({part, outcome, finding, 0, 0, 0});
}

model::Result<PartResult> Writer::add_failure(const Part& part, const EncodedFailure& failure, SampleOrder samples) {
  State& s = *state_;
  TRY_VOID(s.items.set_failure_original_apart());
  const FailureOrigin origin{.failure_key = 0,
                             .ledger_key = s.items.ledger_key(),
                             .part = part.path,
                             .received = s.items.received(),
                             .samples = samples};
  TRY(const auto added, s.failures.add(failure, origin));
  PartRow row{part, added.outcome, {}, 0, failure.report.claims.incidents.value_or(1), 0};
  row.failure_key = added.failure_key;
  TRY_VOID(s.items.add_part(row));
  return PartResult{added.outcome, added.failure_key};
}

model::Result<PartResult> Writer::end_report(const EncodedHeader& header) {
  State& s = *state_;
  TRY(const auto added, s.aggregates.end_report(header, s.items.received()));
  if (added.has_changed_parts) s.items.expect_changed_parts();
  TRY_VOID(
      s.items.add_part({s.aggregates.part(), added.outcome, {}, header.records, header.messages, added.report_key}));
  return PartResult{added.outcome, added.report_key};
}

model::Result<ItemResult> Writer::end_item() {
  State& s = *state_;
  TRY_VOID(s.aggregates.end_item());
  TRY_VOID(s.failures.end_item());
  TRY_VOID(s.tls.end_item());
  TRY(const Outcome outcome, s.items.end());
  return ItemResult{s.items.ledger_key(), outcome};
}

}  // namespace ruaudit::store
