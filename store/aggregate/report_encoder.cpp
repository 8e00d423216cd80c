#include "store/aggregate/report_encoder.hpp"

#include <algorithm>
#include <cstring>

#include "store/aggregate/canonical.hpp"
#include "store/aggregate/encoder_cache.hpp"
#include "store/aggregate/identity.hpp"
#include "store/aggregate/result_class.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t identifier_sets = 1024;  // of four entries each
constexpr std::size_t verdict_sets = 2048;
constexpr std::size_t recipient_sets = 256;

std::uint8_t pack_check(const model::RecordCheck& check) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(check.dkim) | static_cast<unsigned>(check.spf) << 2 |
                                   (check.contradiction & 15U) << 4);
}

struct Interned {
  std::uint32_t index;
  Digest digest;
};

// The same in SQL: store/migrations/3.sql.
template <class Result, class Results>
AuthSummary summarise(const Results& results) {
  const auto has = [&results](auto... of) {
    return std::any_of(results.begin(), results.end(), [of...](const auto& r) { return ((r.result == of) || ...); });
  };
  if (has(Result::pass)) return AuthSummary::passed;
  const bool has_failed = std::any_of(results.begin(), results.end(), [](const auto& r) {
    return r.result != Result::none && r.result != Result::temperror && r.result != Result::unknown;
  });
  if (has_failed) return AuthSummary::failed;
  return has(Result::temperror, Result::unknown) ? AuthSummary::not_verified : AuthSummary::absent;
}

std::uint32_t facts_of(const model::Record& record) {
  VerdictFacts facts;
  facts.disposition = record.policy_evaluated.disposition;
  facts.dkim = record.policy_evaluated.dkim;
  facts.spf = record.policy_evaluated.spf;
  facts.dkim_auth = summarise<model::DkimResult>(record.auth_results.dkim);
  facts.spf_auth = summarise<model::SpfResult>(record.auth_results.spf);
  facts.is_overridden = !record.policy_evaluated.reasons.empty();
  return facts.pack();
}

}  // namespace

struct ReportEncoder::State {
  explicit State(Hasher&& with) : hasher(std::move(with)) {}

  Hasher hasher;
  EncoderCache identifiers{identifier_sets};
  EncoderCache verdicts{verdict_sets};
  EncoderCache recipients{recipient_sets};
  std::uint32_t batch_number = 1;
  EncodedBatch batch;
  std::vector<EncodedBatch> spare;
  std::string scratch;
  std::size_t defect_octets = 0;
  RecordsIdentity records;
  std::int64_t messages = 0;

  Interned intern(EncoderCache& cache, std::vector<EncodedSet>& sets, std::string_view content);
  Interned add_set(std::vector<EncodedSet>& sets, std::string_view content, const Digest& digest);
  void clear_batch();
};

Interned ReportEncoder::State::add_set(std::vector<EncodedSet>& sets, std::string_view content, const Digest& digest) {
  const auto index = static_cast<std::uint32_t>(sets.size());
  sets.push_back(
      {digest, static_cast<std::uint32_t>(batch.content.size()), static_cast<std::uint32_t>(content.size())});
  batch.content.append(content);
  return {index, digest};
}

Interned ReportEncoder::State::intern(EncoderCache& cache, std::vector<EncodedSet>& sets, std::string_view content) {
  if (content.size() > max_cached_octets) return add_set(sets, content, hasher.digest(content));
  auto& entry = cache.find(content);
  if (!entry.is_used) {
    entry.content.assign(content);
    entry.digest = hasher.digest(content);
    entry.is_used = true;
  }
  if (entry.batch == batch_number) return {entry.index, entry.digest};
  const Interned added = add_set(sets, content, entry.digest);
  entry.batch = batch_number;
  entry.index = added.index;
  return added;
}

void ReportEncoder::State::clear_batch() {
  batch.records.clear();
  batch.identifiers.clear();
  batch.verdicts.clear();
  batch.recipients.clear();
  batch.content.clear();
  batch.defects.clear();
  defect_octets = 0;
  ++batch_number;
}

ReportEncoder::ReportEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReportEncoder::ReportEncoder(ReportEncoder&&) noexcept = default;
ReportEncoder& ReportEncoder::operator=(ReportEncoder&&) noexcept = default;
ReportEncoder::~ReportEncoder() = default;

model::Result<ReportEncoder> ReportEncoder::create() {
  TRY(auto hasher, Hasher::create());
  return ReportEncoder(std::make_unique<State>(std::move(hasher)));
}

void ReportEncoder::begin() {
  state_->clear_batch();
  state_->records = {};
  state_->messages = 0;
}

// What one record adds to the content hash: flags, address, 48 bits of count and the digests of its interned contents.
// 55 octets fit one compression block of SHA-256; only a record with an envelope_to needs a second one.
void ReportEncoder::record(const model::Record& record, const model::RecordCheck& check) {
  State& s = *state_;
  EncodedRecord encoded;
  std::array<char, 71> hashed{};
  encoded.row_number = record.row_number;
  encoded.self_check = pack_check(check);
  if (record.source_ip) {
    encoded.has_source = true;
    encoded.source = record.source_ip->key();
    std::memcpy(&hashed[1], encoded.source.data(), 16);
  }
  if (record.count) {
    encoded.count = *record.count;
    std::memcpy(&hashed[17], &encoded.count, 6);
  }
  write_identifiers(s.scratch, record.identifiers);
  const Interned identifiers = s.intern(s.identifiers, s.batch.identifiers, s.scratch);
  write_verdict(s.scratch, record.policy_evaluated, record.auth_results);
  const Interned verdict = s.intern(s.verdicts, s.batch.verdicts, s.scratch);
  encoded.identifiers = identifiers.index;
  encoded.verdict = verdict.index;
  s.batch.verdicts[verdict.index].facts = facts_of(record);
  std::memcpy(&hashed[23], identifiers.digest.data(), 16);
  std::memcpy(&hashed[39], verdict.digest.data(), 16);
  std::size_t length = 55;
  if (record.identifiers.envelope_to) {
    const Interned recipient = s.intern(s.recipients, s.batch.recipients, *record.identifiers.envelope_to);
    encoded.recipient = recipient.index;
    std::memcpy(&hashed[55], recipient.digest.data(), 16);
    length = 71;
  }
  hashed[0] = static_cast<char>((record.source_ip ? 1 : 0) | (record.count ? 2 : 0) | (length == 71 ? 4 : 0));
  s.records.sum.add(s.hasher.hash({hashed.data(), length}));
  ++s.records.records;
  if (encoded.is_countable() && __builtin_add_overflow(s.messages, encoded.count, &s.messages))
    s.messages = std::numeric_limits<std::int64_t>::max();
  s.batch.records.push_back(encoded);
}

void ReportEncoder::defect(const model::Defect& defect) {
  state_->defect_octets += sizeof defect + defect.code.size() + defect.detail.size();
  state_->batch.defects.push_back(defect);
}

bool ReportEncoder::is_batch_full() const {
  const auto& batch = state_->batch;
  return batch.records.size() >= max_batch_records || batch.content.size() + state_->defect_octets >= max_batch_octets;
}

EncodedBatch ReportEncoder::take_batch() {
  // A copy has the memory that it needs; what grows here from record to record does so once.
  constexpr std::size_t few = 512;
  if (state_->batch.records.size() <= few) {
    EncodedBatch taken = state_->batch;
    state_->clear_batch();
    return taken;
  }
  EncodedBatch taken = std::move(state_->batch);
  if (state_->spare.empty()) {
    state_->batch = {};
  } else {
    state_->batch = std::move(state_->spare.back());
    state_->spare.pop_back();
  }
  state_->clear_batch();
  return taken;
}

EncodedHeader ReportEncoder::finish(model::AggregateReport report, const CheckBasis& basis) {
  State& s = *state_;
  EncodedHeader header;
  header.reporter = fold_reporter(report.header.metadata);
  header.content_hash = report_content_hash(s.hasher, report.header, s.records);
  header.identity_key = report_identity_key(s.hasher, report.header, header.content_hash);
  header.report = std::move(report);
  header.basis = basis;
  header.records = s.records.records;
  header.messages = s.messages;
  s.records = {};
  s.messages = 0;
  return header;
}

void ReportEncoder::recycle(EncodedBatch&& batch) {
  constexpr std::size_t kept = 2;
  if (state_->spare.size() < kept) state_->spare.push_back(std::move(batch));
}

}  // namespace ruaudit::store
