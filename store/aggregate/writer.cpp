#include "store/aggregate/writer.hpp"

#include <algorithm>

namespace ruaudit::store {

model::Result<AggregateWriter> AggregateWriter::create(sqlite3* db) {
  TRY(auto records, RecordWriter::create(db));
  TRY(auto versions, Versions::create(db));
  TRY(auto rollup, Rollup::create(db));
  return AggregateWriter(db, std::move(records), std::move(versions), std::move(rollup));
}

Status AggregateWriter::reload() {
  TRY_VOID(records_.reload());
  TRY_VOID(versions_.reload());
  rollup_.clear();
  return {};
}

void AggregateWriter::forget() {
  rollup_.clear();
  report_ = {};
  former_.clear();
}

Status AggregateWriter::begin_again(std::vector<FormerPart> parts) {
  former_ = std::move(parts);
  // Only the part that made a report takes it away; those that repeated it or gave way to it do not.
  for (FormerPart& part : former_) {
    const bool made_it = part.outcome == Outcome::stored || part.outcome == Outcome::conflict;
    if (!made_it || part.report_key == 0) {
      part.report_key = 0;
      continue;
    }
    TRY(part.identity, versions_.withdraw(part.report_key, rollup_));
  }
  return {};
}

// A report that is read again keeps its key, so that what points to it still does.
void AggregateWriter::take_former(const std::string& path) {
  const auto part =
      std::find_if(former_.begin(), former_.end(), [&](const FormerPart& one) { return one.path == path; });
  if (part == former_.end()) return;
  report_.former_key = part->report_key;
  report_.former = std::move(*part);
  former_.erase(part);
}

// A part that is read again and says what it said keeps its outcome: the first version stays the first although the
// later ones are there by now, and a copy that gave way stays superseded by what took its place.
Outcome AggregateWriter::lasting_outcome(const EncodedHeader& header, const Added& added) const {
  const FormerPart& was = report_.former;
  if (was.target != added.report_key) return added.outcome;
  const auto gave_way = [](Outcome outcome) { return outcome == Outcome::duplicate || outcome == Outcome::superseded; };
  if (gave_way(was.outcome) && gave_way(added.outcome)) return was.outcome;
  const bool stays_first = was.outcome == Outcome::stored && added.outcome == Outcome::conflict;
  return stays_first && was.identity == header.identity_key ? Outcome::stored : added.outcome;
}

Status AggregateWriter::begin_report(const Part& part) {
  if (rollup_.is_full()) TRY_VOID(rollup_.flush());
  report_ = {};
  report_.part = part;
  take_former(part.path);
  report_.report_key = report_.former_key != 0 ? report_.former_key : versions_.next_report_key();
  return {};
}

Status AggregateWriter::append(EncodedBatch& batch) {
  if (!report_.has_held && !report_.is_spilled) {
    std::swap(report_.held, batch);
    report_.has_held = true;
    return {};
  }
  TRY_VOID(spill());
  return write_batch(batch, &rollup_);
}

// The report is longer than one batch: from here on its rows go to the database at once.
Status AggregateWriter::spill() {
  if (report_.is_spilled) return {};
  TRY_VOID(rollup_.flush());
  TRY_VOID(open_savepoint());
  report_.is_spilled = true;
  rollup_.begin_unplaced_report();
  TRY_VOID(write_batch(report_.held, &rollup_));
  report_.held = {};
  report_.has_held = false;
  return {};
}

Status AggregateWriter::open_savepoint() {
  report_.mark = records_.mark();
  return execute(db_, "SAVEPOINT report");
}

Status AggregateWriter::close_savepoint() { return execute(db_, "RELEASE report"); }

Status AggregateWriter::undo_savepoint() {
  TRY_VOID(execute(db_, "ROLLBACK TO report; RELEASE report"));
  records_.roll_back_to(report_.mark);
  versions_.forget_names();
  rollup_.forget_classes();
  return {};
}

Status AggregateWriter::write_batch(const EncodedBatch& batch, Rollup* into) {
  if (into != nullptr && into->is_spill_due()) TRY_VOID(into->spill());
  TRY_VOID(records_.write(batch, report_.report_key, into));
  for (const auto& defect : batch.defects) TRY_VOID(versions_.insert_defect(report_.report_key, defect));
  return {};
}

Status AggregateWriter::drop_report() {
  if (!report_.is_spilled) return {};
  TRY_VOID(rollup_.discard_report());
  return undo_savepoint();
}

Status AggregateWriter::reject_report() {
  TRY_VOID(drop_report());
  if (report_.former_key != 0) TRY_VOID(versions_.redirect_parts(report_.former_key, 0));
  return {};
}

model::Result<AggregateWriter::Added> AggregateWriter::end_report(const EncodedHeader& header, std::int64_t received,
                                                                  Versions::Finding proven) {
  report_.proven = std::move(proven);
  TRY(const auto others, versions_.find(header.identity_key));
  const auto same = std::find_if(others.begin(), others.end(), [&header](const Version& other) {
    return other.content_hash == header.content_hash && (header.report.is_damaged || !other.is_damaged);
  });
  Added added;
  if (same != others.end()) {
    TRY_VOID(drop_report());
    added = {Outcome::duplicate, same->report_key};
  } else if (others.empty()) {
    TRY(added, store_new(header, received));
  } else {
    TRY(added, store_version(header, received, others));
  }
  added.outcome = lasting_outcome(header, added);
  // What pointed to a report that came back under another key points to what happened to it.
  if (report_.former_key != 0 && report_.former_key != added.report_key)
    TRY_VOID(versions_.redirect_parts(report_.former_key, added.report_key));
  return added;
}

model::Result<Cell> AggregateWriter::insert_report(const EncodedHeader& header, std::int64_t received,
                                                   bool is_counted) {
  TRY(Cell cell, versions_.make_cell(header, received));
  cell.authenticity = report_.proven.state;
  TRY_VOID(versions_.insert(header, cell, {report_.report_key, received, is_counted, report_.proven}));
  return cell;
}

// The usual case: nothing is known of this report_.
model::Result<AggregateWriter::Added> AggregateWriter::store_new(const EncodedHeader& header, std::int64_t received) {
  TRY(const Cell cell, insert_report(header, received, true));
  if (!report_.is_spilled) {
    rollup_.begin_report(cell);
    TRY_VOID(write_batch(report_.held, &rollup_));
    TRY_VOID(rollup_.end_report(cell));
    return Added{Outcome::stored, report_.report_key};
  }
  TRY_VOID(rollup_.end_report(cell));
  TRY_VOID(rollup_.flush());
  TRY_VOID(close_savepoint());
  return Added{Outcome::stored, report_.report_key};
}

// Other versions are kept: this one is written, compared with them, and taken back if it adds nothing.
model::Result<AggregateWriter::Added> AggregateWriter::store_version(const EncodedHeader& header, std::int64_t received,
                                                                     const std::vector<Version>& others) {
  if (report_.is_spilled) {
    TRY_VOID(rollup_.discard_report());
  } else {
    TRY_VOID(rollup_.flush());
    TRY_VOID(open_savepoint());
    TRY_VOID(write_batch(report_.held, nullptr));
  }
  TRY_VOID(insert_report(header, received, false));
  TRY(const Added added, judge(header, others));
  if (added.outcome == Outcome::superseded) {
    TRY_VOID(undo_savepoint());
    return added;
  }
  TRY_VOID(versions_.recount(header.identity_key, rollup_));
  TRY_VOID(close_savepoint());
  return added;
}

// A truncated copy is recognised by its records: they are those of an undamaged version, in whatever order, or the
// first records of a version that has more of them or is not damaged. Whichever comes first, the copy is replaced.
model::Result<AggregateWriter::Added> AggregateWriter::judge(const EncodedHeader& header,
                                                             const std::vector<Version>& others) {
  const Version own{report_.report_key, header.content_hash, header.records, header.report.is_damaged};
  const auto gives_way = [](const Version& copy, const Version& whole) {
    return copy.is_damaged && (!whole.is_damaged || whole.records > copy.records);
  };
  for (const Version& other : others) {
    if (!gives_way(own, other)) continue;
    TRY(const bool is_copy, versions_.is_beginning(own, other));
    if (is_copy) return Added{Outcome::superseded, other.report_key};
  }
  bool has_changed_parts = false;
  std::size_t left = others.size();
  for (const Version& other : others) {
    if (!gives_way(other, own)) continue;
    TRY(const bool is_beginning, versions_.is_beginning(other, own));
    if (!is_beginning && other.content_hash != own.content_hash) continue;
    TRY_VOID(versions_.supersede(other.report_key, own.report_key, rollup_));
    has_changed_parts = true;
    --left;
  }
  return Added{left == 0 ? Outcome::stored : Outcome::conflict, own.report_key, has_changed_parts};
}

Status AggregateWriter::end_item() {
  for (const FormerPart& part : former_)
    if (part.report_key != 0) TRY_VOID(versions_.redirect_parts(part.report_key, 0));
  former_.clear();
  return {};
}

}  // namespace ruaudit::store
