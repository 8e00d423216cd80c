#include "jobs/ingest/failure_reading.hpp"

#include "jobs/ingest/failure_facts.hpp"
#include "jobs/ingest/failure_mail.hpp"
#include "model/part_path.hpp"

namespace ruaudit::jobs {
namespace {

using ingest::PayloadKind;

bool is_report(model::FailureKind kind) {
  return kind != model::FailureKind::bounce && kind != model::FailureKind::auto_reply;
}

}  // namespace

model::Result<FailureReading> FailureReading::create(const ingest::UnpackLimits& limits, store::SampleOrder samples) {
  TRY(auto hasher, store::Hasher::create());
  return FailureReading(std::move(hasher), limits, samples);
}

bool FailureReading::wants(PayloadKind kind) {
  return kind == PayloadKind::failure_report || kind == PayloadKind::other_feedback;
}

void FailureReading::begin(std::string part, std::int64_t received) {
  part_ = std::move(part);
  received_ = received;
  packaging_.clear();
  octets_.emplace();
}

bool FailureReading::chunk(std::string_view octets) {
  if (octets_->size() + octets.size() > max_failure_octets) return false;
  octets_->append(octets);
  return true;
}

Step FailureReading::end() {
  const auto bytes = ingest::Bytes::from_string(std::move(*octets_));
  octets_.reset();
  auto report = read_failure_report(bytes, limits_);
  const store::Part part{.kind = store::PartKind::failure,
                         .path = model::permits_bodies(samples_.policy) ? part_ : model::path_without_names(part_)};
  if (!is_report(report.kind)) {
    const std::string token(model::to_text(report.kind));
    return AddPart{part, store::Outcome::not_a_report, {.code = token, .place = {}, .reason = "holds no report"}};
  }
  report.defects.insert(report.defects.end(), packaging_.begin(), packaging_.end());
  auto facts = facts_of(report, received_);
  return AddFailure{part, store::encode_failure(std::move(report), std::move(facts), hasher_), samples_};
}

}  // namespace ruaudit::jobs
