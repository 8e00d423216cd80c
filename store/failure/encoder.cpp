#include "store/failure/encoder.hpp"

#include "model/failure_sample.hpp"
#include "store/content/compress.hpp"
#include "store/failure/codec.hpp"

namespace ruaudit::store {

CompressedText compressed(std::string_view octets) {
  return {deflated(octets), static_cast<std::int64_t>(octets.size())};
}

EncodedFailure encode_failure(model::FailureReport report, FailureFacts facts, Hasher& hasher) {
  EncodedFailure encoded;
  encoded.identity_key = hasher.hash(model::identity_text(report));
  encoded.sample_hash = hasher.hash(report.sample.octets);
  encoded.claims = compressed(encode_claims(report));
  encoded.sample = compressed(report.sample.octets);
  encoded.facts = std::move(facts);
  encoded.report = std::move(report);
  return encoded;
}

}  // namespace ruaudit::store
