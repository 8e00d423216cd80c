#include "jobs/ingest/step_wire.hpp"

#include <algorithm>

#include "jobs/confined/model_wire.hpp"

namespace ruaudit::jobs::wire {

template <>
inline constexpr int fields<model::Text> = 2;
template <>
inline constexpr int fields<model::DateRange> = 2;
template <>
inline constexpr int fields<model::ReportMetadata> = 7;
template <>
inline constexpr int fields<model::PolicyPublished> = 10;
template <>
inline constexpr int fields<model::ReportHeader> = 4;
template <>
inline constexpr int fields<model::AggregateReport> = 5;
template <>
inline constexpr int fields<store::Part> = 2;
template <>
inline constexpr int fields<store::Finding> = 3;
template <>
inline constexpr int fields<store::EncodedChunk> = 3;
template <>
inline constexpr int fields<store::EncodedSet> = 4;
template <>
inline constexpr int fields<store::EncodedRecord> = 8;
template <>
inline constexpr int fields<store::EncodedBatch> = 6;
template <>
inline constexpr int fields<store::CheckBasis> = 2;
template <>
inline constexpr int fields<store::EncodedHeader> = 7;
template <>
inline constexpr int fields<store::FailureFacts> = 2;
template <>
inline constexpr int fields<store::CompressedText> = 2;
template <>
inline constexpr int fields<store::EncodedFailure> = 6;
template <>
inline constexpr int fields<model::TlsReportHeader> = 4;
template <>
inline constexpr int fields<model::TlsPolicy> = 10;
template <>
inline constexpr int fields<model::TlsFailure> = 10;
template <>
inline constexpr int fields<model::TlsReport> = 6;
template <>
inline constexpr int fields<store::TlsBatch> = 3;
template <>
inline constexpr int fields<store::TlsHeader> = 4;
template <>
inline constexpr int fields<ingest::SourceLimits> = 5;
template <>
inline constexpr int fields<ingest::UnpackLimits> = 14;
template <>
inline constexpr int fields<parser::AggregateLimits> = 8;
template <>
inline constexpr int fields<ItemOrder> = 8;
template <>
inline constexpr int enumerators<ingest::ItemKind> = 3;
template <>
inline constexpr int enumerators<Originals> = 2;

}  // namespace ruaudit::jobs::wire

namespace ruaudit::jobs {
namespace {

using wire::Input;
using wire::Output;

using wire::encoded;

// ---- steps: the number of the alternative, then its members

void put_step(Output& out, const BeginItem& step) {
  out.put(step.item.kind);
  out.put(step.item.received);
}
void put_step(Output& out, const AddChunk& step) {
  out.put(step.extent);
  out.put(step.chunk);
}
void put_step(Output& out, const BeginReport& step) { out.put(step.part); }
void put_step(Output& out, const AppendBatch& step) { out.put(step.batch); }
void put_step(Output& out, const EndReport& step) {
  out.put(*step.header);
  out.put(step.is_foreign);
}
void put_step(Output& out, const AppendTls& step) { out.put(step.batch); }
void put_step(Output& out, const EndTls& step) {
  out.put(step.header);
  out.put(step.is_foreign);
}
void put_step(Output& out, const RejectReport& step) { out.put(step.finding); }
void put_step(Output& out, const AddFailure& step) {
  out.put(step.part);
  out.put(*step.failure);
}
void put_step(Output& out, const AddPart& step) {
  out.put(step.part);
  out.put(step.outcome);
  out.put(step.finding);
}
void put_step(Output& /*out*/, const EndItem& /*step*/) {}
void put_step(Output& /*out*/, const Checkpoint& /*step*/) {}
void put_step(Output& /*out*/, const DropItem& /*step*/) {}

bool holds_together(const store::EncodedBatch& batch) {
  const auto lies_inside = [&](const store::EncodedSet& set) {
    return set.offset <= batch.content.size() && set.length <= batch.content.size() - set.offset;
  };
  const auto are_inside = [&](const std::vector<store::EncodedSet>& sets) {
    return std::all_of(sets.begin(), sets.end(), lies_inside);
  };
  return are_inside(batch.identifiers) && are_inside(batch.verdicts) && are_inside(batch.recipients) &&
         std::all_of(batch.records.begin(), batch.records.end(), [&](const store::EncodedRecord& record) {
           return record.identifiers < batch.identifiers.size() && record.verdict < batch.verdicts.size() &&
                  (record.recipient == store::EncodedRecord::absent || record.recipient < batch.recipients.size()) &&
                  record.row_number <= store::max_row_number;
         });
}

bool holds_together(const store::EncodedFailure& failure) {
  return failure.claims.size >= 0 && failure.sample.size >= 0;
}

bool is_count(const std::optional<std::int64_t>& count) {
  return !count || (*count >= 0 && *count <= model::max_count);
}

bool holds_together(const store::TlsBatch& batch) {
  return std::all_of(batch.policies.begin(), batch.policies.end(),
                     [](const model::TlsPolicy& one) {
                       return one.number > 0 && is_count(one.successful) && is_count(one.failed);
                     }) &&
         std::all_of(batch.failures.begin(), batch.failures.end(),
                     [](const model::TlsFailure& one) { return one.policy > 0 && is_count(one.sessions); });
}

using Reader = bool (*)(Input&, Step&);

bool get_begin(Input& in, Step& step) {
  auto& begin = step.emplace<BeginItem>();
  in.get(begin.item.kind);
  in.get(begin.item.received);
  return true;
}
bool get_chunk(Input& in, Step& step) {
  auto& chunk = step.emplace<AddChunk>();
  in.get(chunk.extent);
  in.get(chunk.chunk);
  return chunk.chunk.size <= store::max_original_chunk;
}
bool get_report(Input& in, Step& step) {
  in.get(step.emplace<BeginReport>().part);
  return true;
}
bool get_batch(Input& in, Step& step) {
  auto& batch = step.emplace<AppendBatch>().batch;
  in.get(batch);
  return in.is_good() && holds_together(batch);
}
bool get_end(Input& in, Step& step) {
  auto& end = step.emplace<EndReport>();
  in.get(*end.header);
  in.get(end.is_foreign);
  return true;
}
bool get_reject(Input& in, Step& step) {
  in.get(step.emplace<RejectReport>().finding);
  return true;
}
bool get_failure(Input& in, Step& step) {
  auto& failure = step.emplace<AddFailure>();
  in.get(failure.part);
  in.get(*failure.failure);
  return in.is_good() && holds_together(*failure.failure);
}
bool get_part(Input& in, Step& step) {
  auto& part = step.emplace<AddPart>();
  in.get(part.part);
  in.get(part.outcome);
  in.get(part.finding);
  return part.outcome == store::Outcome::kept || part.outcome == store::Outcome::rejected ||
         part.outcome == store::Outcome::not_a_report;
}
bool get_tls_batch(Input& in, Step& step) {
  auto& batch = step.emplace<AppendTls>().batch;
  in.get(batch);
  return in.is_good() && holds_together(batch);
}
bool get_tls_end(Input& in, Step& step) {
  auto& end = step.emplace<EndTls>();
  in.get(end.header);
  in.get(end.is_foreign);
  return true;
}
bool get_end_item(Input& /*in*/, Step& step) {
  step.emplace<EndItem>();
  return true;
}
bool get_nothing(Input& /*in*/, Step& /*step*/) { return false; }  // not the reader's to order

// In the order of the alternatives.
constexpr std::array<Reader, std::variant_size_v<Step>> readers = {
    get_begin, get_chunk,    get_report,  get_batch,   get_end,       get_reject, get_failure,
    get_part,  get_end_item, get_nothing, get_nothing, get_tls_batch, get_tls_end};

}  // namespace

std::string encode(const Parcel& steps) {
  Output out;
  for (const Step& step : steps) {
    out.put(static_cast<std::uint8_t>(step.index()));
    std::visit([&out](const auto& one) { put_step(out, one); }, step);
  }
  return out.take();
}

std::optional<Parcel> decode_steps(std::string_view octets) {
  Input in(octets);
  Parcel steps;
  while (!in.is_at_end()) {
    std::uint8_t kind = 0;
    in.get(kind);
    if (kind >= readers.size() || !readers[kind](in, steps.emplace_back()) || !in.is_good()) return std::nullopt;
  }
  return steps;
}

std::string encode(const ReaderSetup& setup) {
  const ReadingOptions& reading = setup.reading;
  Output out;
  out.put(reading.unpack);
  out.put(reading.aggregate);
  out.put(reading.originals);
  out.put(reading.samples.policy);
  out.put(reading.now);
  out.put(reading.domains);
  out.put(reading.suffix_list_file);
  out.put(setup.memory_octets);
  out.put(setup.cpu_seconds);
  out.put(setup.may_go_unconfined);
  return out.take();
}

std::optional<ReaderSetup> decode_setup(std::string_view octets) {
  Input in(octets);
  ReaderSetup setup;
  ReadingOptions& reading = setup.reading;
  in.get(reading.unpack);
  in.get(reading.aggregate);
  in.get(reading.originals);
  in.get(reading.samples.policy);
  in.get(reading.now);
  in.get(reading.domains);
  in.get(reading.suffix_list_file);
  in.get(setup.memory_octets);
  in.get(setup.cpu_seconds);
  in.get(setup.may_go_unconfined);
  return in.is_good() ? std::optional(std::move(setup)) : std::nullopt;
}

std::string encode(const ItemOrder& order) {
  Output out;
  const std::string inside = encoded(order);
  out.put(inside);
  return out.take();
}

std::optional<ItemOrder> decode_order(std::string_view octets, std::size_t& used) {
  Input in(octets);
  std::string inside;
  in.get(inside);
  used = sizeof(std::uint64_t) + inside.size();
  Input members(inside);
  ItemOrder order;
  members.get(order);
  return in.is_good() && members.is_good() ? std::optional(std::move(order)) : std::nullopt;
}

std::string encode(const model::Error& error) { return encoded(error); }

std::optional<model::Error> decode_error(std::string_view octets) {
  Input in(octets);
  model::Error error;
  in.get(error);
  return in.is_good() ? std::optional(std::move(error)) : std::nullopt;
}

}  // namespace ruaudit::jobs
