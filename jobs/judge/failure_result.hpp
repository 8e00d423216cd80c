// An examination and its conclusion as the row that the store keeps: columns, evidence lines, the answers of DNS,
// details as JSON. What the sample's policy does not permit is left out here already.
#pragma once
#include "store/failure/reader.hpp"
#include "store/failure/result_writer.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/failure/conclude.hpp"
#include "verify/failure/examine.hpp"

namespace ruaudit::jobs {

struct JudgedSample {
  const store::StoredFailure& stored;
  const verify::failure::Examination& examination;
  const verify::failure::Conclusion& conclusion;
  const std::vector<verify::dns::Answer>& answers;
  std::vector<verify::failure::EvidenceLine> today{};  // how today's DNS differs
  std::int64_t now = 0;
  std::int64_t dns_time = 0;
};

store::FailureResult failure_result(const JudgedSample& sample);
model::KeptAnswer kept_answer(const verify::dns::Answer& answer);

// What today's DNS makes of the sample, where that differs from `then`.
std::vector<verify::failure::EvidenceLine> differences(const verify::failure::SampleFacts& then,
                                                       const verify::failure::SampleFacts& today);

// What a former result's details tell of text that was added to the body, per signature.
void add_known_additions(const std::string& details, std::vector<verify::failure::KnownBody>& bodies);

}  // namespace ruaudit::jobs
