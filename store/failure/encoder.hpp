// A failure report made ready for the writer: identity, compressed octets, the facts that need more than the report.
// Runs on the parse thread; no database.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "model/failure_report.hpp"
#include "model/result.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::store {

inline constexpr int failure_identity_version = 1;  // docs/identity.md

struct FailureFacts {
  std::int64_t at = 0;                     // epoch seconds: when the sample arrived, as well as it is known
  std::optional<std::string> header_from;  // Author Domain of the sample
};

struct CompressedText {
  std::string data;       // zlib
  std::int64_t size = 0;  // before
};

struct EncodedFailure {
  model::FailureReport report;  // whole
  FailureFacts facts;
  ContentHash identity_key{};
  ContentHash sample_hash{};  // of its octets
  CompressedText claims;      // store/failure/codec.hpp
  CompressedText sample;
};

CompressedText compressed(std::string_view octets);
EncodedFailure encode_failure(model::FailureReport report, FailureFacts facts, Hasher& hasher);

}  // namespace ruaudit::store
