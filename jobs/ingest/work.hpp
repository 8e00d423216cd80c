// What the reading thread hands to the writing thread: the calls of store::Writer as values, in order, collected into
// parcels of some hundred kilobytes so that small mails do not cost a hand-over each.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "jobs/ingest/apart.hpp"
#include "jobs/threads/bounded_queue.hpp"
#include "store/aggregate/encoded_report.hpp"
#include "store/content/original.hpp"
#include "store/failure/encoder.hpp"
#include "store/failure/sample_policy.hpp"
#include "store/ledger/ledger.hpp"
#include "store/tls/encoded_report.hpp"

namespace ruaudit::jobs {

struct BeginItem {
  store::Item item;
  std::optional<std::int64_t> reprocessed_ledger_key;  // the item is read again from its kept original
};
struct AddChunk {
  store::Extent extent = store::Extent::full;
  store::EncodedChunk chunk;
};
struct BeginReport {
  store::Part part;
};
struct AppendBatch {
  store::EncodedBatch batch;
};
struct EndReport {
  Apart<store::EncodedHeader> header;
  bool is_foreign = false;  // for a domain that is not expected
};
struct AppendTls {
  store::TlsBatch batch;
};
struct EndTls {
  store::TlsHeader header;
  bool is_foreign = false;
};
struct RejectReport {
  store::Finding finding;
};
struct AddFailure {
  store::Part part;
  Apart<store::EncodedFailure> failure;
  store::SampleOrder samples = store::SamplePolicy::headers;
};
struct AddPart {
  store::Part part;
  store::Outcome outcome = store::Outcome::not_a_report;
  store::Finding finding;
};
struct EndItem {};
// Between items: what was written is committed, so that DropItem takes back the item that follows alone.
struct Checkpoint {};
// Instead of EndItem, after a Checkpoint: the item stays unknown, as if it had never begun.
struct DropItem {};

using Step = std::variant<BeginItem, AddChunk, BeginReport, AppendBatch, EndReport, RejectReport, AddFailure, AddPart,
                          EndItem, Checkpoint, DropItem, AppendTls, EndTls>;
static_assert(sizeof(Step) <= 320, "what is larger lies apart");

// An estimate of the memory a step holds, for the bound of the queue.
std::size_t cost_of(const Step& step);

using Parcel = std::vector<Step>;
using WorkQueue = BoundedQueue<Parcel>;

inline constexpr std::size_t max_parcel_octets = std::size_t{256} * 1024;
inline constexpr std::size_t max_waiting_octets = std::size_t{3} * 1024 * 1024;

// Where steps go, one after the other.
class StepSink {
 public:
  StepSink() = default;
  StepSink(const StepSink&) = delete;
  StepSink& operator=(const StepSink&) = delete;
  virtual ~StepSink() = default;
  virtual void send(Step step) = 0;
};

// The reading thread's end of the queue. Steps wait in a parcel until it is worth handing over.
class WorkSender final : public StepSink {
 public:
  explicit WorkSender(WorkQueue& queue) : queue_(queue) {}
  void send(Step step) override;
  void flush();
  // False once the writing thread has failed: reading on is pointless.
  [[nodiscard]] bool is_wanted() const { return wanted_; }
  // Reading broke off in the middle: the writing thread takes back what it has not committed.
  void fail() { queue_.fail(); }

 private:
  WorkQueue& queue_;
  Parcel parcel_;
  std::size_t octets_ = 0;
  bool wanted_ = true;
};

}  // namespace ruaudit::jobs
