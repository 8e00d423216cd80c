#include "jobs/ingest/work.hpp"

namespace ruaudit::jobs {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

constexpr std::size_t fixed_octets = 512;

std::size_t octets_of(const store::EncodedBatch& batch) {
  const std::size_t sets = batch.identifiers.size() + batch.verdicts.size() + batch.recipients.size();
  return batch.records.size() * sizeof(store::EncodedRecord) + sets * sizeof(store::EncodedSet) + batch.content.size() +
         batch.defects.size() * (sizeof(model::Defect) + 64);
}

std::size_t octets_of(const store::EncodedFailure& failure) {
  return failure.claims.data.size() + failure.sample.data.size() +
         2 * static_cast<std::size_t>(failure.claims.size + failure.sample.size);
}

}  // namespace

std::size_t cost_of(const Step& step) {
  return fixed_octets + std::visit(Overloaded{[](const AddChunk& s) { return s.chunk.data.size(); },
                                              [](const AppendBatch& s) { return octets_of(s.batch); },
                                              [](const AddFailure& s) { return octets_of(*s.failure); },
                                              [](const AppendTls& s) { return store::octets_of(s.batch); },
                                              [](const auto&) { return std::size_t{0}; }},
                                   step);
}

void WorkSender::send(Step step) {
  octets_ += cost_of(step);
  parcel_.push_back(std::move(step));
  if (octets_ >= max_parcel_octets) flush();
}

void WorkSender::flush() {
  if (parcel_.empty()) return;
  if (wanted_) wanted_ = queue_.push(std::move(parcel_), octets_);
  parcel_ = {};
  octets_ = 0;
}

}  // namespace ruaudit::jobs
