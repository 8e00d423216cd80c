// Turns the values of one aggregate report after the other into EncodedBatches, on the parse thread. In: policy,
// records with their checks, defects, and at the end the header. Out: batches through take_batch(), which the caller
// moves to the writer, and the header with the report's identity (docs/identity.md). Needs no database. Contents that
// repeat are recognised by a bounded cache (see encoder_cache.hpp); an adversary can make it useless, not large.
#pragma once
#include <memory>

#include "model/aggregate_report.hpp"
#include "model/record_check.hpp"
#include "store/aggregate/encoded_report.hpp"

namespace ruaudit::store {

class ReportEncoder {
 public:
  static model::Result<ReportEncoder> create();
  ReportEncoder(ReportEncoder&&) noexcept;
  ReportEncoder& operator=(ReportEncoder&&) noexcept;
  ~ReportEncoder();

  // Forgets the current report, if any.
  void begin();
  void record(const model::Record& record, const model::RecordCheck& check);
  void defect(const model::Defect& defect);

  // True when the current batch should be taken now: call it after record() and defect().
  [[nodiscard]] bool is_batch_full() const;
  EncodedBatch take_batch();

  // Ends the report. The last batch (possibly empty) is still to be taken, before or after this call.
  EncodedHeader finish(model::AggregateReport report, const CheckBasis& basis);

  // A batch that came back from the writer, to use its memory again.
  void recycle(EncodedBatch&& batch);

 private:
  struct State;
  explicit ReportEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
