#include "jobs/ingest/write_worker.hpp"

#include <fmt/format.h>

#include "jobs/threads/contained.hpp"
#include "model/fail_point.hpp"
#include "store/aggregate/source_index.hpp"

namespace ruaudit::jobs {
namespace {

bool has_data(store::Outcome outcome) {
  return outcome == store::Outcome::stored || outcome == store::Outcome::conflict;
}

}  // namespace

std::string notice_line(const PartNotice& notice) {
  std::string where = notice.source;
  for (const std::string& more : {notice.locator, notice.part})
    if (!more.empty()) where += ": " + more;
  std::string text = fmt::format("{}: {}", where, model::to_text(notice.outcome));
  if (!notice.finding.code.empty()) text += fmt::format(" ({}): {}", notice.finding.code, notice.finding.reason);
  return text;
}

void WriteWorker::run() {
  result_ = contained([this] { return drain(); });
  if (!result_) queue_.abandon();
}

IngestCounts WriteWorker::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

model::Result<void> WriteWorker::drain() {
  TRY_VOID(store::put_off_source_index(database_));
  TRY(auto writer, store::Writer::create(database_));
  TRY_VOID(writer.begin(policy_.durability));
  while (auto parcel = queue_.pop()) {
    for (Step& step : *parcel) {
      octets_in_transaction_ += cost_of(step);
      TRY_VOID(apply(writer, step));
    }
  }
  if (queue_.has_failed()) return {};  // the reading thread has the error; the writer rolls back
  TRY_VOID(writer.commit());
  TRY_VOID(store::make_source_index(database_));
  return database_.checkpoint_if_due();
}

model::Result<void> WriteWorker::apply(store::Writer& writer, Step& step) {
  if (auto* begin = std::get_if<BeginItem>(&step)) return begin_item(writer, *begin);
  if (std::holds_alternative<Checkpoint>(step)) return checkpoint(writer);
  if (std::holds_alternative<DropItem>(step)) return drop_item(writer);
  if (is_skipping_) return {};
  if (auto* chunk = std::get_if<AddChunk>(&step)) return writer.add_chunk(chunk->extent, chunk->chunk);
  if (auto* report = std::get_if<BeginReport>(&step)) {
    part_ = report->part.path;
    defects_ = 0;
    return writer.begin_report(report->part);
  }
  if (auto* batch = std::get_if<AppendBatch>(&step)) {
    defects_ += static_cast<std::int64_t>(batch->batch.defects.size());
    return writer.append(batch->batch);
  }
  if (auto* end = std::get_if<EndReport>(&step)) return end_report(writer, *end);
  if (auto* batch = std::get_if<AppendTls>(&step)) {
    defects_ += static_cast<std::int64_t>(batch->batch.defects.size());
    return writer.append_tls(batch->batch);
  }
  if (auto* end = std::get_if<EndTls>(&step)) return end_tls(writer, *end);
  if (auto* rejected = std::get_if<RejectReport>(&step)) return reject(writer, rejected->finding);
  if (auto* failure = std::get_if<AddFailure>(&step)) return add_failure(writer, *failure);
  if (auto* part = std::get_if<AddPart>(&step)) return add_part(writer, *part);
  return end_item(writer);
}

model::Result<void> WriteWorker::begin_item(store::Writer& writer, const BeginItem& step) {
  item_ = step.item;
  is_skipping_ = false;
  {
    const std::lock_guard lock(mutex_);
    ++counts_.items;
  }
  if (step.reprocessed_ledger_key) return writer.begin_reprocessed_item(*step.reprocessed_ledger_key);
  TRY(const auto state, writer.begin_item(step.item));
  if (state == store::ItemState::fresh) return {};
  is_skipping_ = true;
  {
    const std::lock_guard lock(mutex_);
    ++counts_.known;
  }
  return commit_if_due(writer);
}

model::Result<void> WriteWorker::end_report(store::Writer& writer, const EndReport& step) {
  TRY(const auto part, writer.end_report(*step.header));
  if (has_data(part.outcome)) {
    const std::lock_guard lock(mutex_);
    counts_.records += step.header->records;
    counts_.defects += defects_;
    counts_.foreign += step.is_foreign ? 1 : 0;
  }
  note(part.outcome, part_, {});
  return {};
}

model::Result<void> WriteWorker::end_tls(store::Writer& writer, const EndTls& step) {
  TRY(const auto part, writer.end_tls(step.header));
  if (has_data(part.outcome)) {
    const std::lock_guard lock(mutex_);
    counts_.tls_reports += part.outcome == store::Outcome::stored ? 1 : 0;
    counts_.defects += defects_;
    counts_.foreign += step.is_foreign ? 1 : 0;
  }
  note(part.outcome, part_, {});
  return {};
}

model::Result<void> WriteWorker::reject(store::Writer& writer, const store::Finding& finding) {
  TRY_VOID(writer.reject_report(finding));
  note(store::Outcome::rejected, part_, finding);
  return {};
}

model::Result<void> WriteWorker::add_failure(store::Writer& writer, const AddFailure& step) {
  TRY(const auto part, writer.add_failure(step.part, *step.failure, step.samples));
  if (part.outcome == store::Outcome::stored) {
    const std::lock_guard lock(mutex_);
    ++counts_.failures;
    counts_.defects += static_cast<std::int64_t>(step.failure->report.defects.size());
  }
  note(part.outcome, step.part.path, {});
  return {};
}

model::Result<void> WriteWorker::add_part(store::Writer& writer, const AddPart& step) {
  TRY_VOID(writer.add_part(step.part, step.outcome, step.finding));
  note(step.outcome, step.part.path, step.finding);
  return {};
}

void WriteWorker::note(store::Outcome outcome, const std::string& part, const store::Finding& finding) {
  if (outcome != store::Outcome::not_a_report) {  // that is a matter of the item as a whole
    const std::lock_guard lock(mutex_);
    counts_.add(outcome);
  }
  if (notice_) notice_({item_.source, item_.locator, part, outcome, finding});
}

model::Result<void> WriteWorker::end_item(store::Writer& writer) {
  TRY(const auto item, writer.end_item());
  if (item.outcome == store::Outcome::not_a_report) {
    const std::lock_guard lock(mutex_);
    counts_.add(item.outcome);
  }
  return commit_if_due(writer);
}

model::Result<void> WriteWorker::checkpoint(store::Writer& writer) {
  TRY_VOID(commit(writer));
  counts_at_checkpoint_ = counts();
  return {};
}

model::Result<void> WriteWorker::drop_item(store::Writer& writer) {
  writer.rollback();
  is_skipping_ = false;
  items_in_transaction_ = octets_in_transaction_ = 0;
  {
    const std::lock_guard lock(mutex_);
    counts_ = counts_at_checkpoint_;
  }
  return writer.begin(policy_.durability);
}

model::Result<void> WriteWorker::commit_if_due(store::Writer& writer) {
  ++items_in_transaction_;
  if (items_in_transaction_ < policy_.items && octets_in_transaction_ < policy_.octets) return {};
  return commit(writer);
}

model::Result<void> WriteWorker::commit(store::Writer& writer) {
  items_in_transaction_ = 0;
  octets_in_transaction_ = 0;
  TRY_VOID(writer.commit());
  TRY_VOID(database_.checkpoint_if_due());
  return writer.begin(policy_.durability);
}

}  // namespace ruaudit::jobs
