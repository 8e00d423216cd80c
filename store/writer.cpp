#include "store/writer.hpp"

#include <algorithm>

#include "model/fail_point.hpp"
#include "store/aggregate/record_writer.hpp"
#include "store/aggregate/rollup.hpp"
#include "store/aggregate/versions.hpp"
#include "store/failure/writer.hpp"
#include "store/ledger/item_writer.hpp"
#include "store/tls/writer.hpp"

namespace ruaudit::store {
namespace {

// The report between begin_report() and its end.
struct ReportInHand {
  Part part;
  std::int64_t report_key = 0;
  std::int64_t former_key = 0;  // the key it had, when its item is read again
  FormerPart former;            // what it was then
  EncodedBatch held;            // the first batch: a report that fits it is judged before anything is written
  bool has_held = false;
  bool is_spilled = false;  // more than one batch: its rows are in the database, inside a savepoint
  RecordWriter::Mark mark{};
};

}  // namespace

struct Writer::State {
  Database* database;
  RecordWriter records;
  Versions versions;
  ItemWriter items;
  FailureWriter failures;
  TlsWriter tls;
  Rollup rollup;
  Statement data_version;
  std::int64_t seen_data_version = -1;  // -1: what is cached cannot be trusted
  Durability durability = Durability::consistent;
  bool is_open = false;
  ReportInHand report;
  std::vector<FormerPart> former;  // parts of an item that is read again

  sqlite3* db() const { return database->handle(); }
  Status begin(Durability wanted);
  Status refresh();
  void undo();
  Status open_savepoint();
  Status close_savepoint();
  Status undo_savepoint();
  Status write_batch(const EncodedBatch& batch, Rollup* into);
  Status spill();
  void take_former(const std::string& path);
  [[nodiscard]] Outcome lasting_outcome(const EncodedHeader& header, const PartResult& result) const;
  Status finish(const EncodedHeader& header, PartResult result);
  model::Result<PartResult> store_new(const EncodedHeader& header);
  model::Result<PartResult> store_version(const EncodedHeader& header, const std::vector<Version>& others);
  model::Result<PartResult> judge(const EncodedHeader& header, const std::vector<Version>& others);
  Status drop_report();
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() {
  if (state_) rollback();
}

model::Result<Writer> Writer::create(Database& database) {
  sqlite3* db = database.handle();
  TRY(auto records, RecordWriter::create(db));
  TRY(auto versions, Versions::create(db));
  TRY(auto items, ItemWriter::create(db));
  TRY(auto failures, FailureWriter::create(db));
  TRY(auto tls, TlsWriter::create(db));
  TRY(auto rollup, Rollup::create(db));
  TRY(auto data_version, Statement::prepare(db, "PRAGMA data_version"));
  return Writer(std::make_unique<State>(State{&database,
                                              std::move(records),
                                              std::move(versions),
                                              std::move(items),
                                              std::move(failures),
                                              std::move(tls),
                                              std::move(rollup),
                                              std::move(data_version),
                                              -1,
                                              Durability::consistent,
                                              false,
                                              {},
                                              {}}));
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
  TRY_VOID(records.reload());
  TRY_VOID(versions.reload());
  TRY_VOID(items.reload());
  TRY_VOID(failures.reload());
  TRY_VOID(tls.reload());
  rollup.clear();
  seen_data_version = version;
  return {};
}

Status Writer::commit() {
  State& s = *state_;
  TRY_VOID(s.rollup.settle());
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
  rollup.clear();
  report = {};
  former.clear();
  failures.begin_item();
  tls.begin_item();
  seen_data_version = -1;
}

model::Result<ItemState> Writer::begin_item(const Item& item) {
  state_->former.clear();
  state_->failures.begin_item();
  state_->tls.begin_item();
  TRY(const bool is_known, state_->items.begin(item));
  return is_known ? ItemState::known : ItemState::fresh;
}

Status Writer::begin_reprocessed_item(std::int64_t ledger_key) {
  State& s = *state_;
  TRY(s.former, s.items.begin_again(ledger_key));
  TRY_VOID(s.failures.begin_again(ledger_key, s.former));
  TRY_VOID(s.tls.begin_again(s.former));
  // Only the part that made a report takes it away; those that repeated it or gave way to it do not.
  for (FormerPart& part : s.former) {
    const bool made_it = part.outcome == Outcome::stored || part.outcome == Outcome::conflict;
    if (!made_it || part.report_key == 0) {
      part.report_key = 0;
      continue;
    }
    TRY(part.identity, s.versions.withdraw(part.report_key, s.rollup));
  }
  return {};
}

Status Writer::add_chunk(Extent extent, const EncodedChunk& chunk) { return state_->items.add_chunk(extent, chunk); }
Status Writer::discard_original() { return state_->items.discard_original(); }

// A report that is read again keeps its key, so that what points to it still does.
void Writer::State::take_former(const std::string& path) {
  const auto part = std::find_if(former.begin(), former.end(), [&](const FormerPart& one) { return one.path == path; });
  if (part == former.end()) return;
  report.former_key = part->report_key;
  report.former = std::move(*part);
  former.erase(part);
}

// A part that is read again and says what it said keeps its outcome: the first version stays the first although the
// later ones are there by now, and a copy that gave way stays superseded by what took its place.
Outcome Writer::State::lasting_outcome(const EncodedHeader& header, const PartResult& result) const {
  const FormerPart& was = report.former;
  if (was.target != result.report_key) return result.outcome;
  const auto gave_way = [](Outcome outcome) { return outcome == Outcome::duplicate || outcome == Outcome::superseded; };
  if (gave_way(was.outcome) && gave_way(result.outcome)) return was.outcome;
  const bool stays_first = was.outcome == Outcome::stored && result.outcome == Outcome::conflict;
  return stays_first && was.identity == header.identity_key ? Outcome::stored : result.outcome;
}

Status Writer::begin_report(const Part& part) {
  State& s = *state_;
  if (part.kind == PartKind::tls) {
    s.report = {};
    s.report.part = part;
    return s.tls.begin_report(part);
  }
  if (s.rollup.is_full()) TRY_VOID(s.rollup.flush());
  s.report = {};
  s.report.part = part;
  s.take_former(part.path);
  s.report.report_key = s.report.former_key != 0 ? s.report.former_key : s.versions.next_report_key();
  return {};
}

Status Writer::append(EncodedBatch& batch) {
  State& s = *state_;
  if (!s.report.has_held && !s.report.is_spilled) {
    std::swap(s.report.held, batch);
    s.report.has_held = true;
    return {};
  }
  TRY_VOID(s.spill());
  return s.write_batch(batch, &s.rollup);
}

// The report is longer than one batch: from here on its rows go to the database at once.
Status Writer::State::spill() {
  if (report.is_spilled) return {};
  TRY_VOID(rollup.flush());
  TRY_VOID(open_savepoint());
  report.is_spilled = true;
  rollup.begin_unplaced_report();
  TRY_VOID(write_batch(report.held, &rollup));
  report.held = {};
  report.has_held = false;
  return {};
}

Status Writer::State::open_savepoint() {
  report.mark = records.mark();
  return execute(db(), "SAVEPOINT report");
}

Status Writer::State::close_savepoint() { return execute(db(), "RELEASE report"); }

Status Writer::State::undo_savepoint() {
  TRY_VOID(execute(db(), "ROLLBACK TO report; RELEASE report"));
  records.roll_back_to(report.mark);
  versions.forget_names();
  rollup.forget_classes();
  return {};
}

Status Writer::State::write_batch(const EncodedBatch& batch, Rollup* into) {
  if (into != nullptr && into->is_spill_due()) TRY_VOID(into->spill());
  TRY_VOID(records.write(batch, report.report_key, into));
  for (const auto& defect : batch.defects) TRY_VOID(versions.insert_defect(report.report_key, defect));
  return {};
}

Status Writer::State::drop_report() {
  if (!report.is_spilled) return {};
  TRY_VOID(rollup.discard_report());
  return undo_savepoint();
}

Status Writer::append_tls(const TlsBatch& batch) { return state_->tls.append(batch); }

model::Result<PartResult> Writer::end_tls(const TlsHeader& header) {
  State& s = *state_;
  TRY(const auto added, s.tls.end_report(header, s.items.received()));
  if (added.has_changed_parts) s.items.expect_changed_parts();
  const auto rows = static_cast<std::int64_t>(header.report.policies);
  PartRow row{s.report.part, added.outcome, {}, rows, 0, 0};
  row.tls_key = added.tls_key;
  TRY_VOID(s.items.add_part(row));
  return PartResult{added.outcome, added.tls_key};
}

Status Writer::reject_report(const Finding& finding) {
  State& s = *state_;
  if (s.report.part.kind == PartKind::tls) {
    TRY_VOID(s.tls.drop_report());
    return s.items.add_part({s.report.part, Outcome::rejected, finding, 0, 0, 0});
  }
  TRY_VOID(s.drop_report());
  if (s.report.former_key != 0) TRY_VOID(s.versions.redirect_parts(s.report.former_key, 0));
  return s.items.add_part({s.report.part, Outcome::rejected, finding, 0, 0, 0});
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
  TRY(const auto others, s.versions.find(header.identity_key));
  const auto same = std::find_if(others.begin(), others.end(), [&header](const Version& other) {
    return other.content_hash == header.content_hash && (header.report.is_damaged || !other.is_damaged);
  });
  PartResult result;
  if (same != others.end()) {
    TRY_VOID(s.drop_report());
    result = {Outcome::duplicate, same->report_key};
  } else if (others.empty()) {
    TRY(result, s.store_new(header));
  } else {
    TRY(result, s.store_version(header, others));
  }
  result.outcome = s.lasting_outcome(header, result);
  TRY_VOID(s.finish(header, result));
  return result;
}

// The usual case: nothing is known of this report.
model::Result<PartResult> Writer::State::store_new(const EncodedHeader& header) {
  TRY(const Cell cell, versions.make_cell(header, items.received()));
  TRY_VOID(versions.insert(header, cell, {report.report_key, items.received(), true}));
  if (!report.is_spilled) {
    rollup.begin_report(cell);
    TRY_VOID(write_batch(report.held, &rollup));
    TRY_VOID(rollup.end_report(cell));
    return PartResult{Outcome::stored, report.report_key};
  }
  TRY_VOID(rollup.end_report(cell));
  TRY_VOID(rollup.flush());
  TRY_VOID(close_savepoint());
  return PartResult{Outcome::stored, report.report_key};
}

// Other versions are kept: this one is written, compared with them, and taken back if it adds nothing.
model::Result<PartResult> Writer::State::store_version(const EncodedHeader& header,
                                                       const std::vector<Version>& others) {
  if (report.is_spilled) {
    TRY_VOID(rollup.discard_report());
  } else {
    TRY_VOID(rollup.flush());
    TRY_VOID(open_savepoint());
    TRY_VOID(write_batch(report.held, nullptr));
  }
  TRY(const Cell cell, versions.make_cell(header, items.received()));
  TRY_VOID(versions.insert(header, cell, {report.report_key, items.received(), false}));
  TRY(const PartResult result, judge(header, others));
  if (result.outcome == Outcome::superseded) {
    TRY_VOID(undo_savepoint());
    return result;
  }
  TRY_VOID(versions.recount(header.identity_key, rollup));
  TRY_VOID(close_savepoint());
  return result;
}

// A truncated copy is recognised by its records: they are those of an undamaged version, in whatever order, or the
// first records of a version that has more of them or is not damaged. Whichever comes first, the copy gives way.
model::Result<PartResult> Writer::State::judge(const EncodedHeader& header, const std::vector<Version>& others) {
  const Version own{report.report_key, header.content_hash, header.records, header.report.is_damaged};
  const auto gives_way = [](const Version& copy, const Version& whole) {
    return copy.is_damaged && (!whole.is_damaged || whole.records > copy.records);
  };
  for (const Version& other : others) {
    if (!gives_way(own, other)) continue;
    TRY(const bool is_copy, versions.is_beginning(own, other));
    if (is_copy) return PartResult{Outcome::superseded, other.report_key};
  }
  std::size_t left = others.size();
  for (const Version& other : others) {
    if (!gives_way(other, own)) continue;
    TRY(const bool is_beginning, versions.is_beginning(other, own));
    if (!is_beginning && other.content_hash != own.content_hash) continue;
    TRY_VOID(versions.supersede(other.report_key, own.report_key, rollup));
    items.expect_changed_parts();
    --left;
  }
  return PartResult{left == 0 ? Outcome::stored : Outcome::conflict, own.report_key};
}

// What pointed to a report that came back under another key points to what became of it.
Status Writer::State::finish(const EncodedHeader& header, PartResult result) {
  if (report.former_key != 0 && report.former_key != result.report_key)
    TRY_VOID(versions.redirect_parts(report.former_key, result.report_key));
  return items.add_part({report.part, result.outcome, {}, header.records, header.messages, result.report_key});
}

model::Result<ItemResult> Writer::end_item() {
  State& s = *state_;
  for (const FormerPart& part : s.former)
    if (part.report_key != 0) TRY_VOID(s.versions.redirect_parts(part.report_key, 0));
  s.former.clear();
  TRY_VOID(s.failures.end_item());
  TRY_VOID(s.tls.end_item());
  TRY(const Outcome outcome, s.items.end());
  return ItemResult{s.items.ledger_key(), outcome};
}

}  // namespace ruaudit::store
